import { join } from 'node:path';
import type { ChaosInput, ChaosView, TwinloopClient } from '@twinloop/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startReplay, replayed } from '../support/replayed-project.js';
import { eventually, scratch, ServerProcess } from '../support/server-process.js';
import { writeSmallProject, type SmallProject } from '../support/small-project.js';

let directory: Awaited<ReturnType<typeof scratch>>;
let server: ServerProcess;
let project: SmallProject;

/** Waits until a fault has ended. */
async function ended(client: TwinloopClient, chaos: string): Promise<ChaosView> {
  return eventually(
    async () => (await client.chaos()).history.find(one => one.chaos === chaos),
    `the end of ${chaos}`,
    60_000,
  );
}

beforeAll(async () => {
  directory = await scratch();
  const plain = await writeSmallProject(join(directory.path, 'project'), { timezone: 'Asia/Kolkata' });
  // A dozen requests a day: the watch needs weeks where the flights need a day.
  const text = plain.text.replace('rollbackWindow: 3d', 'rollbackWindow: 28d');
  project = { ...plain, text: `demo: true\n${text}` };
  server = await ServerProcess.start(join(directory.path, 'data'));
  await startReplay(server.client(), project);
  await replayed(server);
}, 120_000);
afterAll(async () => {
  await server.kill();
  await directory.remove();
});

describe('faults on purpose, after the replay', () => {
  it('are offered with what can be named, and why the rest cannot be done', async () => {
    const board = await server.client().chaos();
    expect(board).toMatchObject({ demo: true, running: null, history: [] });
    const offer = (kind: ChaosInput['kind']) => board.offers.find(one => one.kind === kind)!;
    expect(offer('flip-sensor')).toMatchObject({ unavailable: null, transforms: ['sign', 'unit'] });
    expect(offer('flip-sensor').targets[0]).toBe('hour');
    expect(offer('kill-server').unavailable).toMatch(/twinloop serve/);
    await expect(server.client().breakIt({ kind: 'kill-server' })).rejects.toMatchObject({
      code: 'chaos_unavailable',
    });
    await expect(server.client().breakIt({ kind: 'flip-sensor', target: 'origin' })).rejects.toMatchObject({
      code: 'chaos_unavailable',
      field: 'target',
    });
  });

  it('a poisoned batch is refused at once, in words', async () => {
    const client = server.client();
    const view = await client.breakIt({ kind: 'poison-batch' });
    expect(view).toMatchObject({ state: 'caught', target: 'flights', failedRequests: 0 });
    expect(view.sentence).toMatch(
      /poisoned batch of flights .* refused at once: .*id.*; .*temp.*hour.*; 0 failed requests$/,
    );
    const [decision] = await client.ledger({ after: view.decision! - 1, limit: 1 });
    expect(decision).toMatchObject({ type: 'ExpectationsChecked', payload: { status: 'refused' } });
    expect((await client.datasets()).filter(({ status }) => status === 'refused')).toHaveLength(1);
    await expect(client.undoChaos(view.chaos)).rejects.toMatchObject({ code: 'chaos_unavailable' });
  });

  it('a flipped sensor answers as the next version, survives kill -9, and is taken back by hand', async () => {
    let client = server.client();
    const before = (await client.endpoint('late')).champion!;
    const view = await client.breakIt({ kind: 'flip-sensor' });
    expect(view).toMatchObject({ state: 'running', target: 'hour' });
    await expect(client.breakIt({ kind: 'poison-batch' })).rejects.toMatchObject({ code: 'chaos_running' });
    const after = (await client.endpoint('late')).champion!;
    expect(after.version).toBe(before.version + 1);
    // The encore brings requests; it is paused, so that nothing is decided while the server is away.
    await eventually(async () => ((await client.replay())?.encore === true ? true : undefined), 'the encore');
    await client.controlReplay({ state: 'paused' });
    await server.kill();
    server = await ServerProcess.start(server.data);
    client = server.client();
    const again = (await client.chaos()).running!;
    expect(again).toMatchObject({ chaos: view.chaos, kind: 'flip-sensor', target: 'hour' });
    expect((await client.replay())!.encore).toBe(true);
    const undone = await client.undoChaos(view.chaos);
    expect(undone).toMatchObject({ state: 'undone', failedRequests: 0 });
    await client.controlReplay({ state: 'playing' });
    expect(undone.sentence).toContain(`version ${before.version} is back`);
    expect((await client.endpoint('late')).champion).toMatchObject({
      model: before.model,
      version: before.version,
    });
    const { state } = await client.decisionHash();
    expect(state).toMatch(/^[0-9a-f]{64}$/);
  });

  it('a flipped sensor is rolled back by the evidence of the labels', async () => {
    const client = server.client();
    const before = (await client.endpoint('late')).champion!;
    const view = await client.breakIt({ kind: 'flip-sensor' });
    const end = await ended(client, view.chaos);
    expect(end).toMatchObject({ state: 'caught', failedRequests: 0 });
    expect(end.sentence).toMatch(new RegExp(`labels? later .*version ${before.version} is back`));
    expect((await client.endpoint('late')).champion!.model).toBe(before.model);
  });

  it('a worse challenger is rejected in the shadow', async () => {
    const client = server.client();
    const view = await client.breakIt({ kind: 'worse-model' });
    const end = await ended(client, view.chaos);
    expect(end.state).toBe('caught');
    // So small a project has few labels: the time may run out before they say `worse`.
    expect(end.sentence).toMatch(/labels? later it was rejected \((worse|inconclusive|guardrail)\)/);
    const [decision] = await client.ledger({ after: end.decision! - 1, limit: 1 });
    expect(decision!.type).toBe('ModelRejected');
  });

  it('held back labels come when the fault is taken back', async () => {
    const client = server.client();
    const view = await client.breakIt({ kind: 'delay-labels' });
    const running = await eventually(async () => {
      const { running: one } = await client.chaos();
      return one !== null && one.requests > 60 ? one : undefined;
    }, 'traffic');
    expect(running.labels).toBeLessThan(running.requests / 2);
    await client.undoChaos(view.chaos);
    const replay = await eventually(async () => {
      const status = await client.replay();
      return status?.state === 'finished' ? status : undefined;
    }, 'the end of the encore');
    expect(replay.outcomes).toBe(replay.sent);
    expect(replay.failures).toBe(0);
  });
});

it('a project without the mark is never broken', async () => {
  await server.client().apply({
    file: project.text.replace('demo: true\n', ''),
    directory: project.directory,
  });
  const board = await server.client().chaos();
  expect(board).toMatchObject({ demo: false, offers: [] });
  await expect(server.client().breakIt({ kind: 'flip-sensor' })).rejects.toMatchObject({
    code: 'not_a_demo',
  });
});
