// Brings node_modules in line with package-lock.json. Node's own modules only: nothing else is there yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';

const wanted = join(root, 'package-lock.json');
const present = join(root, 'node_modules/.package-lock.json');
const packagesOf = path => JSON.parse(readFileSync(path, 'utf8')).packages;

/** Whether what is installed differs from the lockfile. npm's own record of the install is compared, by time, then by content. */
export function installIsStale() {
  if (!existsSync(present)) return true;
  if (statSync(present).mtimeMs >= statSync(wanted).mtimeMs) return false;
  // A checkout touches files without changing them, and an install costs half a minute: compare what they say.
  const installed = packagesOf(present);
  const differs = Object.entries(packagesOf(wanted)).some(([path, entry]) => {
    if (path === '' || entry.link) return false;
    const found = installed[path];
    if (found === undefined) return !entry.optional && path.startsWith('node_modules/');
    return found.version !== entry.version || found.integrity !== entry.integrity;
  });
  if (!differs) utimesSync(present, new Date(), new Date());
  return differs;
}

/** Runs `npm ci` when it is needed. Everything it prints goes to stderr. Ends the process when it fails. */
export function ensureInstalled() {
  if (!installIsStale()) return;
  process.stderr.write('Installing dependencies (npm ci, once) …\n');
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress'];
  const npm = process.env.npm_execpath;
  // Under `npm start` the running npm is known; otherwise the one on the PATH is taken (a .cmd file on Windows).
  const { status } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) {
    process.stderr.write('npm ci failed; its message is above.\n');
    process.exit(status ?? 1);
  }
}
