/**
 * Wire types of archive, restore and delete: `/objects/:kind/:id`. The id of a dataset version is `<dataset>@<version>`;
 * runs, models and projects go by their names.
 */
import type { ObjectKind } from '@twinloop/kernel';

/** POST /objects/:kind/:id/archive {reason}; POST /objects/:kind/:id/restore {}. GET /objects/archived lists them, newest first. */
export interface ObjectView {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly archived: boolean;
  readonly at: number;
  readonly by: string;
  /** Why it was archived; null after a restore. */
  readonly reason: string | null;
}

/** GET /objects/:kind/:id/dependants: what hangs on it, before anything is deleted. */
export interface DependantsView {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly archived: boolean;
  /** What uses it now, in plain words: it can be neither archived nor deleted until that has ended. */
  readonly inUse: readonly string[];
  /** What was made of it, nearest first. */
  readonly dependants: readonly DependantView[];
  /** Dependants by kind. */
  readonly counts: Readonly<Partial<Record<ObjectKind | 'rollout', number>>>;
  /** Bytes that deleting frees: its own, and with its dependants. Bytes that something else shares are not counted. */
  readonly bytes: { readonly own: number; readonly all: number };
  /** `no`: archive it first, or something that hangs on it lives; `cascade`: only together with its dependants. */
  readonly deletable: 'yes' | 'cascade' | 'no';
  /** Why not, or what is asked for; null when it may go. */
  readonly because: string | null;
}
export interface DependantView {
  /** A rollout is history: it is named, never deleted. */
  readonly kind: ObjectKind | 'rollout';
  readonly id: string;
  readonly archived: boolean;
  /** The object that it was made of: `dataset-version flights@ab12…`. */
  readonly of: string;
  readonly inUse: readonly string[];
}

/** DELETE /objects/:kind/:id {reason, confirm, cascade?}; `confirm` repeats the id. */
export interface DeletionInput {
  readonly reason: string;
  readonly confirm: string;
  readonly cascade?: boolean;
}
export interface DeletionView {
  readonly kind: ObjectKind;
  readonly id: string;
  /** What went with it, as `kind id`. */
  readonly dependants: readonly string[];
  readonly records: number;
  readonly blobs: number;
  readonly bytes: number;
}
