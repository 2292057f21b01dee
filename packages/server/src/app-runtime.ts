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
import type { App, ProjectFile } from './app.js';
import { runsCommands } from './config/check-project.js';
import { loadProject } from './config/load-project.js';
import { planChanges } from './config/plan-project.js';
import type { LoadedProject } from './config/project-config.js';
import { keyRing } from './key-ring.js';
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
  readonly keys: App['keys'];
  readonly #parts: AppRuntimeParts;
  readonly #open = new Map<ProjectId, OpenProject>();
  readonly #records = new Map<ProjectId, ProjectRecord>();
  /** Applies of one project follow each other. */
  #applying: Promise<unknown> = Promise.resolve();
  #ready = false;

  constructor(parts: AppRuntimeParts) {
    this.#parts = parts;
    const { shared, newSecret, newKeyId } = parts;
    const { metadata, ledger, wallNow } = shared;
    this.keys = keyRing({ metadata, ledger, wallNow, newSecret, newKeyId });
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

  notReady(): readonly string[] {
    return this.#ready ? [] : ['projects are being opened'];
  }

  metrics(): string {
    return exposition(metricFamilies([...this.#open.values()].map(({ service }) => service.figures())));
  }
}
