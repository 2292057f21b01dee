import { categoricalDrift, numericDrift } from '@twinloop/stats';
import { percent } from '../format.js';
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

/** Labels that came, and what the model had answered to the same requests. */
export interface LabelledAnswers {
  readonly label: Float64Array;
  readonly score: Float64Array;
}

/**
 * Label drift: the labels that came for the window against those of training; two values are levels, more are numbers. Whether it
 * is real, the labels say; what matters of it is the part that the model's answers did not follow (a warm season with more
 * delays, all of them foreseen, harms nobody): |mean label − mean answer| as a share of the change.
 */
export function labelShift(
  name: string,
  reference: SampleReference,
  { label, score }: LabelledAnswers,
  binary: boolean,
  tolerance: number,
): Shift {
  const about = { subject: 'labels', kind: 'label', column: null } as const;
  const now = mean(label);
  const moved = Math.abs(now - mean(reference.values));
  const missed = Math.abs(now - mean(score));
  const unexplained = moved > 0 && Number.isFinite(missed) ? Math.min(1, missed / moved) : 1;
  if (!binary) {
    const drift = numericDrift(reference.values, label, { tolerance, referenceRows: reference.rows });
    return { ...shiftOf(about, drift, numberWords(name, drift)), unexplained };
  }
  const share = (values: ArrayLike<number>): number => {
    let ones = 0;
    for (let i = 0; i < values.length; i++) if (values[i] !== 0) ones++;
    return ones / Math.max(1, values.length);
  };
  const then = Math.round(share(reference.values) * reference.rows);
  const ones = Math.round(share(label) * label.length);
  const drift = categoricalDrift(
    { [`${name} = 1`]: then, [`${name} = 0`]: reference.rows - then },
    { [`${name} = 1`]: ones, [`${name} = 0`]: label.length - ones },
    { tolerance },
  );
  const { moved: words, still } = levelWords('labels', drift);
  const answered = Number.isFinite(missed) ? `, the model expected ${percent(mean(score))}` : '';
  return { ...shiftOf(about, drift, { moved: `${words}${answered}`, still }), unexplained };
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
