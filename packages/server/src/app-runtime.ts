import { isAbsolute, resolve } from 'node:path';
import type { PlanView, ProjectView } from '@twinloop/client';
import {
  actorName,
  DEFAULT_PROJECT,
  fact,
  TwinloopError,
  type Principal,
  type ProjectId,
  type ProjectRecord,
} from '@twinloop/kernel';
import { exposition } from '@twinloop/protocols/prometheus';
import type { Gap } from './chaos/chaos-desk.js';
import type { App, ArchivedQuery, LedgerService, ObjectsService, ProjectFile } from './app.js';
import { secretsOf } from './config/check-channels.js';
import { runsCommands } from './config/check-project.js';
import { loadProject } from './config/load-project.js';
import { planChanges } from './config/plan-project.js';
import type { LoadedProject } from './config/project-config.js';
import { Drafts } from './drafts/drafts.js';
import { keyRing } from './key-ring.js';
import { checkSecrets } from './process/secrets.js';
import { ProjectArchive, type ProjectDoor } from './objects/project-archive.js';
import { LedgerReader } from './project/ledger-reader.js';
import { openProject, type OpenProject } from './project/open-project.js';
import type { Service } from './project/service.js';
import type { Shared } from './project/stores.js';
import { parseTime } from './runtime/zoned-time.js';
import { metricFamilies } from './views/metrics.js';

/** Where a project's virtual clock stood when it was last saved, besides what its replay saves. */
const CLOCK = 'clock';

export interface AppRuntimeParts {
  readonly shared: Shared;
  readonly newSecret: () => string;
  readonly newKeyId: () => string;
  /** Where drafts and the projects made of them lie, and how large an upload may be. */
  readonly drafts: { readonly directory: string; readonly projects: string; readonly uploadLimit: number };
}

/** The product behind the door: its projects and its keys. */
export class AppRuntime implements App {
  readonly keys: App['keys'];
  readonly drafts: Drafts;
  readonly #parts: AppRuntimeParts;
  readonly #open = new Map<ProjectId, OpenProject>();
  readonly #records = new Map<ProjectId, ProjectRecord>();
  /** Applies of one project follow each other. */
  #applying: Promise<unknown> = Promise.resolve();
  readonly #archive: ProjectArchive;
  #ready = false;

  constructor(parts: AppRuntimeParts) {
    this.#parts = parts;
    const { shared, newSecret, newKeyId } = parts;
    this.#archive = new ProjectArchive(shared, this.#projectDoor());
    const { metadata, ledger, wallNow } = shared;
    this.drafts = new Drafts({
      shared,
      ...parts.drafts,
      taken: project => this.#records.has(project),
      apply: (file, principal) => this.apply(file, principal),
      startRun: (project, reason, principal) => this.project(project).startRun({ reason }, principal),
    });
    this.keys = keyRing({ metadata, ledger, wallNow, newSecret, newKeyId });
  }

