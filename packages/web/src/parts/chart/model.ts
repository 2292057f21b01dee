import { day, month } from '../../format/time.js';
import type { Colour } from './colours.js';

export type Values = readonly (number | null)[];

export interface Line {
  readonly label: string;
  readonly values: Values;
  readonly colour: Colour;
  readonly width?: number;
  readonly dash?: readonly number[];
  /** Points instead of nothing where a value has no neighbour. */
  readonly points?: boolean;
  /** Write the label at the line's end; for charts of few lines. */
  readonly direct?: boolean;
  /** Not in the line of figures above the chart: one of many that are only the background. */
  readonly quiet?: boolean;
  readonly decimals?: number;
}
export interface Band {
  readonly low: Values;
  readonly high: Values;
  readonly colour: Colour;
  readonly label: string;
}
export interface Threshold {
  readonly value: number;
  readonly label: string;
}
/** A decision or deployment: a vertical line. */
export interface VerticalMark {
  readonly at: number;
  readonly label: string;
  readonly colour: Colour;
}

export interface ChartData {
  readonly x: readonly number[];
  readonly lines: readonly Line[];
  readonly bands?: readonly Band[];
  /** Rows behind each point. */
  readonly n?: Values;
}

/** The last index whose x is at most `limit` and where some line has a value: what is shown when nothing is pointed at. */
export function lastShown(data: ChartData): number | undefined {
  for (let i = data.x.length - 1; i >= 0; i--) {
    if (data.lines.some(line => line.values[i] != null)) return i;
  }
  return undefined;
}

/** The lowest and highest value of all lines, bands and thresholds, with a little air; null without any. */
export function extent(data: ChartData, thresholds: readonly Threshold[]): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const take = (values: Values): void => {
    for (const value of values) {
      if (value === null || !Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  };
  for (const line of data.lines) take(line.values);
  for (const band of data.bands ?? []) {
    take(band.low);
    take(band.high);
  }
  take(thresholds.map(t => t.value));
  if (low > high) return null;
  const air = (high - low || Math.abs(high) || 1) * 0.06;
  return [low - air, high + air];
}

/** Decimals that tell ticks of this step apart: 0.025 → 3. */
export function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 8; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6 * Math.max(1, scaled)) return decimals;
  }
  return 8;
}

/** Months by their name (January with its year), other days as `14 Jun`. */
export function timeTicks(ticks: readonly number[]): string[] {
  return ticks.map(at => {
    const date = new Date(at);
    if (date.getDate() !== 1) return day(at);
    return date.getMonth() === 0 ? String(date.getFullYear()) : month(at);
  });
}
