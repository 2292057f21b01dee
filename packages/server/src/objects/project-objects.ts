import type { DeletionInput, DeletionView, DependantsView, ObjectView } from '@twinloop/client';
import {
  actorName,
  type BlobStore,
  type Clock,
  type ContentHash,
  fact,
  type Ledger,
  type MetadataStore,
  type ObjectKind,
  type Principal,
  type ProjectId,
  TwinloopError,
} from '@twinloop/kernel';
import { objectKey } from '@twinloop/loop/governance';
import type { ObjectsService } from '../app.js';
import type { FactStream } from '../runtime/fact-stream.js';
import type { ProjectState } from '../runtime/project-state.js';
import { type Dependant, dependantsOf } from './dependants.js';
import { findObject, keyOf, type ObjectRef, type Records, versionId } from './ids.js';
import { bytesOf, carryOut, planRemoval, type RemovalPorts } from './removal.js';
import { archivedView, deletedError, describeDependants, inUseError, wordOf } from './views.js';
import { usesNow } from './uses.js';

export interface ObjectsParts {
  readonly project: ProjectId;
  readonly endpoint: string;
  readonly declared: readonly string[];
  readonly state: ProjectState;
  readonly facts: FactStream;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly openRuns: () => readonly string[];
}

/** Archive, restore and delete for what is in one open project. One change at a time. */
export class ProjectObjects implements ObjectsService {
  readonly #parts: ObjectsParts;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(parts: ObjectsParts) {
    this.#parts = parts;
  }

  async archived(): Promise<readonly ObjectView[]> {
    return [...this.#parts.state.objects.archived.values()].reverse().map(archivedView);
  }

  archive(kind: ObjectKind, id: string, reason: string, principal: Principal): Promise<ObjectView> {
    return this.#alone(async () => {
      const records = await this.#records();
      const object = this.#find(records, kind, id);
      const known = this.#parts.state.objects.archived.get(keyOf(object));
      if (known !== undefined) return archivedView(known);
      this.#demandUnused(object, this.#uses(records));
      await this.#say(at =>
        fact('ObjectArchived', { ...object, reason }, { at, actor: actorName(principal) }),
      );
      return archivedView(this.#parts.state.objects.archived.get(keyOf(object))!);
    });
  }

  restore(kind: ObjectKind, id: string, principal: Principal): Promise<ObjectView> {
    return this.#alone(async () => {
      const object = this.#find(await this.#records(), kind, id);
      this.#demandArchived(object);
      const by = actorName(principal);
      await this.#say(at => fact('ObjectRestored', object, { at, actor: by }));
      return { ...object, archived: false, at: this.#parts.clock.now(), by, reason: null };
    });
  }

  async dependants(kind: ObjectKind, id: string): Promise<DependantsView> {
    const records = await this.#records();
    const object = this.#find(records, kind, id);
    const ports = await this.#removalPorts();
    const found = await this.#dependants(object, records);
    const own = await planRemoval(ports, records, [object]);
    const all = await planRemoval(ports, records, [object, ...deletable(found)]);
    return describeDependants({
      object,
      dependants: found,
      archived: this.#parts.state.objects.archived,
      uses: this.#uses(records),
      bytes: { own: await bytesOf(ports, own), all: await bytesOf(ports, all) },
      openRuns: this.#parts.openRuns(),
    });
  }

  delete(kind: ObjectKind, id: string, input: DeletionInput, principal: Principal): Promise<DeletionView> {
    return this.#alone(async () => {
      const records = await this.#records();
      const object = this.#find(records, kind, id);
      if (input.confirm !== id && input.confirm !== object.id)
        throw new TwinloopError('invalid_request', {
          field: 'confirm',
          values: { reason: `confirm does not repeat the id ${object.id}` },
        });
      this.#demandArchived(object);
      const uses = this.#uses(records);
      const dependants = deletable(await this.#dependants(object, records));
      for (const one of [object, ...dependants]) this.#demandUnused(one, uses);
      const { archived } = this.#parts.state.objects;
      const living = dependants.filter(one => !archived.has(keyOf(one)));
      if (living.length > 0 || (dependants.length > 0 && input.cascade !== true)) {
        const named = living.length > 0 ? living : dependants;
        throw new TwinloopError('object_has_dependants', {
          values: {
            kind: wordOf(object.kind),
            id: object.id,
            count: named.length,
            names: named.slice(0, 10).map(keyOf).join(', '),
          },
          ...(living.length > 0
            ? { hint: 'These are not archived. Archive them first, then delete with `cascade`.' }
            : { hint: 'All of them are archived: repeat with `cascade` to delete them too.' }),
        });
      }
      // A build under way may find bytes in the cache that would go.
      const [open] = this.#parts.openRuns();
      if (open !== undefined) throw new TwinloopError('run_open', { values: { run: open } });
      const ports = await this.#removalPorts();
      const removal = await planRemoval(ports, records, [object, ...dependants]);
      await this.#say(at =>
        fact(
          'ObjectDeleted',
          { ...object, reason: input.reason, dependants: dependants.map(keyOf) },
          { at, actor: actorName(principal) },
        ),
      );
      const done = await carryOut(ports, removal);
      return { ...object, dependants: dependants.map(keyOf), ...done };
    });
  }

  /** Takes up deletions that a crash cut off. */
  async finish(): Promise<void> {
    const { deleted } = this.#parts.state.objects;
    if (deleted.size === 0) return;
    const records = await this.#records();
    const left = objectsOf(records).filter(one => deleted.has(keyOf(one)));
    if (left.length === 0) return;
    const ports = await this.#removalPorts();
    await carryOut(ports, await planRemoval(ports, records, left));
  }

  /** @throws object_deleted */
  demandThere(kind: ObjectKind, id: string): void {
    const gone = this.#parts.state.objects.deleted.get(objectKey(kind, id));
    if (gone !== undefined) throw deletedError({ kind, id }, gone);
  }

  /** What a list shows: without what was archived, or with it, marked so. */
  listed<T extends { readonly archived?: true }>(
    kind: ObjectKind,
    views: readonly T[],
    idOf: (view: T) => string,
    withArchived = false,
  ): readonly T[] {
    const { archived } = this.#parts.state.objects;
    if (archived.size === 0) return views;
    return views.flatMap(view => {
      if (!archived.has(objectKey(kind, idOf(view)))) return [view];
      return withArchived ? [{ ...view, archived: true as const }] : [];
    });
  }

  async #records(): Promise<Records> {
    const { metadata, project } = this.#parts;
    const [datasets, runs, models] = await Promise.all([
      metadata.datasets.list(project),
      metadata.runs.list(project),
      metadata.models.list(project),
    ]);
    return { datasets, runs, models };
  }

  #find(records: Records, kind: ObjectKind, id: string): ObjectRef {
    const object = findObject(records, kind, id);
    this.demandThere(kind, object?.id ?? id);
    if (object === undefined)
      throw new TwinloopError('not_found', { values: { what: `${wordOf(kind)} ${id}` } });
    return object;
  }

  #uses(records: Records): ReadonlyMap<string, readonly string[]> {
    const { state, endpoint, openRuns, declared } = this.#parts;
    return usesNow({ state, endpoint, openRuns: openRuns(), records, declared });
  }

  async #dependants(object: ObjectRef, records: Records): Promise<readonly Dependant[]> {
    const { ledger, project, state } = this.#parts;
    const started = await ledger.read({ project, types: ['RolloutStarted'] });
    return dependantsOf(
      object,
      records,
      state.recalibrated,
      started.filter(entry => entry.type === 'RolloutStarted'),
    );
  }

  async #removalPorts(): Promise<RemovalPorts> {
    const { project, metadata, blobs, ledger } = this.#parts;
    const cards = new Map<string, ContentHash[]>();
    for (const { type, payload } of await ledger.read({ project, types: ['CardWritten'] }))
      if (type === 'CardWritten')
        cards.set(payload.model, [...(cards.get(payload.model) ?? []), payload.blob]);
    return { project, metadata, blobs, cards };
  }

  #demandArchived(object: ObjectRef): void {
    if (this.#parts.state.objects.archived.has(keyOf(object))) return;
    throw new TwinloopError('object_not_archived', { values: { ...object } });
  }

  #demandUnused(object: ObjectRef, uses: ReadonlyMap<string, readonly string[]>): void {
    const by = uses.get(keyOf(object));
    if (by !== undefined) throw inUseError(object, by);
  }

  async #say(make: (at: number) => Parameters<FactStream['append']>[0][number]): Promise<void> {
    await this.#parts.facts.append([make(this.#parts.clock.now())]);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => undefined);
    return done;
  }
}

/** Rollouts are history: they stay. */
function deletable(found: readonly Dependant[]): readonly ObjectRef[] {
  return found.flatMap(({ kind, id }) => (kind === 'rollout' ? [] : [{ kind, id }]));
}

function objectsOf(records: Records): readonly ObjectRef[] {
  return [
    ...records.datasets.map(one => ({ kind: 'dataset-version' as const, id: versionId(one) })),
    ...records.runs.map(({ run }) => ({ kind: 'run' as const, id: run })),
    ...records.models.map(({ model }) => ({ kind: 'model' as const, id: model })),
  ];
}