  /** Opens every project that was applied; afterwards the server is ready. */
  async start(): Promise<void> {
    for (const record of await this.#parts.shared.metadata.projects.list()) {
      if (await this.#archive.finish(record)) continue;
      if (await this.#archive.isArchived(record.project)) this.#records.set(record.project, record);
      else await this.#openProject(loadProject(record.config, record.directory), record);
    }
    await this.drafts.start();
    this.#ready = true;
  }

  async close(): Promise<void> {
    this.#ready = false;
    await this.#applying;
    for (const project of this.#open.values()) await project.close();
  }

  project(id: ProjectId): Service {
    const open = this.#open.get(this.#meant(id));
    if (open === undefined && this.#records.has(id))
      throw new TwinloopError('project_archived', { values: { project: id } });
    if (open === undefined)
      throw new TwinloopError('not_found', {
        values: { what: `Project ${id}` },
        hint: 'Apply one with `twinloop apply`.',
      });
    return open.service;
  }

  /** Unprefixed URLs mean `default`, or the only project that serves. */
  #meant(id: ProjectId): ProjectId {
    const only = this.#open.size === 1 ? [...this.#open.keys()][0] : undefined;
    return id === DEFAULT_PROJECT && !this.#records.has(id) ? (only ?? id) : id;
  }

  projects({ archived = false }: ArchivedQuery = {}): readonly ProjectView[] {
    return [...this.#records.values()].flatMap(({ project, directory, configHash, appliedAt }) => {
      const open = this.#open.get(project);
      if (open === undefined && !archived) return [];
      return {
        project,
        file: `${directory}/twinloop.yaml`,
        configHash,
        appliedAt,
        demo: open?.loaded.config.demo === true,
        ...(open === undefined ? { archived: true as const } : {}),
      };
    });
  }

  objects(named: ProjectId): ObjectsService {
    const id = this.#meant(named);
    const archive = this.#archive;
    const inside = (): ObjectsService => this.project(id).objects;
    // Closing and opening a project follows its applies.
    const alone = <T>(work: () => Promise<T>): Promise<T> => {
      const done = this.#applying.then(work);
      this.#applying = done.catch(() => undefined);
      return done;
    };
    return {
      archived: async () => (this.#open.has(id) ? inside().archived() : archive.archived(id)),
      archive: async (kind, name, reason, principal) =>
        kind === 'project'
          ? alone(() => archive.archive(id, reason, principal))
          : inside().archive(kind, name, reason, principal),
      restore: async (kind, name, principal) =>
        kind === 'project'
          ? alone(() => archive.restore(id, principal))
          : inside().restore(kind, name, principal),
      dependants: async (kind, name) =>
        kind === 'project' ? archive.dependants(id) : inside().dependants(kind, name),
      delete: async (kind, name, input, principal) =>
        kind === 'project'
          ? alone(() => archive.delete(id, input, principal))
          : inside().delete(kind, name, input, principal),
    };
  }

  async ledger(named: ProjectId): Promise<LedgerService> {
    const id = this.#meant(named);
    const open = this.#open.get(id);
    if (open !== undefined) return open.service;
    const { shared } = this.#parts;
    const record = this.#records.get(id);
    const timezone =
      record === undefined ? 'UTC' : loadProject(record.config, record.directory).config.timezone;
    const reader = new LedgerReader(shared.ledger, id, timezone);
    await reader.demandAny();
    return reader;
  }

  #projectDoor(): ProjectDoor {
    return {
      record: project => this.#records.get(project),
      openRuns: project => this.#open.get(project)?.openRuns() ?? [],
      now: project => this.#now(project),
      shut: async project => {
        await this.#open.get(project)?.close();
        this.#open.delete(project);
      },
      reopen: async record => {
        await this.#openProject(loadProject(record.config, record.directory), record);
      },
      forget: project => {
        this.#records.delete(project);
      },
    };
  }

  /** A project's own time: where its clock stands, or stood; wall time for one that lives in it. */
  async #now(project: ProjectId): Promise<number> {
    const open = this.#open.get(project);
    if (open !== undefined) return open.now();
    const { metadata, ledger, wallNow } = this.#parts.shared;
    if ((await metadata.cursors.get(project, CLOCK)) === undefined) return wallNow();
    const newest = await ledger.read({ project, descending: true, limit: 100 });
    // Facts about keys carry wall time.
    return newest.find(({ type }) => type !== 'KeyCreated' && type !== 'KeyRevoked')?.at ?? wallNow();
  }

  async plan(input: ProjectFile): Promise<PlanView> {
    const after = this.#load(input);
    const before = this.#open.get(after.config.project)?.loaded.config;
    return {
      project: after.config.project,
      changes: planChanges(before, after.config),
      configHash: after.hash,
    };
  }

  async declaresCommands(input: ProjectFile): Promise<boolean> {
    const { config } = this.#load(input);
    return runsCommands(config) || secretsOf(config.notify ?? []).length > 0;
  }

  apply(input: ProjectFile, principal: Principal): Promise<PlanView> {
    const work = this.#applying.then(() => this.#apply(input, principal));
    this.#applying = work.catch(() => undefined);
    return work;
  }

  async #apply(input: ProjectFile, principal: Principal): Promise<PlanView> {
    const { shared } = this.#parts;
    const loaded = this.#load(input);
    const { project } = loaded.config;
    await this.#archive.demandNotDeleted(project);
    const plan = await this.plan(input);
    const known = this.#records.get(project);
    if (known !== undefined && !this.#open.has(project))
      throw new TwinloopError('project_archived', { values: { project } });
    await checkSecrets(secretsOf(loaded.config.notify ?? []), shared.secrets, loaded.directory);
    const actor = actorName(principal);
    if (known !== undefined && plan.changes.length === 0 && known.directory === loaded.directory) {
      // A version that was refused the last time may be mended by now.
      await this.#open.get(project)!.service.registerDeclared(actor);
      return plan;
    }
    if (known === undefined && input.clock !== undefined) {
      await shared.metadata.cursors.put(project, CLOCK, {
        now: parseTime(input.clock, loaded.config.timezone),
      });
    }
    const record: ProjectRecord = {
      project,
      config: loaded.text,
      configHash: loaded.hash,
      directory: loaded.directory,
      appliedAt: shared.wallNow(),
    };
    const open = await this.#reopen(loaded, record);
    await open.service.say(at =>
      fact(
        'ProjectApplied',
        {
          configHash: loaded.hash,
          file: 'twinloop.yaml',
          changes: plan.changes.map(change => `${change.kind} ${change.path}`),
        },
        { at, actor },
      ),
    );
    await shared.metadata.projects.put(record);
    await open.service.registerDeclared(actor);
    return plan;
  }

  /** Opens a project by its new file; when that fails, what served before serves on. */
  async #reopen(loaded: LoadedProject, record: ProjectRecord): Promise<OpenProject> {
    const before = this.#open.get(record.project);
    const known = this.#records.get(record.project);
    await before?.close();
    try {
      return await this.#openProject(loaded, record);
    } catch (error) {
      if (before !== undefined && known !== undefined) await this.#openProject(before.loaded, known);
      throw error;
    }
  }

  #load({ file, directory }: ProjectFile): LoadedProject {
    if (!isAbsolute(directory))
      throw new TwinloopError('invalid_request', {
        field: 'directory',
        values: { reason: 'directory must be an absolute path' },
      });
    return loadProject(file, resolve(directory));
  }

  async #openProject(loaded: LoadedProject, record: ProjectRecord): Promise<OpenProject> {
    const { shared } = this.#parts;
    const { project } = loaded.config;
    const clock = (await shared.metadata.cursors.get(project, CLOCK)) as { now: number } | undefined;
    const replay = (await shared.metadata.cursors.get(project, 'replay')) as { now: number } | undefined;
    const open = await openProject(shared, loaded, {
      virtualFrom: clock === undefined ? undefined : Math.max(clock.now, replay?.now ?? clock.now),
    });
    this.#open.set(project, open);
    this.#records.set(project, record);
    return open;
  }

  /** This process took the place of one that was killed on purpose. */
  async cameBack(gap: Gap): Promise<void> {
    for (const project of this.#open.values()) await project.cameBack(gap);
  }

  notReady(): readonly string[] {
    return this.#ready ? [] : ['projects are being opened'];
  }

  metrics(): string {
    return exposition(metricFamilies([...this.#open.values()].map(({ service }) => service.figures())));
  }
}
