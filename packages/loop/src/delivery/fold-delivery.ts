import type { Entry } from '@twinloop/kernel';
import {
  answering,
  championOf,
  type DeliveryState,
  type EndpointState,
  endpointState,
  nextVersion,
  type OpenRollout,
  type Predecessor,
  type PromotionWatch,
  type RolloutStage,
} from './state.js';

const HEARD = [
  'ModelDeployed',
  'RolloutStarted',
  'RolloutAdvanced',
  'RolloutObserved',
  'ModelPromoted',
  'ModelRejected',
  'PromotionObserved',
  'TrafficHeld',
  'TrafficReleased',
  'ModelRolledBack',
  'ModelRecalibrated',
] as const;
type DeliveryEntry = Entry<(typeof HEARD)[number]>;
const heard: ReadonlySet<string> = new Set(HEARD);

/** Applies one ledger entry. Entries of other rooms leave the state as it is (the same object). */
export function foldDelivery(state: DeliveryState, entry: Entry): DeliveryState {
  if (entry.type === 'ObjectDeleted') return forgotten(state, entry);
  if (!heard.has(entry.type)) return state;
  const own = entry as DeliveryEntry;
  const before = endpointState(state, own.payload.endpoint);
  const after = apply(before, own);
  return after === before ? state : { endpoints: { ...state.endpoints, [before.endpoint]: after } };
}

/** A rollback cannot go back to a model that was deleted. */
function forgotten(state: DeliveryState, { payload }: Entry<'ObjectDeleted'>): DeliveryState {
  const gone = new Set([`${payload.kind} ${payload.id}`, ...payload.dependants]);
  const hit = Object.values(state.endpoints).some(({ behind }) =>
    behind.some(({ model }) => gone.has(`model ${model}`)),
  );
  if (!hit) return state;
  const endpoints = Object.entries(state.endpoints).map(
    ([name, one]) =>
      [name, { ...one, behind: one.behind.filter(({ model }) => !gone.has(`model ${model}`)) }] as const,
  );
  return { endpoints: Object.fromEntries(endpoints) };
}

function apply(before: EndpointState, entry: DeliveryEntry): EndpointState {
  switch (entry.type) {
    case 'ModelDeployed':
      return deployed(before, entry);
    case 'ModelRecalibrated':
      return recalibrated(before, entry);
    case 'RolloutStarted':
      return { ...before, rollout: opened(before, entry) };
    case 'RolloutAdvanced':
      return advanced(before, entry);
    case 'RolloutObserved': {
      const { rollout, status, evidence } = entry.payload;
      if (before.rollout?.rollout !== rollout) return before;
      const better = status === 'better' ? evidence : before.rollout.better;
      return {
        ...before,
        rollout: { ...before.rollout, better, observed: { status, evidence, at: entry.at } },
      };
    }
    case 'ModelPromoted':
      return promoted(before, entry);
    case 'ModelRejected':
      return rejected(before, entry);
    case 'ModelRolledBack':
      return rolledBack(before, entry);
    case 'PromotionObserved': {
      const { rollout, status, evidence } = entry.payload;
      if (before.watch?.rollout !== rollout) return before;
      if (status === 'kept') return { ...before, watch: null };
      return { ...before, watch: { ...before.watch, observed: { status, evidence, at: entry.at } } };
    }
    case 'TrafficHeld': {
      const { rollout, evidence } = entry.payload;
      if (before.watch?.rollout !== rollout || before.watch.held !== null) return before;
      return withBase({ ...before, watch: { ...before.watch, held: { since: entry.at, evidence } } });
    }
    case 'TrafficReleased': {
      if (before.watch?.rollout !== entry.payload.rollout || before.watch.held === null) return before;
      return withBase({ ...before, watch: { ...before.watch, held: null, releasedAt: entry.at } });
    }
  }
}

/** A direct deployment ends what was tried and watched: neither compares with the new model. */
function deployed(before: EndpointState, { at, payload }: Entry<'ModelDeployed'>): EndpointState {
  const { model, variant, version } = payload;
  return {
    ...before,
    champion: { variant, model, version, since: at },
    watch: null,
    rollout: null,
    lastVersion: Math.max(before.lastVersion, version),
    behind: pushed(before, model, null),
    history: [...before.history, { at, change: 'deployed', model, version }],
  };
}

function recalibrated(before: EndpointState, { at, payload }: Entry<'ModelRecalibrated'>): EndpointState {
  const { model, version } = payload;
  const lastVersion = Math.max(before.lastVersion, version);
  const watch: PromotionWatch | null =
    before.watch === null ? null : { ...before.watch, model, models: [...before.watch.models, model] };
  return {
    ...before,
    champion: { variant: before.champion?.variant ?? 'champion', model, version, since: at },
    watch,
    // While the traffic is held the challenger is compared with the one that answers, which stays as it is.
    rollout: renumbered(
      before.rollout === null || watch?.held
        ? before.rollout
        : { ...before.rollout, champions: [...before.rollout.champions, model] },
      lastVersion,
    ),
    lastVersion,
    behind: pushed(before, model, null),
    history: [...before.history, { at, change: 'recalibrated', model, version }],
  };
}

