import type { LabelsView } from '@twinloop/client';
import { describe, expect, it } from 'vitest';
import { fakeServer, runCli } from '../../run-cli.fixture.js';
import { describeLabels } from './labels.js';

const view: LabelsView = {
  endpoint: 'late',
  declared: 'complete',
  settleMs: 2 * 864e5,
  byVariant: [
    { variant: 'champion', model: 'late@a', predictions: 1200, due: 1000, labelled: 874 },
    { variant: 'challenger', model: 'late@b', predictions: 12, due: 0, labelled: 0 },
  ],
  overTime: [{ from: 0, until: 864e5, predictions: 100, due: 100, labelled: 12 }],
  unknown: 1,
  corrected: 2,
};

describe('labels in text', () => {
  it('shows shares of what is due, and none where nothing is', () => {
    const lines = describeLabels(view).split('\n');
    expect(lines[0]).toBe('labels of late: every case gets its label in the end');
    expect(lines[4]).toMatch(/^champion +late@a +1200 +1000 +874 +87.4 %$/);
    expect(lines[5]).toMatch(/^challenger +late@b +12 +0 +0 +–$/);
    expect(lines.at(-1)).toBe(
      '2 predictions had a label that was corrected later; 1 outcome named no known prediction',
    );
  });

  it('says what selective and absent labels mean', () => {
    expect(describeLabels({ ...view, declared: 'selective' })).toContain('only acted-on cases');
    expect(describeLabels({ ...view, declared: 'never' })).toContain('rollouts wait for a person');
  });
});

it('asks for the only endpoint of the project', async () => {
  const server = await fakeServer({
    'GET /endpoints': [200, ['late']],
    'GET /endpoints/late/labels': [200, view],
  });
  const ran = await runCli('--server', server.url, '-p', 'shop', 'labels');
  await server.close();
  expect(ran.status).toBe(0);
  expect(ran.stdout).toContain('labels of late');
});
