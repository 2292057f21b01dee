import {
  type Evidence,
  formatCount,
  formatFigure,
  formatInterval,
  TwinloopError,
  type Verdict,
  type VerdictStatus,
} from '@twinloop/kernel';
import { isLoss, isScaled, LOSS_CLIP, type LossName, lossesOf, meanInterval } from '@twinloop/stats';
import { MIN_ROWS } from '../accuracy/metric-gate.js';
import type { SlicesGate } from '../config.js';
import { byStatus, decide, worst } from '../decide.js';
import type { GateContext } from '../gate-context.js';
import { type Slice, slicesBy } from './slices-by.js';
import { worstSlices } from './worst-slices.js';

/** What passed is told by its worst few. */
const TOLD = 6;

/** What is compared, row by row: the mean of `values` in a slice lies so much above `level`. */
interface Compared {
  readonly values: Float64Array;
  /** The mean loss that tolerances are shares of, for losses with the label's unit. */
  readonly level: number;
  readonly against: string;
}

function compare(metric: LossName, { against }: SlicesGate, context: GateContext): Compared | string {
  const { labels, candidate, champion } = context;
  const ours = lossesOf(metric, labels, candidate, LOSS_CLIP);
  if (against === 'overall') {
    const level = meanInterval(ours).mean;
    return { values: ours.map(loss => loss - level), level, against: 'that of all rows' };
  }
  if (champion === undefined) return 'first model: there is no champion to compare with';
  const theirs = lossesOf(metric, labels, champion, LOSS_CLIP);
  return {
    values: ours.map((loss, row) => loss - theirs[row]!),
    level: meanInterval(theirs).mean,
    against: "the champion's",
  };
}

/**
 * Slices of the held-out rows: the values of declared columns, or the worst ones that a search finds. In each, the mean
 * loss may lie above the champion's on the same rows (or above that of all rows) by no more than the tolerance. Student's
 * intervals at a confidence that is shared among all slices looked at (Bonferroni): with thirty carriers one of them is
 * bad by chance.
 */
export function slicesGate(gate: SlicesGate, context: GateContext): Verdict {
  const { metric, by } = gate;
  const name = `slices ${by === undefined ? 'found' : `by ${by.join(', ')}`}`;
  const unsure = (reason: string): Verdict => ({ gate: name, status: 'inconclusive', reason, evidence: [] });
  if (!isLoss(metric))
    throw new TwinloopError('invalid_request', {
      field: 'gates',
      values: { reason: `${metric} is not a loss of single rows` },
    });
  const { held } = context;
  if (held === undefined) return unsure('there are no held-out rows');
  if (held.rows.rows < MIN_ROWS)
    return unsure(`only ${formatCount(held.rows.rows)} held-out rows, ${MIN_ROWS} are needed`);
  const compared = compare(metric, gate, context);
  if (typeof compared === 'string') return { gate: name, status: 'pass', reason: compared, evidence: [] };
  const inputs = context.served?.inputs.map(input => input.name) ?? [];
  const { slices, looked, small } =
    by === undefined
      ? worstSlices(held.rows, inputs, compared.values, {
          minRows: gate.minRows,
          alpha: 1 - gate.confidence,
        })
      : slicesBy(held.rows, by, gate.minRows);
  if (slices.length === 0)
    return by === undefined
      ? {
          gate: name,
          status: 'pass',
          reason: `none of ${formatCount(looked)} slices stands out`,
          evidence: [],
        }
      : unsure(`no slice has ${formatCount(gate.minRows)} rows`);
  const confidence = 1 - (1 - gate.confidence) / Math.max(1, looked);
  const allowed = isScaled(metric) ? gate.tolerance * compared.level : gate.tolerance;
  const judged = slices
    .map(slice => judgeSlice(slice, compared, { gate, allowed, confidence }))
    .sort((a, b) => b.mean - a.mean);
  const [first, ...rest] = byStatus(judged);
  const as = judged.filter(({ status }) => status === first!.status).length;
  return {
    gate: name,
    status: worst(judged.map(({ status }) => status)),
    reason: [
      `${first!.status === 'pass' ? `of ${formatCount(looked)} slices the worst is ` : ''}${first!.words}`,
      ...(first!.status !== 'pass' && as > 1 ? [`and ${formatCount(as - 1)} more slices`] : []),
      ...(small === 0
        ? []
        : [`${formatCount(small)} slices have fewer than ${formatCount(gate.minRows)} rows`]),
    ].join('; '),
    evidence: [first!, ...rest]
      .filter(({ status }, i) => status !== 'pass' || i < TOLD)
      .map(one => one.evidence),
  };
}

interface SliceRule {
  readonly gate: SlicesGate;
  readonly allowed: number;
  readonly confidence: number;
}

function judgeSlice(
  { text, rows }: Slice,
  { values, against }: Compared,
  { gate, allowed, confidence }: SliceRule,
): {
  readonly status: VerdictStatus;
  readonly mean: number;
  readonly words: string;
  readonly evidence: Evidence;
} {
  const { n, mean, low, high } = meanInterval(
    Float64Array.from(rows, row => values[row]!),
    confidence,
  );
  return {
    status: decide({ value: mean, low, high }, { max: allowed }, gate.decide),
    mean,
    words: `${text}: its mean ${gate.metric} lies ${formatFigure(Math.abs(mean))} ${mean > 0 ? 'above' : 'below'} ${against} ${formatInterval([low, high])} over ${formatCount(n)} rows, ${formatFigure(allowed)} is tolerated`,
    evidence: {
      statistic: `${gate.metric} of ${text} against ${against}`,
      value: mean,
      n,
      ...(Number.isNaN(low) ? {} : { interval: [low, high] as const }),
      threshold: allowed,
      method: `${gate.against === 'champion' ? 'paired by row, ' : ''}Student t interval, ${formatFigure(confidence * 100)} % (corrected for the slices)`,
    },
  };
}
