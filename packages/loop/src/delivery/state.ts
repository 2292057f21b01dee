import type { Entry, EpochMs, Evidence, FactPayloads } from '@twinloop/kernel';

/** The model that answers, and how many models answered before it. */
export interface Serving {
  readonly variant: string;
  readonly model: string;
  readonly version: number;
  readonly since: EpochMs;
}

export interface OpenRollout {
  readonly rollout: string;
  readonly endpoint: string;
  /** The champion, and what recalibration made of it since the start; the last one answers now. */
  readonly champions: readonly string[];
  readonly challenger: string;
  readonly metric: string;
  readonly alpha: number;
  readonly startedAt: EpochMs;
  /** The version number that the challenger would take. */
  readonly nextVersion: number;
  /** The newest look that was written down. */
  readonly observed: {
    readonly status: FactPayloads['RolloutObserved']['status'];
    readonly evidence: Evidence;
    readonly at: EpochMs;
  } | null;
}

export interface ServingChange {
  readonly at: EpochMs;
  readonly change: 'deployed' | 'promoted' | 'rejected' | 'recalibrated';
  readonly model: string;
  readonly version: number;
}

export interface EndpointState {
  readonly endpoint: string;
  readonly champion: Serving | null;
  /** The champion before the last promotion, answering in shadow while a rollback is cheap. */
  readonly previous: { readonly model: string; readonly watchUntil: EpochMs } | null;
  readonly rollout: OpenRollout | null;
  /** Oldest first. */
  readonly history: readonly ServingChange[];
}

/** A fold of the ledger: what each endpoint serves, tries and has served. */
export interface DeliveryState {
  readonly endpoints: Readonly<Record<string, EndpointState>>;
}

export const emptyDelivery: DeliveryState = { endpoints: {} };

const untouched = (endpoint: string): EndpointState => ({
  endpoint,
  champion: null,
  previous: null,
  rollout: null,
  history: [],
});

/** The model that the open rollout's challenger would replace. */
export function championOf(rollout: OpenRollout): string {
  return rollout.champions.at(-1)!;
}

export function endpointState(state: DeliveryState, endpoint: string): EndpointState {
  return Object.hasOwn(state.endpoints, endpoint) ? state.endpoints[endpoint]! : untouched(endpoint);
}

/** Applies one ledger entry. Entries of other rooms leave the state as it is (the same object). */
export function foldDelivery(state: DeliveryState, entry: Entry): DeliveryState {
  switch (entry.type) {
    case 'ModelDeployed':
    case 'RolloutStarted':
    case 'RolloutObserved':
    case 'ModelPromoted':
    case 'ModelRejected':
    case 'ModelRecalibrated': {
      const before = endpointState(state, entry.payload.endpoint);
      return { endpoints: { ...state.endpoints, [before.endpoint]: apply(before, entry) } };
    }
    default:
      return state;
  }
}

type DeliveryEntry = Entry<
  | 'ModelDeployed'
  | 'RolloutStarted'
  | 'RolloutObserved'
  | 'ModelPromoted'
  | 'ModelRejected'
  | 'ModelRecalibrated'
>;

function apply(before: EndpointState, entry: DeliveryEntry): EndpointState {
  const variant = before.champion?.variant ?? 'champion';
  const { at } = entry;
  switch (entry.type) {
    case 'ModelDeployed': {
      const { model, version } = entry.payload;
      return {
        ...before,
        champion: { variant: entry.payload.variant, model, version, since: at },
        previous: null,
        history: [...before.history, { at, change: 'deployed', model, version }],
      };
    }
    case 'RolloutStarted': {
      const { rollout, endpoint, champion, challenger, metric, alpha } = entry.payload;
      const nextVersion = (before.champion?.version ?? 0) + 1;
      return {
        ...before,
        rollout: {
          rollout,
          endpoint,
          champions: [champion],
          challenger,
          metric,
          alpha,
          startedAt: at,
          nextVersion,
          observed: null,
        },
      };
    }
    case 'RolloutObserved': {
      if (before.rollout?.rollout !== entry.payload.rollout) return before;
      const { status, evidence } = entry.payload;
      return { ...before, rollout: { ...before.rollout, observed: { status, evidence, at } } };
    }
    case 'ModelPromoted': {
      const { model, version, previous, watchUntil } = entry.payload;
      return {
        ...before,
        champion: { variant, model, version, since: at },
        previous: { model: previous, watchUntil: watchUntil ?? at },
        rollout: null,
        history: [...before.history, { at, change: 'promoted', model, version }],
      };
    }
    case 'ModelRejected': {
      const { model } = entry.payload;
      const version = before.champion?.version ?? 0;
      return {
        ...before,
        rollout: before.rollout?.rollout === entry.payload.rollout ? null : before.rollout,
        history: [...before.history, { at, change: 'rejected', model, version }],
      };
    }
    case 'ModelRecalibrated': {
      const { model, version } = entry.payload;
      return {
        ...before,
        champion: { variant, model, version, since: at },
        rollout:
          before.rollout === null
            ? null
            : {
                ...before.rollout,
                champions: [...before.rollout.champions, model],
                nextVersion: version + 1,
              },
        history: [...before.history, { at, change: 'recalibrated', model, version }],
      };
    }
  }
}
