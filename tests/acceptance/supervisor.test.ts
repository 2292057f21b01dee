import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TwinloopClient } from '@twinloop/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SupervisedDemo } from '../support/supervised-demo.js';
import { eventually, runToEnd, scratch } from '../support/server-process.js';
import { writeSmallProject } from '../support/small-project.js';

let directory: Awaited<ReturnType<typeof scratch>>;
let demo: SupervisedDemo;

beforeAll(async () => {
  directory = await scratch();
  const data = join(directory.path, 'data');
  await mkdir(data);
  demo = await SupervisedDemo.start(data);
}, 120_000);
afterAll(async () => {
  await demo.stop();
  await directory.remove();
});

describe('a server under the supervisor', () => {
  it('is killed on purpose, comes back as it was, and keeps connections waiting', async () => {
    const project = await writeSmallProject(join(directory.path, 'project'));
    const client: TwinloopClient = demo.client('small');
    await client.apply({
      file: `demo: true\n${project.text}`,
      directory: project.directory,
      clock: '2024-02-15',
    });
    // The flights are being trained at the same time, under the same run name.
    expect((await runToEnd(client)).status).toBe('passed');
    await client.startReplay({ dataset: 'flights', until: '2024-02-25', speed: 'max' });
    await eventually(
      async () => ((await client.replay())?.state === 'finished' ? true : undefined),
      'the replay',
    );
    const before = await client.decisionHash();
    const view = await client.breakIt({ kind: 'kill-server' });
    expect(view).toMatchObject({ kind: 'kill-server', state: 'running' });
    await wait(300);
    // The server is away; who asks now waits for the next one.
    const end = await eventually(
      async () => (await client.chaos()).history.find(one => one.chaos === view.chaos),
      'the end of the fault',
      60_000,
    );
    expect(end.state).toBe('caught');
    // What a server had begun to answer when it was killed is lost with it; what came later waited.
    expect(end.failedRequests).toBeLessThanOrEqual(2);
    expect(end.sentence).toMatch(
      /^killed at .*; back after \d+\.\d s in the same stage .*; \d+ predictions and \d+ decisions as before; 0 lost; [1-9]\d* requests? waited meanwhile; \d failed requests?$/,
    );
    expect(before.state).toMatch(/^[0-9a-f]{64}$/);
    expect(end.sentence).toContain(before.state.slice(0, 12));
  });

  it('ends with 0 when it is asked to', async () => {
    expect(await demo.stop()).toBe(0);
  });
});
