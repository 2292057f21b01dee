// Knows whether dist/ is what the sources say, by a fingerprint of their names, sizes and times.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './root.mjs';

const stampFile = join(root, 'dist/.stamp');
const SKIPPED = new Set(['node_modules', 'dist']);

function files(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true }).flatMap(entry => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : files(path);
    return /\.test\.tsx?$/.test(entry.name) ? [] : [path];
  });
}

function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const path of paths.sort()) {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${relative(root, path)} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** What the sources say now, for the packages that run in Node and for the pages. */
export function sourcesNow() {
  const packages = readdirSync(join(root, 'packages'));
  const src = names => names.flatMap(name => files(join(root, 'packages', name, 'src')));
  const builder = join(root, 'scripts/build.mjs');
  return {
    node: fingerprint([builder, ...src(packages.filter(name => name !== 'web'))]),
    web: fingerprint([...files(join(root, 'packages/web')), ...src(['client', 'kernel'])]),
  };
}

/** What the last build was made from. */
export function sourcesBuilt() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    // Absent, or cut off by a kill: either way there is no build to rely on.
    return {};
  }
}

/** Records a finished build. */
export function stamp(built) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, JSON.stringify({ ...sourcesBuilt(), ...built }));
}