function opened(before: EndpointState, { at, payload }: Entry<'RolloutStarted'>): OpenRollout {
  const { rollout, endpoint, strategy, champion, challenger, metric, alpha, steps, approval } = payload;
  return {
    rollout,
    endpoint,
    strategy,
    steps: steps ?? [],
    approval: approval ?? false,
    stage: { kind: 'shadow' },
    champions: [champion],
    challenger,
    metric,
    alpha,
    startedAt: at,
    nextVersion: nextVersion(before),
    heardSince: null,
    better: null,
    observed: null,
  };
}

function advanced(before: EndpointState, { at, payload }: Entry<'RolloutAdvanced'>): EndpointState {
  const { rollout } = before;
  if (rollout?.rollout !== payload.rollout) return before;
  const { step, weight } = payload;
  const stage: RolloutStage =
    payload.stage === 'approval'
      ? { kind: 'approval', weight, since: at }
      : { kind: 'canary', step, weight, since: at };
  return {
    ...before,
    rollout: { ...rollout, stage, heardSince: rollout.heardSince ?? (weight > 0 ? at : null) },
    // Clients see the challenger's number from now on, so that it is given.
    lastVersion: weight > 0 ? Math.max(before.lastVersion, rollout.nextVersion) : before.lastVersion,
  };
}

function promoted(before: EndpointState, { at, payload }: Entry<'ModelPromoted'>): EndpointState {
  const { model, version, previous, rollout, watchUntil } = payload;
  const variant = before.champion?.variant ?? 'champion';
  const watch: PromotionWatch = {
    rollout,
    endpoint: before.endpoint,
    model,
    models: [model],
    previous,
    previousVersion: versionOf(before, previous),
    metric: before.rollout?.metric ?? 'log_loss',
    previousLoss: payload.evidence.means?.[0] ?? null,
    since: at,
    until: watchUntil ?? at,
    held: null,
    releasedAt: null,
    observed: null,
  };
  // A suspect whose traffic was held is not what to go back to.
  const base = answering(before);
  const trusted =
    base === null || base.model === before.champion?.model ? before : { ...before, champion: base };
  return {
    ...before,
    champion: { variant, model, version, since: at },
    watch: watch.until > at && previous !== model ? watch : null,
    rollout: null,
    lastVersion: Math.max(before.lastVersion, version),
    behind: pushed({ ...trusted, behind: without(before.behind, trusted.champion?.model) }, model, rollout),
    history: [...before.history, { at, change: 'promoted', model, version }],
  };
}

function rejected(before: EndpointState, { at, payload }: Entry<'ModelRejected'>): EndpointState {
  const { model, rollout } = payload;
  const version = before.champion?.version ?? 0;
  return {
    ...before,
    rollout: before.rollout?.rollout === rollout ? null : before.rollout,
    history: [...before.history, { at, change: 'rejected', model, version }],
  };
}

/** The restored model answers under its old number. An open rollout goes on against it: both answered every request. */
function rolledBack(before: EndpointState, { at, payload }: Entry<'ModelRolledBack'>): EndpointState {
  const { restored: model, version } = payload;
  const { rollout } = before;
  return {
    ...before,
    champion: { variant: before.champion?.variant ?? 'champion', model, version, since: at },
    watch: null,
    rollout: rollout === null || rollout.challenger === model ? null : { ...rollout, champions: [model] },
    lastVersion: Math.max(before.lastVersion, version),
    behind: without(before.behind, model),
    history: [...before.history, { at, change: 'rolled-back', model, version }],
  };
}

/** The rollout goes on against whoever answers now. */
function withBase(state: EndpointState): EndpointState {
  const base = answering(state);
  if (state.rollout === null || base === null || championOf(state.rollout) === base.model) return state;
  return { ...state, rollout: { ...state.rollout, champions: [base.model] } };
}

/** In shadow nobody has seen the challenger's number: it stays the next one. */
function renumbered(rollout: OpenRollout | null, lastVersion: number): OpenRollout | null {
  if (rollout === null || (rollout.stage.kind !== 'shadow' && rollout.stage.weight > 0)) return rollout;
  return { ...rollout, nextVersion: lastVersion + 1 };
}

function pushed(
  { champion, behind }: EndpointState,
  next: string,
  replacedBy: string | null,
): readonly Predecessor[] {
  if (champion === null || champion.model === next) return behind;
  return [
    ...behind.filter(({ model }) => model !== next && model !== champion.model),
    { model: champion.model, version: champion.version, replacedBy },
  ];
}

/** Everything before `model`: going back to it undoes what came after. */
function without(behind: readonly Predecessor[], model: string | undefined): readonly Predecessor[] {
  const index = behind.findLastIndex(one => one.model === model);
  return index < 0 ? behind : behind.slice(0, index);
}

function versionOf({ champion, watch, behind }: EndpointState, model: string): number {
  if (champion?.model === model) return champion.version;
  if (watch?.previous === model) return watch.previousVersion;
  return behind.findLast(one => one.model === model)?.version ?? champion?.version ?? 0;
}
