import {
  type AlarmKind,
  type AnyNewFact,
  type Entry,
  type EpochMs,
  fact,
  type NewFact,
  parseDuration,
  type Signal,
} from '@twinloop/kernel';
import { alarmAllowance, coolUntil, retrainingsUsed } from './allowance.js';
import type { PolicyConfig } from './config.js';
import { foldLearning, monitorOf } from './fold-learning.js';
import {
  type EndpointLearning,
  endpointLearning,
  type LearningState,
  type OpenAlarm,
  type Streak,
} from './state.js';

export interface DecisionInput {
  readonly endpoint: string;
  readonly now: EpochMs;
  /** Looks in a row before a signal is believed, and clean ones before its alarm is resolved. */
  readonly monitors: Readonly<
    Record<'drift' | 'quality' | 'calibration' | 'labels', { readonly persistence: number }>
  > & {
    /** With `every`: evidence on inputs must last, see {@link lasts}. */
    readonly drift: { readonly persistence: number; readonly window?: string; readonly alpha?: number };
    readonly every?: string;
    /** Early warnings of streams raise an alarm only when asked to. */
    readonly streams?: { readonly alarms: boolean };
  };
}

const ACTOR = 'policy:loop';
/** Evidence on labels outranks evidence on inputs: it names the episode. */
const RANK: readonly AlarmKind[] = ['service', 'labels', 'model-drift', 'calibration', 'data-drift'];
const MONITOR: Readonly<Record<AlarmKind, 'drift' | 'quality' | 'calibration' | 'service' | 'labels'>> = {
  'data-drift': 'drift',
  'model-drift': 'quality',
  calibration: 'calibration',
  service: 'service',
  labels: 'labels',
};

/**
 * What the policy makes of the looks so far: the facts to write, in order. Call it after each round of looks, with all
 * their facts folded. One episode has one alarm and one answer:
 *
 * - a signal is believed after `persistence` looks in a row; then its kind raises an alarm. One on inputs must have lasted
 *   over windows that share no row, or be so strong that a year of looks would not show it by chance;
 * - the alarm gets one answer: what the policy says for its kind, or `hold` with the reason (operator, cool-down,
 *   budget, daily maximum);
 * - alarms that ask for the same answer while it is open or cooling down coalesce into the alarm that got it, once a
 *   kind. A recalibration may happen while a challenger is tried: it is a repair of the model that answers meanwhile;
 * - an alarm is resolved after `persistence` looks without its signals, by a promotion, or, if its signals stay, when
 *   its answer is over and another would be allowed: then a new alarm asks again.
 */
export function decideAnswers(
  state: LearningState,
  config: PolicyConfig,
  { endpoint, now, monitors }: DecisionInput,
): readonly AnyNewFact[] {
  const facts: AnyNewFact[] = [];
  let current = state;
  const say = (next: AnyNewFact): void => {
    facts.push(next);
    current = foldLearning(current, asEntry(next));
  };
  const here = (): EndpointLearning => endpointLearning(current, endpoint);
  const persistence = (kind: AlarmKind): number => {
    const monitor = MONITOR[kind];
    return monitor === 'service' ? 1 : monitors[monitor].persistence;
  };

  for (const kind of RANK) {
    const alarm = here().alarms[kind];
    if (alarm === undefined) continue;
    const why = resolution(here(), config, alarm, persistence(kind), monitors, now);
    if (why !== null) {
      say(
        fact(
          'AlarmResolved',
          { alarm: alarm.alarm, endpoint, sentence: why },
          about(alarm.alarm, now, `alarm/${alarm.alarm}/resolved`),
        ),
      );
    }
  }
  for (const kind of RANK) {
    const signals = believed(here(), kind, persistence(kind), monitors);
    if (signals.length === 0 || here().alarms[kind] !== undefined) continue;
    answer(kind, signals);
  }
  return facts;

  function answer(kind: AlarmKind, signals: readonly Signal[]): void {
    const wanted = config.answers[kind];
    const alarm = `${endpoint}-${here().numbered + 1}`;
    const sentence = sentenceOf(signals);
    const root = rootAlarm(here(), config, wanted, now);
    if (root !== null) {
      if (!(here().coalesced[root] ?? []).includes(kind)) {
        say(
          fact(
            'AlarmCoalesced',
            { alarm, endpoint, kind, into: root, sentence },
            about(root, now, `alarm/${alarm}/coalesced`),
          ),
        );
      }
      return;
    }
    say(
      fact(
        'AlarmRaised',
        { alarm, endpoint, kind, signals, sentence },
        about(alarm, now, `alarm/${alarm}/raised`),
      ),
    );
    const { allowed, reason } = alarmAllowance(here(), config, wanted, now);
    const decided = allowed ? wanted : 'hold';
    const used = retrainingsUsed(here(), config, now) + (decided === 'retrain' ? 1 : 0);
    say(
      fact(
        'AnswerDecided',
        {
          alarm,
          endpoint,
          answer: decided,
          trigger: 'alarm',
          reason: allowed ? sentence : `${sentence}; ${reason}`,
          budget: { used, limit: config.budget.retrainings },
        },
        about(alarm, now, `alarm/${alarm}/answered`),
      ),
    );
  }
}

