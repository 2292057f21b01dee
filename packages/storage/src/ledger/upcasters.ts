import type { FactPayloads, FactType } from '@twinloop/kernel';

/** Turns the payload that version `v` of a fact type wrote into the next version's. */
export type Upcaster = (payload: unknown) => unknown;
/** By fact type, then by the version an upcaster reads. */
export type Upcasters = Partial<Record<FactType, Readonly<Record<number, Upcaster>>>>;

/** Every fact type still has its first shape. */
export const UPCASTERS: Upcasters = {};

/** Today's payload of an entry written at version `v`: upcasters apply one after another until none is left. */
export function upcast<T extends FactType>(
  type: T,
  v: number,
  payload: unknown,
  upcasters: Upcasters = UPCASTERS,
): FactPayloads[T] {
  const steps = upcasters[type];
  let current = payload;
  for (let version = v; steps?.[version] !== undefined; version++) current = steps[version]!(current);
  return current as FactPayloads[T];
}
