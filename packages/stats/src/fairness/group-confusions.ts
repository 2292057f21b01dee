import type { BinaryConfusion } from '../classification/binary-confusion.js';
import { requireBinary } from '../classification/binary-confusion.js';
import { requireSameLength, type Sample } from '../common/samples.js';

/** One confusion table a group, and the one of all of them. */
export interface GroupConfusions {
  readonly overall: BinaryConfusion;
  readonly groups: readonly BinaryConfusion[];
}

/**
 * Confusion tables of all groups in one pass. `groups` has codes 0 … groupCount − 1, or −1 for none; rows without group,
 * label or prediction (NaN) are left out, also overall.
 * @throws RangeError for lengths that differ, codes outside, labels or predictions that are not 0 or 1
 */
export function groupConfusions(
  labels: Sample,
  predictions: Sample,
  groups: ArrayLike<number>,
  groupCount: number,
): GroupConfusions {
  requireSameLength('labels', labels, 'predictions', predictions);
  requireSameLength('labels', labels, 'groups', groups);
  const cells = new Float64Array(4 * groupCount);
  for (let i = 0; i < labels.length; i++) {
    const group = groups[i]!;
    const label = labels[i]!;
    const prediction = predictions[i]!;
    const binary = (label === 0 || label === 1) && (prediction === 0 || prediction === 1);
    if (binary && group >= 0 && group < groupCount) cells[4 * group + 2 * label + prediction]!++;
    else requireLeftOut(label, prediction, group, groupCount, i);
  }
  const overall = { tn: 0, fp: 0, fn: 0, tp: 0 };
  const each = Array.from({ length: groupCount }, (_, g) => {
    const [tn, fp, fn, tp] = cells.subarray(4 * g, 4 * g + 4) as unknown as [number, number, number, number];
    overall.tn += tn;
    overall.fp += fp;
    overall.fn += fn;
    overall.tp += tp;
    return { tp, fp, tn, fn };
  });
  return { overall, groups: each };
}

function requireLeftOut(
  label: number,
  prediction: number,
  group: number,
  groupCount: number,
  at: number,
): void {
  if (group !== -1 && !(group >= 0 && group < groupCount))
    throw new RangeError(`group codes must be −1 or below ${groupCount}, got ${group} at ${at}`);
  if (!Number.isNaN(label)) requireBinary('labels', label, at);
  if (!Number.isNaN(prediction)) requireBinary('predictions', prediction, at);
}