function about(alarm: string, at: EpochMs, idempotencyKey: string): Omit<NewFact, 'type' | 'payload'> {
  return { at, actor: ACTOR, correlation: alarm, idempotencyKey };
}

/** A warning of a stream is one moment, not a window: it is believed at once, or never. */
const STREAM = 'stream';

/** Whether the policy listens to this signal at all. */
function heard(signal: Signal, monitors: DecisionInput['monitors']): boolean {
  return monitorOf(signal.monitor) !== STREAM || monitors.streams?.alarms === true;
}

/** The fold reads type, time and payload only; a decision of several facts sees its own first ones. */
function asEntry({ type, payload, at }: AnyNewFact): Entry {
  return { type, payload, at } as Entry;
}

/** Signals of the newest look that were there long enough, strongest first. */
function believed(
  state: EndpointLearning,
  kind: AlarmKind,
  persistence: number,
  monitors: DecisionInput['monitors'],
): readonly Signal[] {
  return Object.values(state.streaks)
    .filter(streak => {
      const { signal, look, length } = streak;
      const monitor = monitorOf(signal.monitor);
      const latest = look === (state.looks[monitor] ?? 0);
      const enough = monitor === STREAM ? 1 : persistence;
      return (
        signal.kind === kind &&
        heard(signal, monitors) &&
        latest &&
        length >= enough &&
        lasts(streak, monitors)
      );
    })
    .map(({ signal }) => signal)
    .sort((a, b) => b.severity - a.severity || (a.monitor < b.monitor ? -1 : 1));
}

const YEAR = 365 * 864e5;

/**
 * The error rate over time. One look has a false signal with probability α; sliding windows are looked at daily, and a year
 * of them would have many. So a signal on inputs counts only
 *
 * - when it was there at every look for (`persistence` − 1) windows, so that windows without a common row agree (they still share
 *   the reference, so they are not independent: what that gives over a year is measured, docs/explain/alarms.md), or
 * - at once, when its corrected p is at most α divided by the looks of a year: in a year at most α in all.
 */
function lasts({ signal, since, at }: Streak, { drift, every }: DecisionInput['monitors']): boolean {
  const { pValue } = signal.evidence;
  const { window, alpha, persistence } = drift;
  if (signal.kind !== 'data-drift' || pValue === undefined) return true;
  if (window === undefined || alpha === undefined || every === undefined) return true;
  const looks = Math.max(1, YEAR / parseDuration(every));
  return pValue <= alpha / looks || at - since >= (persistence - 1) * parseDuration(window);
}

/** Looks since one last had a signal of this kind. */
function cleanLooks(state: EndpointLearning, kind: AlarmKind, monitors: DecisionInput['monitors']): number {
  let clean = Number.POSITIVE_INFINITY;
  for (const { signal, look } of Object.values(state.streaks)) {
    if (signal.kind !== kind || !heard(signal, monitors)) continue;
    clean = Math.min(clean, (state.looks[monitorOf(signal.monitor)] ?? 0) - look);
  }
  return clean;
}

function resolution(
  state: EndpointLearning,
  config: PolicyConfig,
  alarm: OpenAlarm,
  persistence: number,
  monitors: DecisionInput['monitors'],
  now: EpochMs,
): string | null {
  if (state.promotedAt !== null && state.promotedAt >= alarm.at) return 'another model was promoted';
  const clean = cleanLooks(state, alarm.kind, monitors);
  if (clean >= persistence) return `${Math.min(clean, persistence)} windows without its signals`;
  const wanted = config.answers[alarm.kind];
  if (wanted === 'hold') return null;
  const over = alarmAllowance(state, config, wanted, now).allowed;
  return over && believed(state, alarm.kind, persistence, monitors).length > 0
    ? 'its answer is over, its signals are not'
    : null;
}

/** The alarm whose answer is still open or cooling down; null when there is none, or when no alarm asked for that answer. */
function rootAlarm(
  state: EndpointLearning,
  config: PolicyConfig,
  wanted: string,
  now: EpochMs,
): string | null {
  if (wanted !== 'retrain' && wanted !== 'recalibrate') return null;
  const busy = wanted === 'retrain' && state.open !== null;
  if (!busy && now >= coolUntil(state, config, wanted)) return null;
  return state.actions.findLast(({ answer }) => answer === wanted)?.alarm ?? null;
}

function sentenceOf(signals: readonly Signal[]): string {
  const [first, ...others] = signals;
  const more =
    others.length === 0 ? '' : ` (and ${others.length} more: ${others.map(o => o.subject).join(', ')})`;
  return `${first?.sentence ?? ''}${more}`;
}
