import type { ChallengerStudy } from '@twinloop/server';
import { DEMO_DIRECTORY } from '../demo/flights.js';
import { Progress } from '../progress.js';
import { attempt, point, type Point } from './point.js';

const LIMITS = { margin: 0.01, promoted: 0.9 };

const three = (value: number): string => value.toFixed(3);
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;

/** Worse challengers stay out, better ones come in: the rollout's own comparison, over many starting points of the year. */
export async function judgeChallengers(): Promise<Point> {
  return attempt('A9', 'decision', async () => {
    const { challengerStudy } = await import('@twinloop/server');
    const progress = new Progress();
    const study = await challengerStudy(DEMO_DIRECTORY, share =>
      progress.move(share, 'challengers tried over the year'),
    );
    progress.end();
    return judgeStudy(study);
  });
}

/** The verdict on a study, with every figure that it rests on. */
export function judgeStudy({ better, worse, shuffled, november, truthDays }: ChallengerStudy): Point {
  const { stale, retrained, trials } = november;
  const judged = better.find(({ margin }) => margin === LIMITS.margin)!;
  const shares = better
    .filter(share => share !== judged)
    .map(({ margin, pairs, promoted }) => `${percent(promoted, pairs)} at ${margin}`);
  const lost = worse.map(
    ({ margin, pairs, promoted }) =>
      `${promoted} of ${pairs}${margin > 0 ? ` (by more than ${margin})` : ''}`,
  );
  const passed =
    shuffled.pairs > 0 &&
    shuffled.promoted === 0 &&
    retrained.logLoss > stale.logLoss &&
    trials.every(({ status }) => status !== 'better') &&
    judged.promoted >= LIMITS.promoted * judged.pairs;
  return point(
    'A9',
    'decision',
    passed,
    `shuffled labels: ${shuffled.promoted} of ${shuffled.pairs} promoted (against champions that beat the base rate); ` +
      `November: trees retrained on two months, AUC ${three(retrained.auc)} and log loss ${three(retrained.logLoss)}, against the stale ones, ${three(stale.auc)} and ${three(stale.logLoss)}: ` +
      `${trials.map(({ day, status }) => `${status} from ${day} Nov`).join(', ')}; ` +
      `better by more than ${judged.margin} log loss over the next ${truthDays} days: ${judged.promoted} of ${judged.pairs} promoted, ${percent(judged.promoted, judged.pairs)} (≥ ${100 * LIMITS.promoted} %; ${shares.join(', ')}), ` +
      `median ${judged.medianLabels} labels, ${judged.medianDays.toFixed(0)} days; of the worse ones ${lost.join(', ')} promoted`,
  );
}
