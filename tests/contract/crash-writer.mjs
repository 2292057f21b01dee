// Appends to every store until it is killed; prints each record's number once its promise has resolved.
import { randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { openLedger, openMetadata, openPredictionLog } from '@twinloop/storage';

const [directory, first] = [process.argv[2], Number(process.argv[3])];
const project = 'shop';
const ledger = await openLedger(join(directory, 'ledger.db'), { wallNow: () => 0, randomBytes });
const metadata = await openMetadata(join(directory, 'metadata.db'));
const log = await openPredictionLog({ directory: join(directory, 'telemetry'), segmentBytes: 200_000 });

const prediction = number => ({
  project,
  endpoint: 'delays',
  id: `p${number}`,
  variant: 'champion',
  version: 'm@1',
  role: 'live',
  at: number,
  score: 0.5,
  key: null,
  unitKey: null,
  propensities: { champion: 1 },
  latencyMs: 1,
  inputs: { temp: number, carrier: 'UA' },
});
const outcome = number => ({
  project,
  endpoint: 'delays',
  predictionId: `p${number}`,
  key: null,
  time: null,
  metric: 'late',
  value: 1,
  at: number,
  source: 'test',
  revision: 0,
});
const acknowledge = (kind, number) => writeSync(1, `${kind} ${number}\n`);

async function predict(lane) {
  for (let number = first + lane; ; number += 8) {
    await log.appendPredictions([prediction(number)]);
    acknowledge('prediction', number);
    await log.appendOutcomes([outcome(number)]);
    acknowledge('outcome', number);
  }
}
async function feed() {
  for (;;) await log.flush();
}
async function decide() {
  for (let number = first; ; number++) {
    const payload = { endpoint: 'delays', reason: String(number) };
    await ledger.append(project, [{ type: 'PolicyHeld', payload, at: number, actor: 'test' }]);
    acknowledge('fact', number);
    await metadata.cursors.put(project, `c${number}`, number);
    acknowledge('cursor', number);
  }
}
await Promise.all([...Array.from({ length: 8 }, (_, lane) => predict(lane)), feed(), decide()]);
