import { clopperPearson } from '@twinloop/stats';
import type { RollbackStudy } from '@twinloop/server';
import { DEMO_DIRECTORY } from '../demo/flights.js';
import { Progress } from '../progress.js';
import { attempt, point, type Point } from './point.js';

const LIMITS = { median: 250, p90: 450 };

/** A promoted model that turns bad is rolled back by itself, and a good one is not: the watch, over the whole year. */
export async function judgeRollback(): Promise<Point> {
  return attempt('A10', 'decision', async () => {
    const { rollbackStudy } = await import('@twinloop/server');
    const progress = new Progress();
    const study = await rollbackStudy(DEMO_DIRECTORY, {
      judgedOnly: true,
      progress: share => progress.move(share, 'promotions turned bad over the year'),
    });
    progress.end();
    return judgeRollbacks(study);
  });
}

/** The verdict on a study, with every figure that it rests on. */
export function judgeRollbacks({ starts, lossDays, alpha, cases, honest, dealt }: RollbackStudy): Point {
  const judged = cases[0]!;
  const passed =
    judged.medianLabels <= LIMITS.median &&
    judged.p90Labels <= LIMITS.p90 &&
    nominal(dealt, alpha) &&
    nominal(honest, alpha);
  const [low, middle, high] = judged.trueHarm.map(harm => harm.toFixed(3));
  return point(
    'A10',
    'decision',
    passed,
    `sign of ${judged.feature} turned in the promoted ${judged.algorithm} model, ${starts} starting points, ${judged.trials} promotions: ` +
      `${judged.rolledBack} rolled back, median ${judged.medianLabels} labels (≤ ${LIMITS.median}), p90 ${judged.p90Labels} (≤ ${LIMITS.p90}); ` +
      `${judged.held} held before, median after ${judged.medianRequestsToHold} requests; true loss over ${lossDays} days ${middle} worse (p10 ${low}, p90 ${high}); ` +
      `rolled back without cause: ${share(dealt)} with the models' roles dealt anew for every block, ${share(honest)} of honest promotions (α = ${alpha}); ` +
      `${honest.held} of ${honest.trials} honest ones held`,
  );
}

type Share = { readonly rolledBack: number; readonly trials: number };

const share = ({ rolledBack, trials }: Share): string =>
  `${rolledBack} of ${trials} (${((100 * rolledBack) / trials).toFixed(1)} %)`;

/** The rate is not above alpha, as far as so many trials can tell (exact binomial 95 % interval). */
function nominal({ rolledBack, trials }: Share, alpha: number): boolean {
  return trials > 0 && clopperPearson(rolledBack, trials, 0.95)[0] <= alpha;
}
