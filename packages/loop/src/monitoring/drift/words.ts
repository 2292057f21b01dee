import type { DriftResult } from '@twinloop/stats';
import { figure, percent } from '../format.js';

/** `temp moved from 36.5 to 61.2 (median)`, and `temp: median 36.5 → 36.9` for what did not move. */
export function numberWords(name: string, { summary }: DriftResult): { moved: string; still: string } {
  const { measure, of, from, to } = summary;
  if (measure === 'share') {
    const what = `${name} ≤ ${figure(Number(of))}`;
    return {
      moved: `${what} went from ${percent(from)} to ${percent(to)} of the rows`,
      still: `${what}: ${percent(from)} → ${percent(to)}`,
    };
  }
  return {
    moved: `${name} moved from ${figure(from)} to ${figure(to)} (${measure})`,
    still: `${name}: ${measure} ${figure(from)} → ${figure(to)}`,
  };
}

/** `carrier moved: UA from 30 % to 60 %`, and `carrier: UA 30 % → 31 %`. */
export function levelWords(name: string, { summary }: DriftResult): { moved: string; still: string } {
  const { of, from, to } = summary;
  return {
    moved: `${name} moved: ${String(of)} from ${percent(from)} to ${percent(to)}`,
    still: `${name}: ${String(of)} ${percent(from)} → ${percent(to)}`,
  };
}
