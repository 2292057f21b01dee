import { createHash } from 'node:crypto';
import {
  TwinloopError,
  type BlobStore,
  type ContentHash,
  type Json,
  type MetadataStore,
  type ProjectId,
  type Row,
  type Scalar,
  type Schema,
} from '@twinloop/kernel';
import { parseTime } from '../runtime/zoned-time.js';

/** Rows that wait beside the cursor until they are worth a blob of their own. */
const TAIL = 200;

interface Kept {
  /** Rows in blobs, in order. */
  readonly sealed: readonly ContentHash[];
  readonly tail: readonly Row[];
  readonly rows: number;
  /** So many of the first blobs are in this version, if it came about. */
  readonly settling?: { readonly version: ContentHash; readonly blobs: number; readonly rows: number };
}

const NONE: Kept = { sealed: [], tail: [], rows: 0 };
const cursorOf = (dataset: string): string => `feature-rows/${dataset}`;
const encode = (rows: readonly Row[]): Uint8Array => new TextEncoder().encode(JSON.stringify(rows));
const decode = (bytes: Uint8Array): readonly Row[] =>
  JSON.parse(new TextDecoder().decode(bytes)) as readonly Row[];

/** 96 bits of a row's content: enough to tell rows apart, and little to keep. */
const contentOf = (row: Row): string =>
  createHash('sha256').update(JSON.stringify(row)).digest('base64').slice(0, 16);

/** Rows of one source that came one by one since its newest version: durable before they are acknowledged. */
export class PushedRows {
  readonly #project: ProjectId;
  readonly #dataset: string;
  readonly #metadata: Pick<MetadataStore, 'cursors' | 'datasets'>;
  readonly #blobs: BlobStore;
  #kept: Kept = NONE;
  /** Content of the rows kept: sending a row again is harmless. */
  #known: Set<string> | undefined;
  /** Writes follow each other. */
  #writing: Promise<unknown> = Promise.resolve();

  private constructor(
    project: ProjectId,
    dataset: string,
    metadata: Pick<MetadataStore, 'cursors' | 'datasets'>,
    blobs: BlobStore,
  ) {
    this.#project = project;
    this.#dataset = dataset;
    this.#metadata = metadata;
    this.#blobs = blobs;
  }

  static async open(
    project: ProjectId,
    dataset: string,
    metadata: Pick<MetadataStore, 'cursors' | 'datasets'>,
    blobs: BlobStore,
  ): Promise<PushedRows> {
    const rows = new PushedRows(project, dataset, metadata, blobs);
    rows.#kept = ((await metadata.cursors.get(project, cursorOf(dataset))) ?? NONE) as unknown as Kept;
    await rows.#resume();
    return rows;
  }

  /** A version was being made when something failed, or the process ended: its rows must not be counted twice. */
  async #resume(): Promise<void> {
    const { settling } = this.#kept;
    if (settling === undefined) return;
    const version = await this.#metadata.datasets.get(this.#project, this.#dataset, settling.version);
    await this.#settled(version?.status === 'accepted' ? settling : undefined);
  }

  get count(): number {
    return this.#kept.rows;
  }

  /** Keeps those that are new, and resolves with them when they survive a crash. @throws storage_full */
  add(given: readonly Row[]): Promise<readonly Row[]> {
    return this.#inTurn(async () => {
      this.#known ??= new Set([...(await this.#sealed()), ...this.#kept.tail].map(contentOf));
      const rows: Row[] = [];
      const contents = new Set<string>();
      for (const row of given) {
        const content = contentOf(row);
        if (this.#known.has(content) || contents.has(content)) continue;
        contents.add(content);
        rows.push(row);
      }
      if (rows.length === 0) return rows;
      const tail = [...this.#kept.tail, ...rows];
      const total = this.#kept.rows + rows.length;
      if (tail.length < TAIL) await this.#put({ ...this.#kept, tail, rows: total });
      else {
        const blob = await this.#blobs.put(this.#project, encode(tail));
        await this.#put({ ...this.#kept, sealed: [...this.#kept.sealed, blob], tail: [], rows: total });
      }
      for (const content of contents) this.#known.add(content);
      return rows;
    });
  }

  /** All of them, in the order in which they came. */
  read(): Promise<readonly Row[]> {
    return this.#inTurn(async () => [...(await this.#sealed()), ...this.#kept.tail]);
  }

  /**
   * Makes a version with all of them, and forgets them when it was accepted.
   * `make` says which version it will be through `note` before it exists, so that a crash in between counts no row twice.
   */
  settle(
    make: (rows: readonly Row[], note: (version: ContentHash) => Promise<void>) => Promise<boolean>,
  ): Promise<void> {
    return this.#inTurn(async () => {
      await this.#resume();
      if (this.#kept.rows === 0) return;
      if (this.#kept.tail.length > 0) {
        const blob = await this.#blobs.put(this.#project, encode(this.#kept.tail));
        await this.#put({ ...this.#kept, sealed: [...this.#kept.sealed, blob], tail: [] });
      }
      const blobs = this.#kept.sealed.length;
      const { rows } = this.#kept;
      let settling: Kept['settling'];
      const accepted = await make(await this.#sealed(), version => {
        settling = { version, blobs, rows };
        return this.#put({ ...this.#kept, settling });
      });
      await this.#settled(accepted ? settling : undefined);
    });
  }

  async #settled(done: Kept['settling']): Promise<void> {
    const { settling: _, ...kept } = this.#kept;
    if (done !== undefined) this.#known = undefined;
    await this.#put(
      done === undefined
        ? kept
        : { ...kept, sealed: kept.sealed.slice(done.blobs), rows: kept.rows - done.rows },
    );
  }

  async #sealed(): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (const blob of this.#kept.sealed) rows.push(...decode(await this.#blobs.get(this.#project, blob)));
    return rows;
  }

  async #put(kept: Kept): Promise<void> {
    await this.#metadata.cursors.put(this.#project, cursorOf(this.#dataset), kept as unknown as Json);
    this.#kept = kept;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => undefined);
    return done;
  }
}

/** A row as it was sent, by its dataset's schema: times may be ISO texts. @throws feature_row_invalid */
export function sourceRow(value: unknown, schema: Schema, needed: readonly string[], timezone: string): Row {
  const invalid = (field: string, reason: string): TwinloopError =>
    new TwinloopError('feature_row_invalid', { ...(field === '' ? {} : { field }), values: { reason } });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid('', 'a row is an object');
  const given = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(given))
    if (!schema.some(column => column.name === name))
      throw invalid(name, `"${name}" is not one of its columns`);
  const row: Record<string, Scalar> = {};
  for (const { name, type } of schema) {
    const cell = given[name] ?? null;
    if (cell === null) {
      if (needed.includes(name)) throw invalid(name, `"${name}" is missing`);
      row[name] = null;
    } else if (type === 'time' && typeof cell === 'string') {
      try {
        row[name] = parseTime(cell, timezone);
      } catch {
        throw invalid(name, `"${name}" is not an ISO date or time`);
      }
    } else if (typeof cell === (type === 'time' ? 'number' : type)) row[name] = cell as Scalar;
    else throw invalid(name, `"${name}" must be a ${type}`);
  }
  return row;
}
