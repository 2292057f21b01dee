import { join } from 'node:path';
import { TwinloopApiError, type TwinloopClient } from '@twinloop/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayed, startReplay, writeReplayProject } from '../support/replayed-project.js';
import { scratch, ServerProcess } from '../support/server-process.js';

const ENDPOINT = 'late';

async function answeringVersion(server: ServerProcess): Promise<string> {
  const response = await fetch(`${server.url}/v2/models/${ENDPOINT}/infer`, {
    method: 'POST',
    body: JSON.stringify({
      inputs: [
        { name: 'origin', shape: [1], datatype: 'BYTES', data: ['JFK'] },
        { name: 'hour', shape: [1], datatype: 'FP64', data: [9] },
        { name: 'temp', shape: [1], datatype: 'FP64', data: [30] },
        { name: 'humid', shape: [1], datatype: 'FP64', data: [60] },
      ],
    }),
  });
  expect(response.status).toBe(200);
  return ((await response.json()) as { model_version: string }).model_version;
}

describe('a rollback by hand', () => {
  let directory: Awaited<ReturnType<typeof scratch>>;
  let server: ServerProcess;
  let client: TwinloopClient;
  beforeAll(async () => {
    directory = await scratch();
    server = await ServerProcess.start(join(directory.path, 'data'));
    client = server.client();
    await startReplay(client, await writeReplayProject(directory.path));
    await replayed(server);
  }, 120_000);
  afterAll(async () => {
    await server.kill();
    await directory.remove();
  });

  it('is one step when two people ask at once, and the second is told', async () => {
    const before = await client.endpoint(ENDPOINT);
    expect(before.rollsBackTo).not.toBeNull();
    const asked = await Promise.allSettled([
      client.rollback(ENDPOINT, 'complaints'),
      client.rollback(ENDPOINT, 'the same complaints'),
    ]);
    const done = asked.filter(one => one.status === 'fulfilled');
    const [refused] = asked.filter(one => one.status === 'rejected');
    expect(done).toHaveLength(1);
    expect(refused?.reason).toBeInstanceOf(TwinloopApiError);
    expect(refused?.reason).toMatchObject({ code: 'rollback_done', status: 409 });
    const after = await client.endpoint(ENDPOINT);
    expect(after.champion).toMatchObject(before.rollsBackTo!);
    expect(await answeringVersion(server)).toBe(String(before.rollsBackTo!.version));
  });

  it('holds the policy until somebody resumes it, and says so where a person looks', async () => {
    expect((await client.today()).waiting.map(item => item.kind)).toContain('held-policy');
    await client.resume(ENDPOINT);
    expect((await client.today()).waiting.map(item => item.kind)).not.toContain('held-policy');
  });

  it('stands after kill -9, to the last bit of the folded state', async () => {
    const { champion } = await client.endpoint(ENDPOINT);
    const { state } = await client.decisionHash();
    await server.kill();
    server = await ServerProcess.start(join(directory.path, 'data'));
    client = server.client();
    expect((await client.endpoint(ENDPOINT)).champion).toEqual(champion);
    expect((await client.decisionHash()).state).toBe(state);
  });
});
