import { type AnyNewFact, DEFAULT_PROJECT, GENESIS, type PairedRows, type Rng } from '@twinloop/kernel';
import type { RolloutConfig } from './config.js';
import { foldDelivery } from './fold-delivery.js';
import { type DeliveryState, emptyDelivery } from './state.js';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const CONFIG: RolloutConfig = {
  strategy: 'shadow',
  metric: 'log_loss',
  alpha: 0.05,
  minLabels: 400,
  minDuration: '14d',
  block: '1h',
  settle: '1d',
  tolerance: 0.002,
  timeout: '28d',
  rollbackWindow: '7d',
  steps: [
    { weight: 0.1, for: '1d', requests: 50 },
    { weight: 0.5, for: '1d', requests: 50 },
  ],
  approval: false,
  minCoverage: 0,
  guardrails: { errors: 0.01, latency: 3, latencyFloor: '20ms', calibration: 0.1 },
  rollback: { alpha: 0.05, block: '1h', settle: '6h', margin: 0.05, hold: true },
};

export function fold(facts: readonly AnyNewFact[], state: DeliveryState = emptyDelivery): DeliveryState {
  return facts
    .map((fact, i) => ({
      project: DEFAULT_PROJECT,
      seq: i + 1,
      v: 1,
      recordedAt: fact.at,
      causation: null,
      correlation: null,
      idempotencyKey: null,
      payloadHash: GENESIS,
      prev: GENESIS,
      hash: GENESIS,
      ...fact,
    }))
    .reduce(foldDelivery, state);
}

/** Requests with their two answers; labels arrive `delay` after them. */
export function pairs(
  rows: readonly { readonly at: number; readonly label: number; readonly a: number; readonly b: number }[],
  delay = HOUR,
): PairedRows {
  return {
    ids: rows.map((_, i) => String(i)),
    predictedAt: Float64Array.from(rows, ({ at }) => at),
    arrivedAt: Float64Array.from(rows, ({ at }) => at + delay),
    label: Float64Array.from(rows, ({ label }) => label),
    a: Float64Array.from(rows, ({ a }) => a),
    b: Float64Array.from(rows, ({ b }) => b),
  };
}

/**
 * `days` of eight requests an hour; all requests of an hour share good weather (rate 0.05) or bad (0.55). Labels of one
 * hour are therefore alike, and the rate over all is 0.3: the best constant answer.
 */
export function weather(rng: Rng, days: number, a: number, b: number): PairedRows {
  const rows = [];
  for (let day = 0; day < days; day++) {
    for (let hour = 0; hour < 24; hour++) {
      const rate = rng.next() < 0.5 ? 0.05 : 0.55;
      for (let k = 0; k < 8; k++) {
        rows.push({ at: day * DAY + hour * HOUR + k * 60_000, label: rng.next() < rate ? 1 : 0, a, b });
      }
    }
  }
  return pairs(rows);
}
