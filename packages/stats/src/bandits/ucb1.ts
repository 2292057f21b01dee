import { type Sample, requireSameLength } from '../common/samples.js';

/**
 * UCB1 index of every arm: mean reward + √(2·ln(Σpulls)/pulls), for rewards in [0, 1]; pull the arm with the largest.
 * An arm never pulled has the index Infinity. Source: Auer, Cesa-Bianchi & Fischer 2002, "Finite-time analysis of the
 * multiarmed bandit problem".
 */
export function ucb1Index(pulls: Sample, rewardSums: Sample): Float64Array {
  requireSameLength('pulls', pulls, 'rewardSums', rewardSums);
  let total = 0;
  for (let i = 0; i < pulls.length; i++) {
    const count = pulls[i]!;
    if (!(count >= 0 && count < Infinity))
      throw new RangeError(`pulls must be finite and not negative, got ${count}`);
    total += count;
  }
  const twice = 2 * Math.log(total);
  return Float64Array.from(pulls, (count, i) =>
    count === 0 ? Infinity : rewardSums[i]! / count + Math.sqrt(twice / count),
  );
}
