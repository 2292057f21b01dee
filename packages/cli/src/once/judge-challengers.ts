import { point, type Point } from './point.js';

/** Worse challengers stay out, better ones come in: the rollout's own comparison, over many starting points of the year. */
export async function judgeChallengers(): Promise<Point> {
  return point('A9', 'decision', false, 'not built yet');
}
