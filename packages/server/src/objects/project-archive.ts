import { rm } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { DeletionInput, DeletionView, DependantsView, ObjectView } from '@twinloop/client';
import {
  actorName,
  type AnyNewFact,
  type EpochMs,
  fact,
  type Principal,
  type ProjectId,
  type ProjectRecord,
  TwinloopError,
} from '@twinloop/kernel';
import { emptyObjects, foldObjects, objectKey, type ObjectsState } from '@twinloop/loop/governance';
import type { Shared } from '../project/stores.js';
import { archivedView, deletedError, inUseError } from './views.js';

/** What the server knows of a project that it may close, open and forget. */
export interface ProjectDoor {
  record(project: ProjectId): ProjectRecord | undefined;
  /** Runs that are open in it; none when it does not serve. */
  openRuns(project: ProjectId): readonly string[];
  /** Its own time: the virtual clock's, or wall time. */
  now(project: ProjectId): Promise<EpochMs>;
  /** Ends its clock, its monitors and its traffic; what it has stays. */
  shut(project: ProjectId): Promise<void>;
  reopen(record: ProjectRecord): Promise<void>;
  forget(project: ProjectId): void;
}

/** Whole projects: archived ones serve nothing and keep everything, deleted ones keep their ledger alone. */
export class ProjectArchive {
  readonly #shared: Shared;
  readonly #door: ProjectDoor;

  constructor(shared: Shared, door: ProjectDoor) {
    this.#shared = shared;
    this.#door = door;
  }

  /** What the project's own ledger says of it. */
  async #state(project: ProjectId): Promise<ObjectsState> {
    const types = ['ObjectArchived', 'ObjectRestored', 'ObjectDeleted'] as const;
    return (await this.#shared.ledger.read({ project, types })).reduce(foldObjects, emptyObjects);
  }

  async isArchived(project: ProjectId): Promise<boolean> {
    return (await this.#state(project)).archived.has(objectKey('project', project));
  }

  /** Names of deleted projects stay taken: their chains are closed. @throws object_deleted */
  async demandNotDeleted(project: ProjectId): Promise<void> {
    const gone = (await this.#state(project)).deleted.get(objectKey('project', project));
    if (gone === undefined) return;
    throw deletedError(
      { kind: 'project', id: project },
      gone,
      'Its ledger is closed and keeps the name; choose another one.',
    );
  }

  /** The archived project itself, as a list of one; empty when it serves. */
  async archived(project: ProjectId): Promise<readonly ObjectView[]> {
    const one = (await this.#state(project)).archived.get(objectKey('project', project));
    return one === undefined ? [] : [archivedView(one)];
  }

  async archive(project: ProjectId, reason: string, principal: Principal): Promise<ObjectView> {
    await this.#demandKnown(project);
    const [known] = await this.archived(project);
    if (known !== undefined) return known;
    const runs = this.#door.openRuns(project);
    if (runs.length > 0)
      throw inUseError(
        { kind: 'project', id: project },
        runs.map(run => `${run} is open`),
      );
    const at = await this.#door.now(project);
    // Said first: a crash in between finds the project archived.
    await this.#say(
      project,
      fact('ObjectArchived', { kind: 'project', id: project, reason }, { at, actor: actorName(principal) }),
    );
    await this.#door.shut(project);
    return (await this.archived(project))[0]!;
  }

  async restore(project: ProjectId, principal: Principal): Promise<ObjectView> {
    const record = await this.#demandKnown(project);
    await this.#demandArchived(project);
    const at = await this.#door.now(project);
    const by = actorName(principal);
    // Opened first: a project that cannot be opened stays archived.
    await this.#door.reopen(record);
    await this.#say(project, fact('ObjectRestored', { kind: 'project', id: project }, { at, actor: by }));
    return { kind: 'project', id: project, archived: false, at, by, reason: null };
  }

  async dependants(project: ProjectId): Promise<DependantsView> {
    await this.#demandKnown(project);
    const { metadata, blobs } = this.#shared;
    const [datasets, runs, models, usage, archived] = await Promise.all([
      metadata.datasets.list(project),
      metadata.runs.list(project),
      metadata.models.list(project),
      blobs.usage(project),
      this.isArchived(project),
    ]);
    const inUse = this.#door.openRuns(project).map(run => `${run} is open`);
    return {
      kind: 'project',
      id: project,
      archived,
      inUse,
      // They are in the project, not beside it: counted, not listed one by one.
      dependants: [],
      counts: { 'dataset-version': datasets.length, run: runs.length, model: models.length },
      bytes: { own: usage.bytes, all: usage.bytes },
      deletable: archived ? 'yes' : 'no',
      because: archived ? null : 'archive it first',
    };
  }

  async delete(project: ProjectId, input: DeletionInput, principal: Principal): Promise<DeletionView> {
    const record = await this.#demandKnown(project);
    if (input.confirm !== project)
      throw new TwinloopError('invalid_request', {
        field: 'confirm',
        values: { reason: `confirm does not repeat the id ${project}` },
      });
    await this.#demandArchived(project);
    const at = await this.#door.now(project);
    await this.#say(
      project,
      fact(
        'ObjectDeleted',
        { kind: 'project', id: project, reason: input.reason, dependants: [] },
        { at, actor: actorName(principal) },
      ),
    );
    const gone = await this.#remove(record);
    this.#door.forget(project);
    return { kind: 'project', id: project, dependants: [], ...gone };
  }

  /** Takes up the deletion that a crash cut off; true when the project is gone. */
  async finish(record: ProjectRecord): Promise<boolean> {
    const { deleted } = await this.#state(record.project);
    if (!deleted.has(objectKey('project', record.project))) return false;
    await this.#remove(record);
    return true;
  }

  /** The records go last: after a crash they still say that something is left. */
  async #remove({ project, directory }: ProjectRecord) {
    const { log, blobs, metadata, ownProjects } = this.#shared;
    await log.drop(project);
    const usage = await blobs.deleteAll(project);
    // A directory that somebody else made is theirs.
    if (resolve(directory).startsWith(join(ownProjects, sep)))
      await rm(resolve(directory), { recursive: true, force: true });
    const records = await metadata.remove(project, 'everything');
    return { records, blobs: usage.blobs, bytes: usage.bytes };
  }

  async #demandKnown(project: ProjectId): Promise<ProjectRecord> {
    const record = this.#door.record(project);
    if (record !== undefined) return record;
    await this.demandNotDeleted(project);
    throw new TwinloopError('not_found', { values: { what: `Project ${project}` } });
  }

  async #demandArchived(project: ProjectId): Promise<void> {
    if (await this.isArchived(project)) return;
    throw new TwinloopError('object_not_archived', { values: { kind: 'project', id: project } });
  }

  async #say(project: ProjectId, news: AnyNewFact): Promise<void> {
    await this.#shared.ledger.append(project, [news]);
  }
}
