import { type EpochMs, hashSeed } from '@twinloop/kernel';
import { type DeliveryState, endpointState } from './state.js';

export interface LiveArm {
  readonly variant: string;
  readonly model: string;
  readonly version: number;
  /** Share of the traffic; the weights of a snapshot sum to 1. */
  readonly weight: number;
}
export type ShadowArm = Omit<LiveArm, 'weight'>;

/** Everything that a request needs to know; immutable, so serving takes no lock and reads no store. */
export interface RoutingSnapshot {
  readonly endpoint: string;
  readonly live: readonly LiveArm[];
  readonly shadows: readonly ShadowArm[];
  /** The snapshot must be made anew at this time, if at all before the next fact. */
  readonly validUntil: EpochMs | null;
}

export interface Route {
  readonly variant: string;
  readonly model: string;
  readonly version: number;
  /** Probability with which each variant could have been chosen; they sum to 1. */
  readonly propensities: Readonly<Record<string, number>>;
}

/** Who answers and who answers in shadow at `now`. An endpoint without a model has no live arm. */
export function routingSnapshot(state: DeliveryState, endpoint: string, now: EpochMs): RoutingSnapshot {
  const { champion, previous, rollout } = endpointState(state, endpoint);
  if (champion === null) return { endpoint, live: [], shadows: [], validUntil: null };
  const shadows: ShadowArm[] = [];
  if (rollout !== null) {
    shadows.push({ variant: 'challenger', model: rollout.challenger, version: rollout.nextVersion });
  }
  const watched = previous !== null && now < previous.watchUntil;
  if (
    watched &&
    shadows.every(({ model }) => model !== previous.model) &&
    previous.model !== champion.model
  ) {
    shadows.push({ variant: 'previous', model: previous.model, version: champion.version - 1 });
  }
  const { variant, model, version } = champion;
  return {
    endpoint,
    live: [{ variant, model, version, weight: 1 }],
    shadows,
    validUntil: watched ? previous.watchUntil : null,
  };
}

/** FNV-1a alone leaves neighbouring keys close together; the finalizer of MurmurHash3 spreads them over [0, 1). */
function unitInterval(text: string): number {
  let h = hashSeed(text);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/**
 * The arm that answers. A unit key always lands on the same point of [0, 1), whatever `u` says, so a unit keeps
 * its variant while the weights stand; without a key, `u` (uniform in [0, 1)) decides.
 * @throws RangeError without a live arm: the door answers `endpoint_not_ready` before it routes
 */
export function route(snapshot: RoutingSnapshot, unitKey: string | null, u: number): Route {
  const { live, endpoint } = snapshot;
  const last = live.at(-1);
  if (last === undefined) throw new RangeError(`endpoint "${endpoint}" has no live arm`);
  let total = 0;
  for (const arm of live) total += arm.weight;
  const point = total * (unitKey === null ? u : unitInterval(`${endpoint}/${unitKey}`));
  let chosen = last;
  let passed = 0;
  for (const arm of live) {
    passed += arm.weight;
    if (point < passed) {
      chosen = arm;
      break;
    }
  }
  const propensities: Record<string, number> = {};
  for (const arm of live) propensities[arm.variant] = arm.weight / total;
  return { variant: chosen.variant, model: chosen.model, version: chosen.version, propensities };
}
