// How much disk the product's dependencies take: what `twinloop` needs at run time, followed through package-lock.json.
// `node scripts/dependency-size.mjs [--json]`
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './lib/root.mjs';

const LIMIT_MB = 330;

/** Where Node finds `name` when `from` (a path of the lockfile) imports it. */
function resolveIn(packages, from, name) {
  for (let dir = from; ; dir = dir === '.' ? '' : dirname(dir)) {
    const path = dir === '' || dir === '.' ? `node_modules/${name}` : `${dir}/node_modules/${name}`;
    const entry = packages[path];
    if (entry !== undefined) return entry.link ? entry.resolved : path;
    if (dir === '' || dir === '.') return undefined;
  }
}

/** Lockfile paths of everything that `start` needs when it runs, itself included. */
export function productionClosure(packages, start = 'packages/cli') {
  const seen = new Set([start]);
  for (const path of seen) {
    const { dependencies = {}, optionalDependencies = {} } = packages[path];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = resolveIn(packages, path, name);
      if (found !== undefined) seen.add(found);
    }
  }
  return [...seen].sort();
}

/** Bytes on disk (whole blocks), without nested node_modules: those are packages of their own. */
function bytesOf(dir) {
  return readdirSync(dir, { withFileTypes: true }).reduce((sum, entry) => {
    if (entry.name === 'node_modules') return sum;
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return sum + bytesOf(path);
    const { blocks, size } = lstatSync(path);
    return sum + (blocks === undefined ? size : blocks * 512);
  }, 0);
}

export function dependencySize() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const sizes = productionClosure(packages)
    .filter(path => path.startsWith('node_modules/') || path.includes('/node_modules/'))
    // Builds for other systems stand in the lockfile and are not installed.
    .filter(path => existsSync(join(root, path)))
    .map(path => ({ path, megabytes: bytesOf(join(root, path)) / 1e6 }))
    .sort((a, b) => b.megabytes - a.megabytes);
  return { sizes, megabytes: sizes.reduce((sum, { megabytes }) => sum + megabytes, 0), limit: LIMIT_MB };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { sizes, megabytes, limit } = dependencySize();
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ megabytes, limit, packages: sizes.length }));
  } else {
    for (const { path, megabytes: size } of sizes.slice(0, 12)) {
      console.log(`${size.toFixed(1).padStart(7)} MB  ${path.replace('node_modules/', '')}`);
    }
    const verdict = megabytes <= limit ? 'PASS' : 'FAIL';
    console.log(`${verdict} ${megabytes.toFixed(1)} MB in ${sizes.length} packages (limit ${limit} MB)`);
  }
}
