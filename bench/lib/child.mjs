// A server in a process of its own, on a data directory that goes with it; CPU and memory as Linux tells them.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { TwinloopClient } from '@twinloop/client';

export const EXAMPLE = fileURLToPath(new URL('../../examples/flight-delays', import.meta.url));
export const PROJECT = 'flight-delays';
export const ENDPOINT = 'late';
const MAIN = fileURLToPath(new URL('../../packages/cli/dist/main.js', import.meta.url));
const TICKS_A_SECOND = 100;

export const load = () => `load of the machine ${loadavg()[0].toFixed(1)}`;

/** User and system CPU seconds of a process so far (10 ms steps); NaN where the system does not tell. */
export function cpuSecondsOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return Number.NaN;
  }
}

export function peakMegabytesOf(pid) {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1000;
  } catch {
    return Number.NaN;
  }
}

export async function startServer() {
  const data = mkdtempSync(join(tmpdir(), 'twinloop-bench-'));
  const child = spawn(process.execPath, [MAIN, '--data', data, 'serve', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  createInterface({ input: child.stderr }).on('line', line => {
    if (!/"level":"(info|debug)"/.test(line)) process.stderr.write(`${line}\n`);
  });
  const ended = new Promise(resolve => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => {
      const match = /^twinloop ready (http\S+)/.exec(line);
      if (match !== null) resolve(match[1]);
    });
    ended.then(code => reject(new Error(`the server ended with ${code} before it was ready`)));
  });
  const token = readFileSync(join(data, 'token'), 'utf8').trim();
  return {
    url,
    data,
    pid: child.pid,
    client: new TwinloopClient({ baseUrl: url, token, project: PROJECT }),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Applies the flights and trains the first champion. */
export async function deployFlights(client, algorithms) {
  const file = readFileSync(join(EXAMPLE, 'twinloop.yaml'), 'utf8');
  await client.apply({ file, directory: EXAMPLE, clock: '2013-03-01' });
  const { run } = await client.startRun({ reason: 'bench', ...(algorithms && { algorithms }) });
  for (;;) {
    const { status, reason } = await client.run(run);
    // The model goes into service a moment after its run has passed.
    if (status === 'passed' && (await client.status()).endpoint?.champion != null) return;
    if (status !== 'running' && status !== 'passed') throw new Error(`run ${status}: ${reason}`);
    await wait(100);
  }
}
