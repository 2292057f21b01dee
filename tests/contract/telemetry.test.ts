import type { ProjectId } from '@twinloop/kernel';
import { openLogStore, openPredictionLog, openSeriesStore, openSpanStore } from '@twinloop/storage';
import { describe, expect, test } from 'vitest';
import { prediction, project } from './prediction-log-contract.js';
import { logContract, seriesContract, spanContract } from './telemetry-contract.js';
import { freshDirectory } from './workspace.js';

spanContract('embedded', () => openSpanStore({ directory: freshDirectory() }));
logContract('embedded', () => openLogStore({ directory: freshDirectory() }));
seriesContract('embedded', () => openSeriesStore({ directory: freshDirectory() }));

describe('one telemetry directory', () => {
  test('all stores share its database, and each finds its records after reopening', async () => {
    const directory = freshDirectory();
    const range = { from: 0, until: 10 };
    for (let round = 1; round <= 2; round++) {
      const logs = await openLogStore({ directory });
      const predictions = await openPredictionLog({ directory });
      const series = await openSeriesStore({ directory });
      await logs.append([
        { project, at: round, severity: 1, body: `round ${round}`, traceId: null, attributes: {} },
      ]);
      await series.append(project, [{ labels: { __name__: 'x' }, samples: [{ at: round, value: round }] }]);
      await predictions.appendPredictions([prediction(`p${round}`)]);
      expect(await logs.select({ project, range })).toHaveLength(round);
      await logs.close();
      expect((await series.select({ project, matchers: [], range }))[0]!.samples).toHaveLength(round);
      await series.close();
      expect((await predictions.counts(project, 'delays')).live).toBe(round);
      expect((await predictions.counts('other' as ProjectId, 'delays')).live).toBe(0);
      await predictions.close();
    }
  });
});
