import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { DraftCheck, DraftChoices, DraftProject, DraftSource, DraftView } from '@twinloop/client';
import { isProjectId, TwinloopError, type Principal, type ProjectId } from '@twinloop/kernel';
import { guardedFetch } from '@twinloop/engines';
import { checkDraft, profileDraft, type CheckedDraft, type DraftProfile } from '@twinloop/loop/data';
import { loadProject } from '../config/load-project.js';
import { projectSchema } from '../config/sections.js';
import { trainingDataset } from '../config/check-project.js';
import type { ProjectFile } from '../app.js';
import { readSource } from '../project/read-source.js';
import type { Shared } from '../project/stores.js';
import { DraftFiles, formatOfFile, safeName, type StoredDraft } from './draft-files.js';
import type { DraftService } from './draft-service.js';
import { checkView, draftView } from './draft-views.js';

export const DRAFT_LIFE_MS = 24 * 36e5;
/** Profiles hold a sample each: so many stay in memory, the others are made again when asked for. */
const REMEMBERED = 4;

export interface DraftsParts {
  readonly shared: Pick<
    Shared,
    'probe' | 'query' | 'fetch' | 'blobs' | 'datasets' | 'wallNow' | 'newId' | 'logger'
  >;
  /** Where drafts lie until they are projects. */
  readonly directory: string;
  /** Where the projects that are made of them lie, one directory each. */
  readonly projects: string;
  /** Largest file, in bytes. */
  readonly uploadLimit: number;
  readonly taken: (project: ProjectId) => boolean;
  readonly apply: (file: ProjectFile, principal: Principal) => Promise<unknown>;
  readonly startRun: (project: ProjectId, reason: string, principal: Principal) => Promise<{ run: string }>;
}

function tasksOfThisRelease(): readonly CheckedDraft['task'][] {
  const train = (
    projectSchema()['properties'] as Record<string, { properties?: Record<string, { enum?: string[] }> }>
  )['train'];
  return (train?.properties?.['task']?.enum ?? []) as CheckedDraft['task'][];
}

/** Data of strangers on its way to projects. */
export class Drafts implements DraftService {
  readonly #parts: DraftsParts;
  readonly #files: DraftFiles;
  readonly #profiles = new Map<string, DraftProfile>();
  /** Drafts that are being written. */
  readonly #open = new Set<string>();
  readonly #tasks = tasksOfThisRelease();

  constructor(parts: DraftsParts) {
    this.#parts = parts;
    this.#files = new DraftFiles(parts.directory);
  }

  async start(): Promise<void> {
    await this.#sweep();
  }

