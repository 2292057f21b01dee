import type { LabelCase, LabelStudy } from '@twinloop/server';
import { DEMO_DIRECTORY } from '../demo/flights.js';
import { Progress } from '../progress.js';
import { attempt, point, type Point } from './point.js';

const told = ({ worse, wronglyPromoted, better, promoted }: LabelCase): string =>
  `${wronglyPromoted} of ${worse} worse ones promoted, ${promoted} of ${better} better ones`;

/** Late, missing and one-sided labels promote nobody wrongly: the rollout's own decisions, over the year. */
export async function judgeLabels(): Promise<Point> {
  return attempt('A20', 'decision', async () => {
    const { labelStudy } = await import('@twinloop/server');
    const progress = new Progress();
    const study = await labelStudy(DEMO_DIRECTORY, share =>
      progress.move(share, 'late, missing and one-sided labels'),
    );
    progress.end();
    return judgeLabelStudy(study);
  });
}

export function judgeLabelStudy({ untouched, doubled, missing, oneSided }: LabelStudy): Point {
  const passed =
    [doubled, missing].every(one => one.worse > 0 && one.wronglyPromoted === 0) &&
    oneSided.canaries > 0 &&
    oneSided.promoted === 0 &&
    oneSided.inconclusive === oneSided.canaries;
  return point(
    'A20',
    'decision',
    passed,
    `label delay doubled: ${told(doubled)}; 30 % of labels missing at random: ${told(missing)} (untouched: ${told(untouched)}); ` +
      `labels for one variant only: of ${oneSided.rollouts} rollouts ${oneSided.canaries} came to a canary, ` +
      `${oneSided.inconclusive} of them ended inconclusive, ${oneSided.promoted} were promoted`,
  );
}
