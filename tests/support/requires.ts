import { execFileSync } from 'node:child_process';
import { accessSync, appendFileSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Absent or not ours to run: for a test both mean "not here".
    return false;
  }
}

function onPath(names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(folder => folder !== '');
  return names.flatMap(name => folders.map(folder => join(folder, name))).find(executable);
}

/** A Chromium to drive: `TWINLOOP_CHROMIUM`, Debian's place, or the PATH. Undefined when there is none. */
export function chromium(): string | undefined {
  const named = process.env['TWINLOOP_CHROMIUM'];
  if (named !== undefined && named !== '') return executable(named) ? named : undefined;
  if (executable('/usr/bin/chromium')) return '/usr/bin/chromium';
  return onPath(['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']);
}

/** A Python that can import all of `modules`: `TWINLOOP_PYTHON`, or python3 on the PATH. Undefined when there is none. */
export function python(modules: readonly string[]): string | undefined {
  const candidate = process.env['TWINLOOP_PYTHON'] || onPath(['python3', 'python']);
  if (candidate === undefined || !executable(candidate)) return undefined;
  try {
    execFileSync(candidate, ['-c', modules.map(name => `import ${name}`).join('\n')], {
      stdio: 'ignore',
      timeout: 60_000,
    });
    return candidate;
  } catch {
    // Python without the clients is no use here; the caller prints what it misses.
    return undefined;
  }
}

const said = new Set<string>();

/**
 * Says that a test cannot run here, and why: `SKIP <what>: <why>`, once. `what` is the test's full name, or a
 * beginning of it. Under `npm test` the line goes into the report that is printed at the end.
 */
export function skipLine(what: string, why: string): void {
  const line = `SKIP ${what}: ${why}`;
  if (said.has(line)) return;
  said.add(line);
  const report = process.env['TWINLOOP_SKIPS'];
  if (report !== undefined && report !== '') appendFileSync(report, `${line}\n`);
  else process.stderr.write(`${line}\n`);
}

/** Headless, as root, in a closed network: without the background flags Chromium asks for hosts that are not there. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
