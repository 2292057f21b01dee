import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry, ProjectId, Signal } from '@twinloop/kernel';
import type { DriftFinding } from '@twinloop/loop/monitoring';
import { openSeriesStore } from '@twinloop/storage';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DriftHistory } from './drift-history.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'twinloop-history-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const PROJECT = 'flights' as ProjectId;
const finding = (subject: string, effect: number): DriftFinding => ({
  ...{ subject, kind: 'input', column: subject, importance: 0.5, effect, adjustedP: 0.01, n: 400 },
  sentence: subject,
  signal: null,
});
const entries = [1, 2].flatMap(day => {
  const window = `drift/late/${day - 1}`;
  return [
    {
      type: 'WindowObserved',
      at: day,
      payload: { endpoint: 'late', monitor: 'drift', window, n: 400, signals: 1 },
    },
    ...(day === 2
      ? [
          {
            type: 'SignalRaised',
            at: day,
            payload: { window, endpoint: 'late', signal: { subject: 'temp' } as Signal },
          },
        ]
      : []),
  ];
}) as unknown as readonly Entry[];

it('outlives the process, and a look that was cut off and done again leaves one cell', async () => {
  const first = await openSeriesStore({ directory });
  const before = new DriftHistory(first, PROJECT);
  await before.remember('late', 1, [finding('temp', 0.02), finding('wind', 0.01)]);
  await before.remember('late', 2, [finding('temp', 0.4)]);
  await first.close();

  const store = await openSeriesStore({ directory });
  const history = new DriftHistory(store, PROJECT);
  await history.remember('late', 2, [finding('temp', 0.4), finding('wind', Number.NaN)]);
  const { windows, subjects } = await history.matrix('late', entries, { temp: 0.9, wind: 0.1 });
  await store.close();
  expect(windows).toMatchObject([
    { from: 0, until: 1, rows: 400, signals: 0 },
    { from: 1, until: 2, signals: 1 },
  ]);
  expect(subjects).toEqual([
    {
      ...{ subject: 'temp', kind: 'input', importance: 0.9 },
      cells: [
        { effect: 0.02, adjustedP: 0.01, drifted: false },
        { effect: 0.4, adjustedP: 0.01, drifted: true },
      ],
    },
    {
      ...{ subject: 'wind', kind: 'input', importance: 0.1 },
      cells: [{ effect: 0.01, adjustedP: 0.01, drifted: false }, null],
    },
  ]);
});
