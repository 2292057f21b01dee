import type { Row, Scalar } from '@twinloop/kernel';
import type { DatasetConfig } from '@twinloop/loop/data';
import { OWN_ID } from '../config/lookups.js';

/** Which columns of the dataset trained on a request and its outcome fill. */
export type OwnNames = Pick<DatasetConfig, 'key' | 'time' | 'label'>;

export interface OwnRow {
  readonly id: string;
  /** When it was asked. */
  readonly at: number;
  readonly inputs: Row;
  /** What became known of it, and when. */
  readonly outcome?: { readonly value: Scalar; readonly at: number };
}

/** A request as a row of the dataset: without its outcome the label and its time are missing, and so is all that waits for them. */
export function ownRow({ key, time, label }: OwnNames, { id, at, inputs, outcome }: OwnRow): Row {
  const row: Record<string, Scalar> = {};
  row[key ?? OWN_ID] = id;
  if (time !== undefined) row[time] = at;
  // What the request carried is what the model saw, the time of the case included.
  Object.assign(row, inputs);
  if (label === undefined) return row;
  row[label.column] = outcome?.value ?? null;
  if (label.arrives !== undefined) row[label.arrives] = outcome?.at ?? null;
  return row;
}
