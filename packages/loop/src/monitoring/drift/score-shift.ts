import { categoricalDrift, numericDrift } from '@twinloop/stats';
import { orderStatistics, MAX_VALUES } from '../reference.js';
import { type Shift, shiftOf } from './shift.js';
import { levelWords, numberWords } from './words.js';

/** A sample of what a model answered, or of labels: evenly spaced order statistics, and how many values they stand for. */
export interface SampleReference {
  readonly values: readonly number[];
  readonly rows: number;
}

export function sampleReference(values: Float64Array): SampleReference {
  const present = values.filter(value => !Number.isNaN(value));
  return { values: orderStatistics(present.sort(), MAX_VALUES), rows: present.length };
}

/** Prediction drift: the answers of the window against those of the model's first window. No label is needed. */
export function predictionShift(reference: SampleReference, scores: Float64Array, tolerance: number): Shift {
  const drift = numericDrift(reference.values, scores, { tolerance, referenceRows: reference.rows });
  return shiftOf(
    { subject: 'predictions', kind: 'prediction', column: null },
    drift,
    numberWords('prediction', drift),
  );
}

/** Label drift: the labels that came for the window against those of training; two values are levels, more are numbers. */
export function labelShift(
  name: string,
  reference: SampleReference,
  labels: Float64Array,
  binary: boolean,
  tolerance: number,
): Shift {
  const about = { subject: 'labels', kind: 'label', column: null } as const;
  if (!binary) {
    const drift = numericDrift(reference.values, labels, { tolerance, referenceRows: reference.rows });
    return shiftOf(about, drift, numberWords(name, drift));
  }
  const ones = (values: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < values.length; i++) if (values[i] !== 0) sum++;
    return sum;
  };
  const then = Math.round((ones(reference.values) / Math.max(1, reference.values.length)) * reference.rows);
  const now = ones(labels);
  const drift = categoricalDrift(
    { [`${name} = 1`]: then, [`${name} = 0`]: reference.rows - then },
    { [`${name} = 1`]: now, [`${name} = 0`]: labels.length - now },
    { tolerance },
  );
  return shiftOf(about, drift, levelWords('labels', drift));
}
