import { type CoverageRow, type EpochMs, type Interval, parseDuration, type Signal } from '@twinloop/kernel';
import { wilson } from '@twinloop/stats';
import type { LabelsConfig } from './config.js';
import { count, percent } from './format.js';

/** `complete`: every case gets a label in the end; `selective`: only cases that were acted on. Labels that `never` come are not watched. */
export type WatchedLabels = 'complete' | 'selective';

/** Coverage is a proportion; both monitors ask for its whole interval at this confidence. */
const CONFIDENCE = 0.99;
/** Selective labels: a change of the share by less than a third of what it was is everyday. */
const CHANGE = 1 / 3;

/** What {@link labelSignals} reads: the window and the one before it, as two stretches of `PredictionLog.coverage`. */
export function coverageSpan(window: Interval): { readonly predicted: Interval; readonly every: number } {
  const every = window.until - window.from;
  return { predicted: { from: window.from - every, until: window.until }, every };
}

interface Share {
  readonly predictions: number;
  readonly labelled: number;
}

function total(rows: readonly CoverageRow[]): Share {
  return {
    predictions: rows.reduce((sum, row) => sum + row.predictions, 0),
    labelled: rows.reduce((sum, row) => sum + row.labelled, 0),
  };
}

/**
 * Do labels come? The window is one of predictions that are old enough for their label to be in.
 * - Complete labels: a signal when the share with a label lies below `coverage` with its whole Wilson interval
 *   (Wilson 1927, 99 %), over all predictions or over those of one variant.
 * - Selective labels: their level says nothing, a change does: the shares of this window and the one before differ by
 *   more than a third, and their intervals do not meet.
 *
 * Null while it cannot say anything: too few predictions, or none before the window (an endpoint at the beginning of
 * its life, whose labels may not be wired yet).
 */
export function labelSignals(
  config: Pick<LabelsConfig, 'window' | 'coverage' | 'minRows'>,
  available: WatchedLabels,
  from: EpochMs,
  rows: readonly CoverageRow[],
): readonly Signal[] | null {
  if (config.coverage === 0) return null;
  const current = rows.filter(row => row.from >= from);
  const now = total(current);
  const before = total(rows.filter(row => row.from < from));
  if (now.predictions < config.minRows || before.predictions === 0) return null;
  if (available === 'selective')
    return before.predictions < config.minRows ? null : changed(config.window, now, before);
  const overall = below(config, 'coverage', '', now);
  if (overall !== null) return [overall];
  const variants = [...new Set(current.map(row => row.variant))];
  return variants.flatMap(variant => {
    const share = total(current.filter(row => row.variant === variant));
    if (share.predictions < config.minRows) return [];
    return below(config, `coverage of ${variant}`, ` by ${variant}`, share) ?? [];
  });
}

function below(
  config: Pick<LabelsConfig, 'window' | 'coverage'>,
  subject: string,
  by: string,
  { predictions, labelled }: Share,
): Signal | null {
  const share = labelled / predictions;
  const [low, high] = wilson(labelled, predictions, CONFIDENCE);
  if (high >= config.coverage) return null;
  return {
    monitor: `labels/${subject}`,
    kind: 'labels',
    subject,
    severity: (1 - share) / (1 - Math.min(config.coverage, 0.99)),
    evidence: {
      statistic: 'share of predictions with a label',
      value: share,
      n: predictions,
      interval: [low, high],
      threshold: config.coverage,
      method: 'Wilson interval, 99 %',
    },
    sentence: `labels for ${percent(share)} of ${count(predictions)} predictions${by} of the last ${span(config.window)}, expected ${percent(config.coverage)}`,
  };
}

function changed(window: string, now: Share, before: Share): readonly Signal[] {
  const [share, was] = [now.labelled / now.predictions, before.labelled / before.predictions];
  const [low, high] = wilson(now.labelled, now.predictions, CONFIDENCE);
  const [wasLow, wasHigh] = wilson(before.labelled, before.predictions, CONFIDENCE);
  const tolerated = CHANGE * was;
  if (Math.abs(share - was) <= tolerated || (low <= wasHigh && wasLow <= high)) return [];
  return [
    {
      monitor: 'labels/coverage',
      kind: 'labels',
      subject: 'coverage',
      severity: tolerated === 0 ? 2 : Math.abs(share - was) / tolerated,
      evidence: {
        statistic: 'share of predictions with a label',
        value: share,
        n: now.predictions,
        interval: [low, high],
        threshold: share < was ? was - tolerated : was + tolerated,
        method: 'Wilson intervals of two windows that do not meet, 99 %',
      },
      sentence: `labels for ${percent(share)} of ${count(now.predictions)} predictions of the last ${span(window)}, ${percent(was)} in the ${span(window)} before`,
    },
  ];
}

function span(duration: string): string {
  const hours = parseDuration(duration) / 36e5;
  if (hours % 24 === 0) return hours === 24 ? '24 hours' : `${hours / 24} days`;
  return `${Math.round(hours)} hours`;
}