  async upload(name: string, body: Readable): Promise<DraftView> {
    return this.#begin(safeName(name), undefined, draft =>
      this.#files.receive(draft, body, this.#parts.uploadLimit),
    );
  }

  async create({ path, url, postgres }: DraftSource): Promise<DraftView> {
    const { shared, uploadLimit } = this.#parts;
    if (path !== undefined)
      return this.#begin(safeName(path), undefined, draft => this.#files.copy(draft, path, uploadLimit));
    if (url !== undefined) {
      const name = URL.canParse(url) ? basename(new URL(url).pathname) : 'data';
      return this.#begin(safeName(name), undefined, async draft => {
        const { bytes } = await guardedFetch(url, {
          ...shared.fetch,
          maxBytes: Math.min(shared.fetch.maxBytes, uploadLimit),
        });
        await writeFile(this.#files.data(draft), bytes, { mode: 0o600 });
      });
    }
    if (postgres === undefined)
      throw new TwinloopError('invalid_request', {
        field: 'body',
        values: { reason: 'one of path, url and postgres is needed' },
      });
    return this.#begin('query.jsonl', postgres, async draft => {
      if ((await shared.query(postgres, this.#files.data(draft))) === 0)
        throw new TwinloopError('dataset_empty', { values: { file: 'The query' } });
    });
  }

  async get(draft: string): Promise<DraftView> {
    const stored = await this.#find(draft);
    return this.#view(stored, await this.#profile(stored));
  }

  async remove(draft: string): Promise<void> {
    await this.#find(draft);
    this.#profiles.delete(draft);
    await this.#files.remove(draft);
  }

  async check(draft: string, choices: DraftChoices): Promise<DraftCheck> {
    const stored = await this.#find(draft);
    const project = choices.project ?? this.#freeName(stored.name);
    return checkView(await this.#check(stored, choices, project), project, choices.exclude ?? []);
  }

  async createProject(
    draft: string,
    choices: DraftChoices & { readonly project: ProjectId },
    principal: Principal,
  ): Promise<DraftProject> {
    const { project } = choices;
    const { projects, taken, apply, startRun } = this.#parts;
    const stored = await this.#find(draft);
    const checked = await this.#check(stored, choices, project);
    const errors = checked.findings.filter(({ level }) => level === 'error');
    const [first] = errors;
    if (first !== undefined)
      throw new TwinloopError('draft_invalid', {
        values: { reason: first.message },
        hint: first.hint,
        ...(first.column === undefined ? {} : { field: first.column }),
        details: errors.map(({ message, hint, column }) => ({
          message,
          hint,
          ...(column === undefined ? {} : { field: column }),
        })),
      });
    const directory = join(projects, project);
    if (taken(project) || existsSync(directory))
      throw new TwinloopError('project_exists', { field: 'project', values: { project } });
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const source = join(directory, stored.name);
    const moved = stored.query === undefined;
    try {
      if (moved) await rename(this.#files.data(stored), source);
      await writeFile(join(directory, 'twinloop.yaml'), checked.yaml);
      await this.#tryReading(project, checked.yaml, directory);
      await apply({ file: checked.yaml, directory }, principal);
    } catch (error) {
      if (!taken(project)) {
        if (moved && existsSync(source)) await rename(source, this.#files.data(stored));
        await rm(directory, { recursive: true, force: true });
      }
      throw error;
    }
    this.#profiles.delete(draft);
    await this.#files.remove(draft);
    const { run } = await startRun(project, `first run of a project made from ${stored.name}`, principal);
    return { project, run, endpoint: project, directory };
  }

  /** What a profile's sample cannot show is found before there is a project: a value in row two million that is no number. */
  async #tryReading(project: ProjectId, yaml: string, directory: string): Promise<void> {
    const { shared } = this.#parts;
    const { config } = loadProject(yaml, directory);
    const dataset = config.datasets[trainingDataset(config)!]!;
    if (dataset.postgres !== undefined) return;
    await readSource(
      {
        project,
        directory,
        timezone: config.timezone,
        datasets: await shared.datasets([directory]),
        blobs: shared.blobs,
        fetch: shared.fetch,
        query: shared.query,
      },
      dataset,
      dataset.source,
      {},
    );
  }

  async #begin(
    name: string,
    query: StoredDraft['query'],
    write: (draft: { readonly id: string; readonly name: string }) => Promise<void>,
  ): Promise<DraftView> {
    const { shared } = this.#parts;
    await this.#sweep();
    const id = shared.newId();
    this.#open.add(id);
    try {
      await this.#files.begin(id);
      await write({ id, name });
      const data = this.#files.data({ id, name });
      const stored: StoredDraft = {
        id,
        name,
        format: query === undefined ? await formatOfFile(data, name) : 'jsonl',
        size: await this.#files.size({ id, name }),
        createdAt: shared.wallNow(),
        ...(query === undefined ? {} : { query }),
      };
      const profile = await this.#profile(stored);
      await this.#files.keep(stored);
      return this.#view(stored, profile);
    } catch (error) {
      await this.#files.remove(id);
      throw error;
    } finally {
      this.#open.delete(id);
    }
  }

  async #find(id: string): Promise<StoredDraft> {
    const stored = await this.#files.find(id);
    if (stored.createdAt + DRAFT_LIFE_MS > this.#parts.shared.wallNow()) return stored;
    await this.#files.remove(id);
    this.#profiles.delete(id);
    return this.#files.find(id);
  }

  async #profile(stored: StoredDraft): Promise<DraftProfile> {
    const known = this.#profiles.get(stored.id);
    if (known !== undefined) return known;
    const profile = profileDraft(
      await this.#parts.shared.probe.probe(this.#files.data(stored), stored.format),
    );
    this.#profiles.set(stored.id, profile);
    for (const oldest of this.#profiles.keys()) {
      if (this.#profiles.size <= REMEMBERED) break;
      this.#profiles.delete(oldest);
    }
    return profile;
  }

  async #check(stored: StoredDraft, choices: DraftChoices, project: string): Promise<CheckedDraft> {
    const { file } = await this.#profile(stored);
    const { query } = stored;
    return checkDraft(file, choices, {
      project,
      name: query === undefined ? stored.name : 'query',
      source: query === undefined ? stored.name : { postgres: query.url, query: query.query },
      tasks: this.#tasks,
    });
  }

  #view(stored: StoredDraft, profile: DraftProfile): DraftView {
    return draftView(stored, profile, {
      project: this.#freeName(stored.name),
      expiresAt: stored.createdAt + DRAFT_LIFE_MS,
    });
  }

  /** A project name that nobody has, made of a file's. */
  #freeName(file: string): string {
    const stem = basename(file.replace(/\.gz$/i, ''), extname(file.replace(/\.gz$/i, '')))
      .normalize('NFD')
      .toLowerCase()
      .replace(/\p{M}+/gu, '')
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 50);
    const name = isProjectId(stem) ? stem : 'cases';
    const used = (id: string): boolean =>
      this.#parts.taken(id as ProjectId) || existsSync(join(this.#parts.projects, id));
    for (let n = 1; ; n++) {
      const candidate = n === 1 ? name : `${name}-${n}`;
      if (!used(candidate)) return candidate;
    }
  }

  async #sweep(): Promise<void> {
    await this.#files.sweep(this.#parts.shared.wallNow() - DRAFT_LIFE_MS, this.#open);
  }
}
