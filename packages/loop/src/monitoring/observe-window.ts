import {
  type AnyNewFact,
  type EpochMs,
  fact,
  type Interval,
  parseDuration,
  type Signal,
} from '@twinloop/kernel';

export type Monitor = 'drift' | 'quality' | 'calibration' | 'labels';

/**
 * The window that a monitor reads at `now`: an interval of prediction time, `settle` (drift: nothing) before now.
 * Windows slide, so two looks share rows; persistence counts looks.
 */
export function windowAt(
  config: { readonly window: string; readonly settle?: string },
  now: EpochMs,
): Interval {
  const until = now - (config.settle === undefined ? 0 : parseDuration(config.settle));
  return { from: until - parseDuration(config.window), until };
}

/** `<monitor>/<endpoint>/<start>`: one look at one window; a second look writes nothing new. */
export function windowId(monitor: Monitor, endpoint: string, from: EpochMs): string {
  return `${monitor}/${endpoint}/${from}`;
}

export interface ObservedWindow {
  readonly monitor: Monitor;
  readonly endpoint: string;
  readonly window: Interval;
  /** Rows or labels in it. */
  readonly n: number;
  /** Null: too few rows to say anything; then nothing is written. */
  readonly signals: readonly Signal[] | null;
  readonly now: EpochMs;
}

/** The facts of one look: that the window was read, and each signal in it. */
export function observeWindow({
  monitor,
  endpoint,
  window,
  n,
  signals,
  now,
}: ObservedWindow): readonly AnyNewFact[] {
  if (signals === null) return [];
  const id = windowId(monitor, endpoint, window.from);
  const rest = { at: now, actor: `monitor:${monitor}` };
  return [
    fact(
      'WindowObserved',
      { endpoint, monitor, window: id, n, signals: signals.length },
      { ...rest, idempotencyKey: `window/${id}` },
    ),
    ...signals.map(signal =>
      fact(
        'SignalRaised',
        { window: id, endpoint, signal },
        { ...rest, idempotencyKey: `signal/${id}/${signal.monitor}` },
      ),
    ),
  ];
}
