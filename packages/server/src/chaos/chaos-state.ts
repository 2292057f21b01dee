import type { ChaosTransform } from '@twinloop/client';
import type { Entry, EpochMs, FactPayloads } from '@twinloop/kernel';
import type { LabelDelay } from '../replay/timeline.js';

/** How a model misreads its inputs: `sign` mirrors about the mean, `unit` reads them a hundred times too large. */
export interface Misreading {
  readonly column: string;
  readonly transform: ChaosTransform;
  readonly mean: number;
}

/** What the ledger says about the end of a fault, before it is said that it ended. */
export interface Ending {
  readonly outcome: FactPayloads['ChaosEnded']['outcome'];
  /** Sequence number and type of the entry that ended it; null when its time ran out. */
  readonly decision: number | null;
  readonly type: Entry['type'] | null;
  readonly at: EpochMs;
  /** Labels that the decision rests on; null when it rests on none. */
  readonly labels: number | null;
  /** The version that answers afterwards; null when the decision is not about one. */
  readonly version: number | null;
  /** The decision's own words: a finding, a reason, an answer. */
  readonly said: string | null;
}

export interface Fault extends Readonly<FactPayloads['ChaosStarted']> {
  readonly seq: number;
  readonly startedAt: EpochMs;
  /** The broken model, and what recalibration made of it. */
  readonly models: readonly string[];
  /** Answers moved away from the broken model before labels could say why. */
  readonly heldAt: EpochMs | null;
  /** The alarm whose answer ends it, or the dataset version whose check does. */
  readonly awaits: string | null;
  readonly ending: Ending | null;
}

export interface EndedFault {
  readonly started: Fault;
  readonly ended: FactPayloads['ChaosEnded'];
  readonly endedAt: EpochMs;
}

/** A fold of the ledger: what is broken on purpose, and what was. */
export interface ChaosState {
  readonly numbered: number;
  readonly running: Fault | null;
  /** Oldest first. */
  readonly ended: readonly EndedFault[];
  /** Models that misread their inputs: a broken build stays broken, also after it was rolled back. */
  readonly misread: Readonly<Record<string, readonly Misreading[]>>;
  readonly delays: readonly LabelDelay[];
}

export const emptyChaos: ChaosState = { numbered: 0, running: null, ended: [], misread: {}, delays: [] };

/** Applies one ledger entry. Entries that say nothing about a fault leave the state as it is (the same object). */
export function foldChaos(state: ChaosState, entry: Entry): ChaosState {
  switch (entry.type) {
    case 'ChaosStarted':
      return started(state, entry);
    case 'ChaosEnded':
      return ended(state, entry);
    case 'ModelRecalibrated':
      return recalibrated(state, entry.payload);
    default: {
      const { running } = state;
      if (running === null || running.ending !== null) return state;
      const after = seen(running, entry);
      return after === running ? state : { ...state, running: after };
    }
  }
}

function started(state: ChaosState, entry: Entry<'ChaosStarted'>): ChaosState {
  const { payload, at, seq } = entry;
  const { detail, kind } = payload;
  const model = typeof detail['model'] === 'string' ? detail['model'] : undefined;
  const running: Fault = {
    ...payload,
    seq,
    startedAt: at,
    models: model === undefined ? [] : [model],
    heldAt: null,
    awaits: null,
    ending: null,
  };
  return {
    ...state,
    numbered: state.numbered + 1,
    running,
    misread: model === undefined ? state.misread : { ...state.misread, [model]: misreadings(detail) },
    delays:
      kind === 'delay-labels'
        ? [
            ...state.delays,
            {
              from: at,
              until: null,
              factor: Number(detail['factor']),
              extraMs: Number(detail['extraMs']),
              missing: Number(detail['missing']),
            },
          ]
        : state.delays,
  };
}

function ended(state: ChaosState, { payload, at }: Entry<'ChaosEnded'>): ChaosState {
  const { running, delays } = state;
  if (running?.chaos !== payload.chaos) return state;
  return {
    ...state,
    running: null,
    ended: [...state.ended, { started: running, ended: payload, endedAt: at }],
    delays: delays.some(({ until }) => until === null)
      ? delays.map(delay => (delay.until === null ? { ...delay, until: at } : delay))
      : delays,
  };
}

/** A recalibrated build is the same body: it goes on misreading. */
function recalibrated(state: ChaosState, { model, previous }: FactPayloads['ModelRecalibrated']): ChaosState {
  const inherited = state.misread[previous];
  if (inherited === undefined) return state;
  const { running } = state;
  return {
    ...state,
    misread: { ...state.misread, [model]: inherited },
    running:
      running !== null && running.models.includes(previous)
        ? { ...running, models: [...running.models, model] }
        : running,
  };
}

