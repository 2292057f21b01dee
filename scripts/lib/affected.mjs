import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

function git(...args) {
  return execFileSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

/** Files that differ from the branch point with main, or are not committed; undefined when git cannot say. */
export function changedFiles() {
  try {
    const base = git('merge-base', 'HEAD', 'main');
    const names = `${git('diff', '--name-only', base)}\n${git('ls-files', '--others', '--exclude-standard')}`;
    return [...new Set(names.split('\n').filter(name => name !== ''))];
  } catch {
    // No git, no main, or no commit yet: whoever asked checks everything.
    return undefined;
  }
}

/** Package folder → the folders that depend on it, however far. */
function dependants() {
  const manifests = readdirSync(join(root, 'packages'))
    .filter(folder => existsSync(join(root, 'packages', folder, 'package.json')))
    .map(folder => ({
      folder,
      ...JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8')),
    }));
  const direct = name =>
    manifests.filter(manifest => ({ ...manifest.dependencies, ...manifest.devDependencies })[name]);
  return new Map(
    manifests.map(({ folder, name }) => {
      const reached = new Map([[folder, name]]);
      for (const next of reached.values()) {
        for (const manifest of direct(next)) reached.set(manifest.folder, manifest.name);
      }
      return [folder, [...reached.keys()]];
    }),
  );
}

/**
 * What a change can break: packages (with their dependants) and whether tests/ is touched by it.
 * `undefined` means everything: git cannot say, or a file changed that all packages rest on.
 */
export function affected() {
  const files = changedFiles();
  const everywhere =
    /^(package(-lock)?\.json|tsconfig.*\.json|vitest\.config\.ts|biome\.json|eslint\.config\.js|\.dependency-cruiser\.cjs)$/;
  if (files === undefined || files.some(file => everywhere.test(file))) return undefined;
  const graph = dependants();
  const packages = new Set();
  for (const file of files) {
    const folder = /^packages\/([^/]+)\//.exec(file)?.[1];
    for (const name of graph.get(folder) ?? []) packages.add(name);
  }
  return { files, packages: [...packages].sort() };
}
