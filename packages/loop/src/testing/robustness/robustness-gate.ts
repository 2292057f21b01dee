import {
  type Evidence,
  formatCount,
  formatFigure,
  formatInterval,
  formatShare,
  hashSeed,
  seededRng,
  shuffle,
  takeRows,
  TwinloopError,
  type Verdict,
  type VerdictStatus,
} from '@twinloop/kernel';
import { isLoss, isScaled, meanInterval, wilson } from '@twinloop/stats';
import { decisions, rowLosses, truthAt } from '../accuracy/row-losses.js';
import { MIN_ROWS } from '../accuracy/metric-gate.js';
import type { RobustnessGate } from '../config.js';
import { byStatus, decide, worst } from '../decide.js';
import type { GateContext } from '../gate-context.js';
import { type Perturbation, perturbations } from './perturb.js';

const SEED = hashSeed('robustness');
/** What passed is told by its worst few. */
const TOLD = 6;

interface Tried {
  readonly name: string;
  readonly status: VerdictStatus;
  readonly words: string;
  readonly evidence: Evidence;
  /** How near to its limit: above 1 it is beyond. */
  readonly strain: number;
}

function sample(count: number, of: number): readonly number[] {
  const rows = Array.from({ length: of }, (_, row) => row);
  return of <= count
    ? rows
    : shuffle(rows, seededRng(SEED))
        .slice(0, count)
        .sort((a, b) => a - b);
}

/**
 * Damages the inputs of held-out rows and asks the fit that has not seen them: how much does the mean loss rise, how many
 * answers change sides? Rises are paired by row, with Student's interval; flips have Wilson's. Both intervals are
 * corrected for the number of perturbations (Bonferroni), so that one more column is not one more chance to fail.
 */
export async function robustnessGate(gate: RobustnessGate, context: GateContext): Promise<Verdict> {
  const { held, served } = context;
  const unsure = (reason: string): Verdict => ({
    gate: 'robustness',
    status: 'inconclusive',
    reason,
    evidence: [],
  });
  if (held === undefined || served === undefined) return unsure('there are no held-out rows');
  const { metric } = gate;
  if (!isLoss(metric))
    throw new TwinloopError('invalid_request', {
      field: 'gates',
      values: { reason: `${metric} is not a loss of single rows` },
    });
  const indices = sample(gate.rows, held.rows.rows);
  if (indices.length < MIN_ROWS)
    return unsure(`only ${formatCount(indices.length)} held-out rows, ${MIN_ROWS} are needed`);
  const rows = takeRows(held.rows, indices);
  const truth = truthAt(context, indices);
  const answers = await held.ask(rows);
  const before = rowLosses(metric, answers, truth, held);
  const level = meanInterval(before, gate.confidence).mean;
  const sides = decisions(answers, truth, held);
  const all = perturbations(gate, served.inputs, seededRng(SEED));
  const checks =
    (gate.loss === undefined ? 0 : 1) + (gate.flips === undefined || sides === undefined ? 0 : 1);
  const confidence = 1 - (1 - gate.confidence) / Math.max(1, all.length * checks);
  const allowed = gate.loss === undefined ? undefined : isScaled(metric) ? gate.loss * level : gate.loss;

  const tried: Tried[] = [];
  for (const perturbation of all) {
    const after = await held.ask(perturbation.apply(rows));
    if (allowed !== undefined) {
      const rises = rowLosses(metric, after, truth, held).map((loss, row) => loss - before[row]!);
      tried.push(judgeRise(perturbation, meanInterval(rises, confidence), { gate, allowed, confidence }));
    }
    if (gate.flips !== undefined && sides !== undefined) {
      const now = decisions(after, truth, held)!;
      const flipped = now.reduce((sum, side, row) => sum + (side === sides[row] ? 0 : 1), 0);
      tried.push(judgeFlips(perturbation, flipped, sides.length, { gate, limit: gate.flips, confidence }));
    }
  }
  const [first, ...rest] = byStatus([...tried].sort((a, b) => b.strain - a.strain));
  if (first === undefined) return unsure('no input can be damaged as the gate asks');
  const beyond = tried.filter(({ status }) => status === first.status).length;
  const others = first.status === 'pass' ? 0 : beyond - 1;
  return {
    gate: 'robustness',
    status: worst(tried.map(({ status }) => status)),
    reason: `${first.status === 'pass' ? `of ${formatCount(all.length)} perturbations the worst: ` : ''}${first.words}${others > 0 ? `; and ${formatCount(others)} more` : ''}`,
    evidence: [first, ...rest]
      .filter(({ status }, i) => status !== 'pass' || i < TOLD)
      .map(one => one.evidence),
  };
}

interface RiseRule {
  readonly gate: RobustnessGate;
  readonly allowed: number;
  readonly confidence: number;
}

function judgeRise(
  { name }: Perturbation,
  { n, mean, low, high }: ReturnType<typeof meanInterval>,
  { gate, allowed, confidence }: RiseRule,
): Tried {
  return {
    name,
    status: decide({ value: mean, low, high }, { max: allowed }, gate.decide),
    words: `with ${name} the mean ${gate.metric} changes by ${formatFigure(mean)} ${formatInterval([low, high])}, a rise of ${formatFigure(allowed)} is allowed`,
    strain: mean / allowed,
    evidence: {
      statistic: `rise of ${gate.metric}, ${name}`,
      value: mean,
      n,
      ...(Number.isNaN(low) ? {} : { interval: [low, high] as const }),
      threshold: allowed,
      method: `paired by row, Student t interval, ${formatFigure(confidence * 100)} %`,
    },
  };
}

interface FlipRule {
  readonly gate: RobustnessGate;
  readonly limit: number;
  readonly confidence: number;
}

function judgeFlips(
  { name }: Perturbation,
  flipped: number,
  n: number,
  { gate, limit, confidence }: FlipRule,
): Tried {
  const value = flipped / n;
  const [low, high] = wilson(flipped, n, confidence);
  return {
    name,
    status: decide({ value, low, high }, { max: limit }, gate.decide),
    words: `with ${name} ${formatShare(value)} of the answers change sides, ${formatShare(limit)} are allowed`,
    strain: value / limit,
    evidence: {
      statistic: `answers that change sides, ${name}`,
      value,
      n,
      interval: [low, high],
      threshold: limit,
      method: `share of rows, Wilson interval, ${formatFigure(confidence * 100)} %`,
    },
  };
}
