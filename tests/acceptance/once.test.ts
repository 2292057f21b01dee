import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/checkout.js';

/** Points that a decision passes or fails; timings and sizes (A1) are printed, and never fail a test. */
const DECISIONS = ['A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A8', 'A9', 'A12', 'A13', 'A14', 'A15', 'A19'];

// The year of the flights and the fault runs after it, as `npm start -- --once` plays them.
describe('npm start -- --once', () => {
  let status: number | null = null;
  const points = new Map<string, string>();

  beforeAll(async () => {
    const child = spawn(process.execPath, [join(root, 'packages/cli/dist/main.js'), 'demo', '--once'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) text += chunk.toString();
    status = child.exitCode ?? (await new Promise(resolve => child.once('exit', resolve)));
    for (const line of text.trim().split('\n')) points.set(line.split(' ')[0]!, line);
  }, 900_000);

  it.each(DECISIONS)('%s holds', id => {
    expect(points.get(id) ?? `${id} is not printed`).toMatch(new RegExp(`^${id} (PASS|SKIP) `));
  });

  it('prints the timings and sizes of A1, and leaves with 0', () => {
    expect(points.get('A1')).toMatch(/^A1 (PASS|FAIL) clean run \d+ s .* MB/);
    expect(status).toBe(0);
  });
});
