import { type EpochMs, hashSeed } from '@twinloop/kernel';
import { answering, type DeliveryState, endpointState, type OpenRollout } from './state.js';

export interface ShadowArm {
  readonly variant: string;
  readonly model: string;
  readonly version: number;
}
export interface LiveArm extends ShadowArm {
  /** Share of the traffic, above 0; the weights of a snapshot sum to 1. */
  readonly weight: number;
}

/** Everything that a request needs to know; immutable, so serving takes no lock and reads no store. */
export interface RoutingSnapshot {
  readonly endpoint: string;
  /** Each of them answers in shadow whatever another one answers live, so that every request is a pair. */
  readonly live: readonly LiveArm[];
  /** Who answers in shadow only. */
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
  /** Who answers this request in shadow: every other arm. */
  readonly shadows: readonly ShadowArm[];
}

/**
 * Who answers and who answers in shadow at `now`. An endpoint without a model has no live arm. A canary shares the
 * traffic between the model in charge and its challenger; while a promoted model is held, the previous one is in charge.
 */
export function routingSnapshot(state: DeliveryState, endpoint: string, now: EpochMs): RoutingSnapshot {
  const found = endpointState(state, endpoint);
  const { champion, watch, rollout } = found;
  const base = answering(found);
  if (champion === null || base === null) return { endpoint, live: [], shadows: [], validUntil: null };
  const live: LiveArm[] = [];
  const shadows: ShadowArm[] = [];
  const { variant, model, version } = base;
  const weight = rollout === null ? 0 : canaryWeight(rollout);
  live.push({ variant, model, version, weight: 1 - weight });
  const taken = (arm: ShadowArm) => [...live, ...shadows].some(other => other.model === arm.model);
  if (rollout !== null) {
    const challenger = { variant: 'challenger', model: rollout.challenger, version: rollout.nextVersion };
    if (weight > 0) live.push({ ...challenger, weight });
    else if (!taken(challenger)) shadows.push(challenger);
  }
  // A held suspect stays in shadow until labels have spoken, also beyond its window.
  const watched = watch !== null && (now < watch.until || watch.held !== null);
  if (watched) {
    const other: ShadowArm =
      watch.held === null
        ? { variant: 'previous', model: watch.previous, version: watch.previousVersion }
        : { variant: champion.variant, model: champion.model, version: champion.version };
    if (!taken(other)) shadows.push(other);
  }
  return { endpoint, live, shadows, validUntil: watched && now < watch.until ? watch.until : null };
}

function canaryWeight({ stage }: OpenRollout): number {
  return stage.kind === 'shadow' ? 0 : stage.weight;
}

/** FNV-1a alone leaves neighbouring keys close together; the finalizer of MurmurHash3 spreads them over [0, 1). */
function unitInterval(text: string): number {
  let h = hashSeed(text);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/**
 * The arm that answers. A unit always lands on the same point of [0, 1), so it keeps its variant while the weights
 * stand; a request without a unit key is a unit of its own by its id, so that one which is sent again meets the same arm.
 * @throws RangeError without a live arm: the door answers `endpoint_not_ready` before it routes
 */
export function route(snapshot: RoutingSnapshot, unit: string): Route {
  const { live, endpoint } = snapshot;
  const last = live.at(-1);
  if (last === undefined) throw new RangeError(`endpoint "${endpoint}" has no live arm`);
  let total = 0;
  for (const arm of live) total += arm.weight;
  const point = total * unitInterval(`${endpoint}/${unit}`);
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
  const { variant, model, version } = chosen;
  return { variant, model, version, propensities, shadows: shadowsOf(snapshot, chosen) };
}

/** The same array for every request of a snapshot with one live arm: nothing is made on the way of a request. */
function shadowsOf({ live, shadows }: RoutingSnapshot, chosen: LiveArm): readonly ShadowArm[] {
  if (live.length === 1) return shadows;
  const others = live.filter(arm => arm !== chosen);
  return [...others.map(({ variant, model, version }) => ({ variant, model, version })), ...shadows];
}
