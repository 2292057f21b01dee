import type { LossView } from '@twinloop/client';
import { fixed } from './numbers.js';

/** Decimals that tell losses of that size apart: three for a log loss, one or none for an RMSE of minutes. */
export function lossDecimals(size: number): number {
  const magnitude = Math.abs(size);
  return magnitude >= 1000 ? 0 : magnitude >= 10 ? 1 : magnitude >= 2 ? 2 : 3;
}

/** `0.412`, `31.2 minutes`. */
export function lossText({ value, unit }: Pick<LossView, 'value' | 'unit'>): string {
  return `${fixed(value, lossDecimals(value))}${unit === null ? '' : ` ${unit}`}`;
}

/** At the start of a sentence or title: `Log loss`, `RMSE in minutes`. */
export function lossTitle({ title, unit }: Pick<LossView, 'title' | 'unit'>): string {
  return `${title.charAt(0).toUpperCase()}${title.slice(1)}${unit === null ? '' : ` in ${unit}`}`;
}

/** The loss of a single request in words: `squared_error` → `squared error`. */
export function metricWords(metric: string): string {
  return metric.replaceAll('_', ' ');
}