function misreadings(detail: Fault['detail']): readonly Misreading[] {
  const found: Misreading[] = [];
  for (let i = 1; typeof detail[`column${i}`] === 'string'; i++) {
    found.push({
      column: detail[`column${i}`] as string,
      transform: detail[`transform${i}`] === 'unit' ? 'unit' : 'sign',
      mean: Number(detail[`mean${i}`]),
    });
  }
  return found;
}

/** The detail of a fault whose model misreads; {@link foldChaos} reads it back. */
export function misreadDetail(columns: readonly Misreading[]): Record<string, string | number> {
  return Object.fromEntries(
    columns.flatMap(({ column, transform, mean }, i) => [
      [`column${i + 1}`, column],
      [`transform${i + 1}`, transform],
      [`mean${i + 1}`, mean],
    ]),
  );
}

const end = (fault: Fault, entry: Entry, ending: Partial<Ending> & Pick<Ending, 'outcome'>): Fault => ({
  ...fault,
  ending: {
    decision: entry.seq,
    type: entry.type,
    at: entry.at,
    labels: null,
    version: null,
    said: null,
    ...ending,
  },
});

function seen(fault: Fault, entry: Entry): Fault {
  const ours = (model: string): boolean => fault.models.includes(model);
  switch (entry.type) {
    case 'TrafficHeld':
      return fault.heldAt === null && ours(entry.payload.model) ? { ...fault, heldAt: entry.at } : fault;
    case 'TrafficReleased':
      return ours(entry.payload.model) ? { ...fault, heldAt: null } : fault;
    case 'ModelRolledBack': {
      const { model, by, evidence, version, note } = entry.payload;
      if (!ours(model)) break;
      return end(fault, entry, {
        outcome: by === 'operator' ? 'undone' : 'caught',
        labels: evidence.n,
        version,
        said: by === 'operator' ? (note ?? null) : by,
      });
    }
    case 'ModelRejected': {
      const { model, reason, evidence } = entry.payload;
      if (!ours(model)) break;
      const byHand = reason === 'operator' || reason === 'superseded';
      return end(fault, entry, {
        outcome: byHand ? 'undone' : 'caught',
        labels: evidence.n,
        said: reason,
      });
    }
    case 'ModelPromoted': {
      const { model, previous, evidence, version, by } = entry.payload;
      // A better one took the broken one's place; a broken challenger that is promoted was not found.
      if (fault.kind === 'flip-sensor' && ours(previous))
        return end(fault, entry, { outcome: 'caught', labels: evidence.n, version, said: 'replaced' });
      if (fault.kind === 'worse-model' && ours(model))
        return end(fault, entry, { outcome: 'missed', labels: evidence.n, version, said: by });
      break;
    }
    case 'PromotionObserved':
      if (entry.payload.status === 'kept' && ours(entry.payload.model))
        return end(fault, entry, { outcome: 'missed', labels: entry.payload.evidence.n });
      break;
    case 'DatasetVersionRegistered':
      if (fault.kind === 'poison-batch' && entry.payload.source === fault.detail['source'])
        return { ...fault, awaits: entry.payload.version };
      break;
    case 'ExpectationsChecked': {
      const { version, status, findings } = entry.payload;
      if (fault.kind !== 'poison-batch' || version !== fault.awaits) break;
      const broken = findings.filter(finding => finding.severity === 'error');
      return end(fault, entry, {
        outcome: status === 'refused' ? 'caught' : 'missed',
        said: broken.map(({ message }) => message).join('; '),
      });
    }
    case 'AlarmRaised':
      if (fault.kind === 'delay-labels' && entry.payload.kind === 'labels')
        return { ...fault, awaits: entry.payload.alarm };
      break;
    case 'AlarmCoalesced':
      if (fault.kind === 'delay-labels' && entry.payload.kind === 'labels')
        return end(fault, entry, { outcome: 'caught', said: entry.payload.sentence });
      break;
    case 'AnswerDecided':
      if (fault.awaits !== null && entry.payload.alarm === fault.awaits)
        return end(fault, entry, { outcome: 'caught', said: `${entry.payload.answer}` });
      break;
    default:
      break;
  }
  const limit = fault.detail['limitMs'];
  return typeof limit === 'number' && entry.at > fault.startedAt + limit
    ? { ...end(fault, entry, { outcome: 'missed' }), ending: { ...NOTHING, at: entry.at } }
    : fault;
}

const NOTHING: Omit<Ending, 'at'> = {
  outcome: 'missed',
  decision: null,
  type: null,
  labels: null,
  version: null,
  said: null,
};

/** Traffic goes on for that long after a fault, so that what it left behind can be seen. */
const AFTERMATH = 14 * 864e5;

/** Whether a fault runs, or ended a short while ago. */
export function trafficWanted({ running, ended }: ChaosState, now: EpochMs): boolean {
  if (running !== null) return true;
  const last = ended.at(-1);
  return last !== undefined && now < last.endedAt + AFTERMATH;
}
