import type { OutcomeRecord, PredictionRecord } from '@twinloop/kernel';

/** One record of the prediction log. */
export type LoggedRecord =
  | { readonly kind: 'prediction'; readonly record: PredictionRecord }
  | { readonly kind: 'outcome'; readonly record: OutcomeRecord };

interface Frame {
  readonly v: 1;
  readonly predictions: readonly PredictionRecord[];
  readonly outcomes: readonly OutcomeRecord[];
}

const INFINITY_TAG = '$infinity';
const MINUS_INFINITY_TAG = '$-infinity';

const isInfinite = (value: unknown): boolean =>
  value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;

/** The text of one prediction. JSON lacks infinities, so they travel as tags; NaN becomes null, which means missing as well. */
export function predictionText(record: PredictionRecord): string {
  let tagged = isInfinite(record.score);
  for (const name in record.inputs) tagged ||= isInfinite(record.inputs[name]);
  return tagged ? JSON.stringify(record, tag) : JSON.stringify(record);
}

function tag(_key: string, value: unknown): unknown {
  if (!isInfinite(value)) return value;
  return { [value === Number.POSITIVE_INFINITY ? INFINITY_TAG : MINUS_INFINITY_TAG]: 1 };
}

/** The payload of one frame from the texts of its records. */
export function framePayload(predictions: readonly string[], outcomes: readonly string[]): string {
  return `{"v":1,"predictions":[${predictions.join(',')}],"outcomes":[${outcomes.join(',')}]}`;
}

export function decodePayload(payload: string): LoggedRecord[] {
  const frame = JSON.parse(payload, payload.includes('infinity":1}') ? untag : undefined) as Frame;
  return [
    ...frame.predictions.map((record): LoggedRecord => ({ kind: 'prediction', record: revive(record) })),
    ...frame.outcomes.map((record): LoggedRecord => ({ kind: 'outcome', record })),
  ];
}

function untag(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (INFINITY_TAG in value) return Number.POSITIVE_INFINITY;
  if (MINUS_INFINITY_TAG in value) return Number.NEGATIVE_INFINITY;
  return value;
}

function revive(record: PredictionRecord): PredictionRecord {
  // A score of NaN was written as null.
  return (record.score as number | null) === null ? { ...record, score: Number.NaN } : record;
}
