import { isAbsolute, resolve } from 'node:path';
import type { PlanView, ProjectView } from '@twinloop/client';
import {
  actorName,
  DEFAULT_PROJECT,
  fact,
  TwinloopError,
  type ContentHash,
  type KeyRecord,
  type Principal,
  type ProjectId,
  type ProjectRecord,
  type Role,
} from '@twinloop/kernel';
import { exposition } from '@twinloop/protocols/prometheus';
import type { App, ProjectFile } from './app.js';
import { runsCommands } from './config/check-project.js';
import { loadProject } from './config/load-project.js';
import { planChanges } from './config/plan-project.js';
import type { LoadedProject } from './config/project-config.js';
import { formatKey, secretHash } from './http/index.js';
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
}

/** The product behind the door: its projects and its keys. */
export class AppRuntime implements App {
  readonly #parts: AppRuntimeParts;
  readonly #open = new Map<ProjectId, OpenProject>();
  readonly #records = new Map<ProjectId, ProjectRecord>();
  /** Applies of one project follow each other. */
  #applying: Promise<unknown> = Promise.resolve();
  #ready = false;

  constructor(parts: AppRuntimeParts) {
    this.#parts = parts;
  }

  /** Opens every project that was applied; afterwards the server is ready. */
  async start(): Promise<void> {
    for (const record of await this.#parts.shared.metadata.projects.list()) {
      await this.#openProject(loadProject(record.config, record.directory), record);
    }
    this.#ready = true;
  }

  async close(): Promise<void> {
    this.#ready = false;
    await this.#applying;
    for (const project of this.#open.values()) await project.close();
  }

  project(id: ProjectId): Service {
    const open =
      this.#open.get(id) ??
      (id === DEFAULT_PROJECT && this.#open.size === 1 ? [...this.#open.values()][0] : undefined);
    if (open === undefined)
      throw new TwinloopError('not_found', {
        values: { what: `Project ${id}` },
        hint: 'Apply one with `twinloop apply`.',
      });
    return open.service;
  }

  projects(): readonly ProjectView[] {
    return [...this.#records.values()].map(({ project, directory, configHash, appliedAt }) => ({
      project,
      file: `${directory}/twinloop.yaml`,
      configHash,
      appliedAt,
      demo: this.#open.get(project)?.virtual ?? false,
    }));
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
    return runsCommands(this.#load(input).config);
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
    const plan = await this.plan(input);
    const known = this.#records.get(project);
    if (known !== undefined && plan.changes.length === 0 && known.directory === loaded.directory) return plan;
    if (known === undefined && input.clock !== undefined) {
      await shared.metadata.cursors.put(project, CLOCK, {
        now: parseTime(input.clock, loaded.config.timezone),
      });
    }
    await this.#open.get(project)?.close();
    const record: ProjectRecord = {
      project,
      config: loaded.text,
      configHash: loaded.hash,
      directory: loaded.directory,
      appliedAt: shared.wallNow(),
    };
    const open = await this.#openProject(loaded, record);
    const actor = actorName(principal);
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
    await open.service.registerDeclared(actor);
    await shared.metadata.projects.put(record);
    return plan;
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

  readonly keys = {
    list: (): Promise<readonly KeyRecord[]> => this.#parts.shared.metadata.keys.list(),
    bySecretHash: (hash: ContentHash): Promise<KeyRecord | undefined> =>
      this.#parts.shared.metadata.keys.bySecretHash(hash),
    create: async (
      input: { name: string; role: Role; project: ProjectId | null },
      principal: Principal,
    ): Promise<{ id: string; secret: string }> => {
      const { shared, newSecret, newKeyId } = this.#parts;
      const id = newKeyId();
      const secret = newSecret();
      await shared.metadata.keys.put({
        id,
        ...input,
        secretHash: secretHash(secret),
        createdAt: shared.wallNow(),
        revokedAt: null,
      });
      await this.#recordKey(
        fact(
          'KeyCreated',
          { key: id, role: input.role },
          { at: shared.wallNow(), actor: actorName(principal) },
        ),
      );
      return { id, secret: formatKey(id, secret) };
    },
    revoke: async (id: string, principal: Principal): Promise<void> => {
      const { shared } = this.#parts;
      const key = (await shared.metadata.keys.list()).find(one => one.id === id);
      if (key === undefined) throw new TwinloopError('not_found', { values: { what: `Key ${id}` } });
      await shared.metadata.keys.put({ ...key, revokedAt: shared.wallNow() });
      await this.#recordKey(
        fact('KeyRevoked', { key: id }, { at: shared.wallNow(), actor: actorName(principal) }),
      );
    },
  };

  /** Keys belong to the server; their facts stand in the default project's chain. */
  async #recordKey(news: ReturnType<typeof fact>): Promise<void> {
    await this.#parts.shared.ledger.append(DEFAULT_PROJECT, [news]);
  }

  notReady(): readonly string[] {
    return this.#ready ? [] : ['projects are being opened'];
  }

  metrics(): string {
    return exposition(metricFamilies([...this.#open.values()].map(({ service }) => service.figures())));
  }
}
