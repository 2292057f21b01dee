import type { DriftAspect, DriftSummary } from './drift-result.js';
import { groupQuantile, type TieGroups } from './tie-groups.js';

/**
 * The figure that shows the change best: the median for location, the interquartile range for spread; where that did not
 * move (many equal values), and for shape, the share of values up to the point of the largest difference.
 */
export function numericSummary(groups: TieGroups, aspect: DriftAspect, at: number): DriftSummary {
  const range = (side: 'reference' | 'current'): number =>
    groupQuantile(groups, side, 0.75) - groupQuantile(groups, side, 0.25);
  if (aspect === 'location') {
    const from = groupQuantile(groups, 'reference', 0.5);
    const to = groupQuantile(groups, 'current', 0.5);
    if (from !== to) return { measure: 'median', of: null, from, to };
  }
  if (aspect === 'spread') {
    const [from, to] = [range('reference'), range('current')];
    if (from !== to) return { measure: 'interquartile range', of: null, from, to };
  }
  const { value, reference, current, n, m } = groups;
  let from = 0;
  let to = 0;
  for (let g = 0; g < value.length && value[g]! <= at; g++) {
    from += reference[g]! / n;
    to += current[g]! / m;
  }
  return { measure: 'share', of: at, from, to };
}
