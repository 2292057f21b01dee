import type { AlarmKind, Entry, EpochMs, Signal } from '@twinloop/kernel';
import { type EndpointLearning, endpointLearning, type LearningState, type OpenAlarm } from './state.js';

/** Applies one ledger entry. Entries that the policy does not read leave the state as it is (the same object). */
export function foldLearning(state: LearningState, entry: Entry): LearningState {
  const change = (endpoint: string, changes: (before: EndpointLearning) => Partial<EndpointLearning>) => {
    const before = endpointLearning(state, endpoint);
    return { ...state, endpoints: { ...state.endpoints, [endpoint]: { ...before, ...changes(before) } } };
  };
  const { at } = entry;
  switch (entry.type) {
    case 'WindowObserved':
      return change(entry.payload.endpoint, ({ looks }) => ({
        looks: { ...looks, [entry.payload.monitor]: (looks[entry.payload.monitor] ?? 0) + 1 },
      }));
    case 'SignalRaised':
      return change(entry.payload.endpoint, before => seen(before, entry.payload.signal, at));
    case 'AlarmRaised': {
      const { alarm, kind, endpoint } = entry.payload;
      return change(endpoint, ({ alarms, numbered }) => ({
        numbered: numbered + 1,
        alarms: { ...alarms, [kind]: { alarm, kind, at, answer: null } },
      }));
    }
    case 'AlarmCoalesced': {
      const { kind, into, endpoint } = entry.payload;
      return change(endpoint, ({ coalesced, numbered }) => ({
        numbered: numbered + 1,
        coalesced: { ...coalesced, [into]: [...(coalesced[into] ?? []), kind] },
      }));
    }
    case 'AlarmResolved':
      return change(entry.payload.endpoint, ({ alarms }) => ({
        alarms: filterAlarms(alarms, ({ alarm }) => alarm !== entry.payload.alarm),
      }));
    case 'AnswerDecided': {
      const { alarm = null, answer, trigger, endpoint } = entry.payload;
      return change(endpoint, ({ alarms, actions, open }) => ({
        alarms: mapAlarms(alarms, found => (found.alarm === alarm ? { ...found, answer } : found)),
        actions: answer === 'hold' ? actions : [...actions, { answer, trigger, at, alarm }],
        open: answer === 'retrain' ? { stage: 'decided', since: at, id: null } : open,
      }));
    }
    case 'RunStarted': {
      const { run, endpoint } = entry.payload;
      if (endpoint === undefined) return state;
      const next = change(endpoint, () => ({ open: { stage: 'run', since: at, id: run } }));
      return { ...next, runs: { ...state.runs, [run]: endpoint } };
    }
    case 'RunFinished': {
      const { run } = entry.payload;
      if (!Object.hasOwn(state.runs, run)) return state;
      const next = change(state.runs[run]!, ({ open }) => ({ open: open?.id === run ? null : open }));
      return { ...next, runs: Object.fromEntries(Object.entries(state.runs).filter(([id]) => id !== run)) };
    }
    case 'RolloutStarted': {
      const { endpoint, rollout } = entry.payload;
      return change(endpoint, () => ({ open: { stage: 'rollout', since: at, id: rollout } }));
    }
    case 'ModelDeployed': {
      // Another version was put in place by hand or elsewhere: like a promotion, it answers whatever was asked for.
      const { endpoint, version } = entry.payload;
      if (version === 1) return state;
      return change(endpoint, ({ open }) => ({
        open: open?.stage === 'decided' ? null : open,
        looks: {},
        streaks: {},
        promotedAt: at,
      }));
    }
    case 'ModelRejected': {
      const { endpoint, rollout } = entry.payload;
      return change(endpoint, ({ open }) => ({ open: open?.id === rollout ? null : open }));
    }
    case 'ModelPromoted': {
      const { endpoint, rollout } = entry.payload;
      return change(endpoint, ({ open }) => ({
        open: open?.id === rollout ? null : open,
        looks: {},
        streaks: {},
        promotedAt: at,
      }));
    }
    case 'ModelRolledBack':
      // Another model answers: what was seen of the one that left says nothing about it.
      return change(entry.payload.endpoint, () => ({ looks: {}, streaks: {} }));
    case 'PolicyHeld': {
      const { endpoint, reason } = entry.payload;
      return change(endpoint, () => ({ held: { reason, since: at } }));
    }
    case 'PolicyResumed':
      return change(entry.payload.endpoint, () => ({ held: null }));
    default:
      return state;
  }
}

/** Signals follow the fact of their look, so the look's number is the monitor's present count. */
function seen({ looks, streaks }: EndpointLearning, signal: Signal, at: EpochMs): Partial<EndpointLearning> {
  const look = looks[monitorOf(signal.monitor)] ?? 0;
  const before = streaks[signal.monitor];
  const length = before?.look === look ? before.length : before?.look === look - 1 ? before.length + 1 : 1;
  const since = length > 1 ? (before?.since ?? at) : at;
  return { streaks: { ...streaks, [signal.monitor]: { look, length, since, at, signal } } };
}

/** `drift/temp` → `drift`. */
export function monitorOf(name: string): string {
  const slash = name.indexOf('/');
  return slash < 0 ? name : name.slice(0, slash);
}

type Alarms = EndpointLearning['alarms'];

function mapAlarms(alarms: Alarms, change: (alarm: OpenAlarm) => OpenAlarm): Alarms {
  return Object.fromEntries(
    Object.entries(alarms).map(([kind, alarm]) => [kind as AlarmKind, change(alarm)]),
  );
}

function filterAlarms(alarms: Alarms, keep: (alarm: OpenAlarm) => boolean): Alarms {
  return Object.fromEntries(Object.entries(alarms).filter(([, alarm]) => keep(alarm)));
}
