import type { BaselineSeries } from '@twinloop/client';
import type { BikeRun } from './bike-data.js';
import { point, type Point } from '../point.js';

const LIMIT = 85;
const SEPTEMBER = '2012-09';

const monthOf = (from: number): string => new Date(from).toISOString().slice(0, 7);
const rmseIn = (series: BaselineSeries, month: string): number =>
  series.months.find(one => monthOf(one.from) === month)?.loss ?? Number.NaN;

/** A19: demand doubles over the two years; the loop must follow it. All months are told, so that one cannot hide the rest. */
export function judgeBikes({ series, status, failures, sent, seconds }: BikeRun): Point {
  const loop = series.find(one => one.name === 'loop');
  const reached = loop === undefined ? Number.NaN : rmseIn(loop, SEPTEMBER);
  const beside = series
    .filter(one => one !== loop)
    .map(one => `${one.title} ${rmseIn(one, SEPTEMBER).toFixed(0)}`);
  const { retrainings, recalibrations, promotions } = status.counts;
  const months = loop?.months.map(({ loss }) => loss.toFixed(0)).join(' ') ?? 'none';
  return point(
    'A19',
    'decision',
    reached <= LIMIT && failures === 0,
    `bike sharing, RMSE over September 2012 ${reached.toFixed(1)} bikes (≤ ${LIMIT}) with ${retrainings} retrainings, ${promotions} promotions and ${recalibrations} recalibrations; ` +
      `beside: ${beside.join(', ')}; the loop by month from April 2011: ${months}; ${sent} requests, ${failures} failed, ${seconds.toFixed(0)} s`,
  );
}
