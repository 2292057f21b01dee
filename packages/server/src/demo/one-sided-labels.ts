import {
  parseDuration,
  type AnyNewFact,
  type Entry,
  type EpochMs,
  type FactPayloads,
} from '@twinloop/kernel';
import {
  emptyDelivery,
  endpointState,
  foldDelivery,
  observeRollout,
  route,
  routingSnapshot,
  startRollout,
  type ArmCoverage,
  type DeliveryState,
  type RolloutConfig,
} from '@twinloop/loop/delivery';
import type { PastModels, PastScores } from './past-models.js';

const ENDPOINT = 'late';
const EVERY = 6 * 36e5;
const ARMS = ['champion', 'challenger'] as const;

export interface OneSidedEnd {
  /** Whether the challenger ever answered clients. */
  readonly canary: boolean;
  readonly end: 'promoted' | FactPayloads['ModelRejected']['reason'];
}

/**
 * Plays one canary whose labels come for one variant only once both answer clients: `silent` names the one without.
 * Routing, looks and decisions are those of the delivery room.
 */
export function playOneSided(
  past: PastModels,
  startedAt: EpochMs,
  scores: { readonly champion: PastScores; readonly challenger: PastScores },
  silent: (typeof ARMS)[number],
): OneSidedEnd {
  const config: RolloutConfig = { ...past.config.endpoint!.rollout, strategy: 'canary', approval: false };
  const settle = parseDuration(config.settle);
  const longest = parseDuration(config.timeout) * (config.steps.length + 2);
  const rows = past.between(startedAt, startedAt + longest);
  let state = folded(emptyDelivery, [deployed(startedAt)]);
  state = folded(
    state,
    startRollout(state, {
      endpoint: ENDPOINT,
      rollout: 'r',
      challenger: 'challenger',
      config,
      now: startedAt,
      actor: 'study',
    }),
  );
  /** Who answered each row so far. */
  const answered: string[] = [];
  let canary = false;
  for (let now = startedAt + EVERY; ; now += EVERY) {
    const snapshot = routingSnapshot(state, ENDPOINT, now);
    while (answered.length < rows.length && past.at[rows[answered.length]!]! < now)
      answered.push(route(snapshot, `row ${rows[answered.length]}`).model);
    const rollout = endpointState(state, ENDPOINT).rollout!;
    const since = rollout.stage.kind === 'shadow' ? rollout.startedAt : rollout.stage.since;
    const said = answered.flatMap((model, i) =>
      past.arrived[rows[i]!]! <= now && !(canary && model === silent) ? [i] : [],
    );
    const column = (values: Float64Array): Float64Array => Float64Array.from(said, i => values[rows[i]!]!);
    const known = new Set(said);
    const coverage = ARMS.map((variant): ArmCoverage => {
      const due = answered.flatMap((model, i) => {
        const at = past.at[rows[i]!]!;
        return model === variant && at >= since && at < now - settle ? [i] : [];
      });
      return { variant, predictions: due.length, labelled: due.filter(i => known.has(i)).length };
    });
    const facts = observeRollout(
      config,
      rollout,
      {
        paired: {
          ids: [],
          predictedAt: column(past.at),
          arrivedAt: column(past.arrived),
          label: column(past.label),
          a: column(scores.champion),
          b: column(scores.challenger),
        },
        coverage: rollout.stage.kind === 'shadow' ? coverage.slice(0, 1) : coverage,
        service: ARMS.map(variant => ({
          variant,
          model: variant,
          requests: answered.filter((model, i) => model === variant && past.at[rows[i]!]! >= since).length,
          errors: 0,
          p95Ms: 1,
        })),
      },
      now,
    );
    state = folded(state, facts);
    canary ||= facts.some(({ type }) => type === 'RolloutAdvanced');
    const end = facts.find(({ type }) => type === 'ModelPromoted' || type === 'ModelRejected');
    if (end?.type === 'ModelPromoted') return { canary, end: 'promoted' };
    if (end?.type === 'ModelRejected') return { canary, end: end.payload.reason };
  }
}

function deployed(at: EpochMs): AnyNewFact {
  return {
    type: 'ModelDeployed',
    payload: { endpoint: ENDPOINT, variant: 'champion', model: 'champion', version: 1, reason: 'study' },
    at,
    actor: 'study',
  };
}

/** The fold reads type, time and payload only. */
function folded(state: DeliveryState, facts: readonly AnyNewFact[]): DeliveryState {
  return facts.reduce((before, fact) => foldDelivery(before, fact as unknown as Entry), state);
}
