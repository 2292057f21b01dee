import type { Entry, EpochMs, ObjectKind } from '@twinloop/kernel';

export interface ArchivedObject {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly at: EpochMs;
  readonly by: string;
  readonly reason: string;
}
export interface DeletedObject {
  readonly at: EpochMs;
  /** Wall time. */
  readonly recordedAt: EpochMs;
  readonly reason: string;
}

/** A fold of the ledger: what is out of the lists, and what is gone. Keys are `kind id`, as `ObjectDeleted` names dependants. */
export interface ObjectsState {
  readonly archived: ReadonlyMap<string, ArchivedObject>;
  readonly deleted: ReadonlyMap<string, DeletedObject>;
}

export const emptyObjects: ObjectsState = { archived: new Map(), deleted: new Map() };

export function objectKey(kind: ObjectKind, id: string): string {
  return `${kind} ${id}`;
}

/** Applies one ledger entry; entries of other rooms leave the state as it is (the same object). */
export function foldObjects(state: ObjectsState, entry: Entry): ObjectsState {
  switch (entry.type) {
    case 'ObjectArchived': {
      const { kind, id, reason } = entry.payload;
      const archived = new Map(state.archived);
      archived.set(objectKey(kind, id), { kind, id, reason, at: entry.at, by: entry.actor });
      return { ...state, archived };
    }
    case 'ObjectRestored': {
      const archived = new Map(state.archived);
      archived.delete(objectKey(entry.payload.kind, entry.payload.id));
      return { ...state, archived };
    }
    case 'ObjectDeleted': {
      const { kind, id, reason, dependants } = entry.payload;
      const archived = new Map(state.archived);
      const deleted = new Map(state.deleted);
      for (const key of [objectKey(kind, id), ...dependants]) {
        archived.delete(key);
        deleted.set(key, { at: entry.at, recordedAt: entry.recordedAt, reason });
      }
      return { archived, deleted };
    }
    // Names come from content: the same content makes the same object again, and it is there again.
    case 'ModelRegistered':
      return there(state, objectKey('model', entry.payload.model));
    case 'DatasetVersionRegistered':
      return there(state, objectKey('dataset-version', `${entry.payload.dataset}@${entry.payload.version}`));
    default:
      return state;
  }
}

function there(state: ObjectsState, key: string): ObjectsState {
  if (!state.archived.has(key) && !state.deleted.has(key)) return state;
  const [archived, deleted] = [new Map(state.archived), new Map(state.deleted)];
  archived.delete(key);
  deleted.delete(key);
  return { archived, deleted };
}
