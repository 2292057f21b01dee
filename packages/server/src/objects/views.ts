import type { DependantsView, ObjectView } from '@twinloop/client';
import { type ObjectKind, TwinloopError } from '@twinloop/kernel';
import type { ArchivedObject, ObjectsState } from '@twinloop/loop/governance';
import type { Dependant } from './dependants.js';
import { keyOf, type ObjectRef } from './ids.js';

export const wordOf = (kind: ObjectKind): string => {
  const words = kind.replace('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export function archivedView({ kind, id, at, by, reason }: ArchivedObject): ObjectView {
  return { kind, id, archived: true, at, by, reason };
}

export function inUseError({ kind, id }: ObjectRef, by: readonly string[]): TwinloopError {
  return new TwinloopError('object_in_use', { values: { kind: wordOf(kind), id, by: by.join('; ') } });
}

export function deletedError(
  { kind, id }: ObjectRef,
  gone: { readonly recordedAt: number; readonly reason: string },
  hint?: string,
): TwinloopError {
  const date = new Date(gone.recordedAt).toISOString().slice(0, 10);
  return new TwinloopError('object_deleted', {
    values: { kind: wordOf(kind), id, date, reason: gone.reason },
    ...(hint === undefined ? {} : { hint }),
  });
}

export interface DependantsFound {
  readonly object: ObjectRef;
  readonly dependants: readonly Dependant[];
  readonly archived: ObjectsState['archived'];
  readonly uses: ReadonlyMap<string, readonly string[]>;
  readonly bytes: DependantsView['bytes'];
  readonly openRuns: readonly string[];
}

export function describeDependants(found: DependantsFound): DependantsView {
  const { object, dependants, archived, uses, bytes, openRuns } = found;
  const inUse = uses.get(keyOf(object)) ?? [];
  const views = dependants.map(({ kind, id, of }) => ({
    kind,
    id,
    archived: archived.has(`${kind} ${id}`),
    of: keyOf(of),
    inUse: uses.get(`${kind} ${id}`) ?? [],
  }));
  const counts: Partial<Record<ObjectKind | 'rollout', number>> = {};
  for (const { kind } of views) counts[kind] = (counts[kind] ?? 0) + 1;
  const objects = views.filter(({ kind }) => kind !== 'rollout');
  const living = objects.find(one => !one.archived || one.inUse.length > 0);
  const isArchived = archived.has(keyOf(object));
  let deletable: DependantsView['deletable'] = 'no';
  let because: string | null = null;
  if (inUse.length > 0) because = `it is in use: ${inUse.join('; ')}`;
  else if (!isArchived) because = 'archive it first';
  else if (living !== undefined)
    because =
      living.inUse.length > 0
        ? `${living.kind} ${living.id} hangs on it and is in use: ${living.inUse.join('; ')}`
        : `${living.kind} ${living.id} hangs on it and is not archived`;
  else if (openRuns.length > 0) because = `${openRuns[0]} is open and may share what would go`;
  else if (objects.length > 0) {
    deletable = 'cascade';
    because = 'what hangs on it is archived and goes with it';
  } else deletable = 'yes';
  return { ...object, archived: isArchived, inUse, dependants: views, counts, bytes, deletable, because };
}
