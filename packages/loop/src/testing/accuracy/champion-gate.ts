import { formatCount, formatFigure, formatInterval, TwinloopError, type Verdict } from '@twinloop/kernel';
import { isLoss, isScaled, LOSS_NAMES, lossesOf, meanInterval } from '@twinloop/stats';
import type { GateConfig } from '../config.js';
import type { GateContext } from '../gate-context.js';
import { MIN_ROWS } from './metric-gate.js';

type ChampionGate = Extract<GateConfig, { readonly gate: 'champion' }>;

/**
 * Not worse than the champion on the same rows: the mean of the paired differences of per-row loss, candidate minus
 * champion, with Student's interval. Fails only when the whole interval lies above the tolerance, for a gate asks
 * whether the candidate may be tried; whether it is better is for the rollout to decide, on labels of live requests.
 * One look at one hold-out, hence a fixed-sample interval. Where the loss has the label's unit, the tolerance is a share
 * of the champion's own mean loss.
 */
export function championGate(gate: ChampionGate, context: GateContext): Verdict {
  const { labels, candidate, champion } = context;
  const { metric, confidence } = gate;
  const name = `champion ${metric}`;
  if (!isLoss(metric)) {
    throw new TwinloopError('invalid_request', {
      field: 'gates',
      values: {
        reason: `${metric} is not a loss of single rows, so models cannot be compared by it in pairs`,
      },
      hint: `Use one of ${LOSS_NAMES.join(', ')}.`,
    });
  }
  if (champion === undefined) {
    return {
      gate: name,
      status: 'pass',
      reason: 'first model: there is no champion to compare with',
      evidence: [],
    };
  }
  const ours = lossesOf(metric, labels, candidate);
  const theirs = lossesOf(metric, labels, champion);
  const level = meanInterval(theirs, confidence).mean;
  const tolerance = isScaled(metric) ? gate.tolerance * level : gate.tolerance;
  const { n, mean, low, high } = meanInterval(
    ours.map((loss, row) => loss - theirs[row]!),
    confidence,
  );
  const evidence = [
    {
      statistic: `paired ${metric} difference`,
      value: mean,
      n,
      ...(Number.isNaN(low) ? {} : { interval: [low, high] as const }),
      threshold: tolerance,
      means: [level, level + mean] as const,
      method: `mean of candidate − champion over the same rows, Student t interval, ${formatFigure(confidence * 100)} %`,
    },
  ];
  if (n < MIN_ROWS) {
    const reason = `only ${formatCount(n)} held-out rows with both scores, ${MIN_ROWS} are needed`;
    return { gate: name, status: 'inconclusive', reason, evidence };
  }
  const direction = mean === 0 ? 'equal to' : mean < 0 ? 'better than' : 'worse than';
  const size = mean === 0 ? '' : ` by ${formatFigure(Math.abs(mean))}`;
  const compared = `${metric} is ${direction} the champion's${size} over ${formatCount(n)} held-out rows`;
  return {
    gate: name,
    status: low > tolerance ? 'fail' : 'pass',
    reason: `${compared} (difference ${formatInterval([low, high])}, ${formatFigure(tolerance)} worse is tolerated)`,
    evidence,
  };
}
