import type { Sample } from '../common/samples.js';
import { expectedCalibrationError } from './calibration-error.js';
import { accuracy, brierScore, logLoss } from './probability-scores.js';
import { rocAuc } from './roc-auc.js';

/** The usual figures of a probabilistic binary classifier; names as they appear in metric tables. */
export interface BinaryReport {
  /** Labelled rows that the figures rest on. */
  readonly n: number;
  readonly positives: number;
  readonly auc: number;
  readonly log_loss: number;
  readonly brier: number;
  readonly ece: number;
  readonly accuracy: number;
}

/** Each figure with the conventions and the NaN rules of its own function; threshold ½, 10 calibration bins. */
export function binaryReport(labels: Sample, probabilities: Sample): BinaryReport {
  let positives = 0;
  for (let i = 0; i < labels.length; i++) if (labels[i] === 1) positives++;
  return {
    n: labels.length,
    positives,
    auc: rocAuc(labels, probabilities),
    log_loss: logLoss(labels, probabilities),
    brier: brierScore(labels, probabilities),
    ece: expectedCalibrationError(labels, probabilities),
    accuracy: accuracy(labels, probabilities),
  };
}
