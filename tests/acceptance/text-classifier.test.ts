import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, runToEnd, scratch, ServerProcess } from '../support/server-process.js';

const EXAMPLE = fileURLToPath(new URL('../../examples/ticket-routing', import.meta.url));

interface Answer {
  readonly id: string;
  readonly outputs: readonly { name: string; datatype: string; shape: number[]; data: (number | string)[] }[];
}

describe('a text classifier of several classes', () => {
  let directory: Awaited<ReturnType<typeof scratch>>;
  let server: ServerProcess;
  const client = () => server.client({ project: 'ticket-routing' });
  const path = '/p/ticket-routing/v2/models/team';
  const ask = async (messages: readonly (string | null)[], id?: string): Promise<Response> => {
    const tensor = (name: string, data: readonly unknown[]) => ({
      name,
      shape: [data.length],
      datatype: 'BYTES',
      data,
    });
    const inputs = [
      tensor('message', messages),
      tensor(
        'channel',
        messages.map(() => 'mail'),
      ),
    ];
    return fetch(`${server.url}${path}/infer`, { method: 'POST', body: JSON.stringify({ id, inputs }) });
  };
  const answer = async (messages: readonly (string | null)[], id?: string): Promise<Answer> => {
    const response = await ask(messages, id);
    expect(response.status).toBe(200);
    return (await response.json()) as Answer;
  };

  beforeAll(async () => {
    directory = await scratch();
    server = await ServerProcess.start(join(directory.path, 'data'));
    const file = await readFile(join(EXAMPLE, 'twinloop.yaml'), 'utf8');
    await client().apply({ file, directory: EXAMPLE, clock: '2024-04-01' });
  });
  afterAll(async () => {
    await server.kill();
    await directory.remove();
  });

  it('is trained, judged and put into service', async () => {
    const run = await runToEnd(client());
    expect(run.status, run.log).toBe('passed');
    const { metrics } = run.candidates.find(candidate => candidate.chosen)!;
    expect(metrics['accuracy']).toBeGreaterThan(0.85);
    expect(metrics['recall/billing']).toBeGreaterThan(0.85);
    expect(run.verdicts.map(({ gate, status }) => [gate, status])).toEqual([
      ['metric accuracy', 'pass'],
      ['metric recall of billing', 'pass'],
      ['champion log_loss', 'pass'],
      ['bias accuracy by channel', 'pass'],
      ['slices by channel', 'pass'],
      ['calibration', 'pass'],
      ['robustness', 'pass'],
      ['fuzz', 'pass'],
      ['predictions', 'pass'],
    ]);
  });

  it('answers with the class and every probability', async () => {
    const metadata = (await (await fetch(`${server.url}${path}`)).json()) as Record<string, unknown>;
    expect(metadata['outputs']).toEqual([
      {
        name: 'probabilities',
        datatype: 'FP64',
        shape: [-1, 5],
        parameters: { classes: '["access","billing","returns","shipping","technical"]' },
      },
      { name: 'class', datatype: 'BYTES', shape: [-1] },
    ]);
    const { outputs } = await answer([
      'I was charged twice',
      'my password does not work',
      '🔥 '.repeat(30_000),
      null,
    ]);
    const [probabilities, classes] = outputs;
    expect(probabilities!.shape).toEqual([4, 5]);
    expect(classes!.data.slice(0, 2)).toEqual(['billing', 'access']);
    for (let row = 0; row < 4; row++) {
      const own = probabilities!.data.slice(5 * row, 5 * row + 5) as number[];
      expect(own.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    }
  });

  it('takes labels by class name, and says what is wrong with the others', async () => {
    await answer(['I was charged twice'], 'own-1');
    expect(await client().recordOutcomes('team', { id: 'own-1', value: 'billing' })).toEqual({ accepted: 1 });
    await expect(client().recordOutcomes('team', { id: 'own-1', value: ' ' })).rejects.toMatchObject({
      code: 'outcome_invalid',
    });
    const refused = await ask(['x']).then(async () =>
      fetch(`${server.url}${path}/infer`, {
        method: 'POST',
        body: JSON.stringify({
          inputs: [
            { name: 'message', shape: [1], datatype: 'FP64', data: [5] },
            { name: 'channel', shape: [1], datatype: 'BYTES', data: ['mail'] },
          ],
        }),
      }),
    );
    expect(refused.status).toBe(400);
    expect(JSON.stringify(await refused.json())).toContain('message');
  });

  it('plays a summer in which a team is founded: drift is seen, a model that knows the team is promoted', async () => {
    const status = await client().startReplay({
      dataset: 'tickets',
      from: '2024-08-10',
      until: '2024-10-20',
      speed: 'max',
    });
    expect(status.total).toBeGreaterThan(1000);
    const replay = await eventually(
      async () => {
        const now = await client().replay();
        return now?.state === 'finished' ? now : undefined;
      },
      'the end of the replay',
      300_000,
    );
    expect([replay.failures, replay.outcomes]).toEqual([0, replay.total]);
    const decisions = await client().ledger({ limit: 1000 });
    const types = new Set<string>(decisions.map(({ type }) => type));
    expect([...types]).toEqual(expect.arrayContaining(['AlarmRaised', 'AnswerDecided', 'ModelPromoted']));
    // The team that was founded on 1 September is known to the model that answers now.
    const metadata = await (await fetch(`${server.url}${path}`)).text();
    expect(metadata).toContain('aftercare');
    const quality = (await client().monitors('team')).quality;
    expect(quality.every(({ loss }) => loss > 0 && loss < 5)).toBe(true);
  }, 320_000);
});
