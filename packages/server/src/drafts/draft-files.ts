import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TwinloopError, type DataFormat } from '@twinloop/kernel';
import type { QuerySource } from '../project/query-source.js';

/** A draft as it stands on disk, in a directory of its own. */
export interface StoredDraft {
  readonly id: string;
  /** The file's name as its sender said it, without a path. */
  readonly name: string;
  readonly format: DataFormat;
  readonly size: number;
  readonly createdAt: number;
  /** Where the rows come from, when it is no file. */
  readonly query?: QuerySource;
}

const ID = /^[0-9a-f-]{36}$/;
const META = 'draft.json';

/** Letters, digits and a few signs of a name: what is safe in any file system and in a URL. */
export function safeName(name: string): string {
  const plain = basename(name.replaceAll('\\', '/'))
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^[._]+/, '')
    .slice(-120);
  return plain === '' ? 'data' : plain;
}

/** What a file is by its first bytes; its name decides only between kinds of text. @throws dataset_unreadable for what is no table */
export async function formatOfFile(file: string, name: string): Promise<DataFormat> {
  const handle = await open(file);
  const head = Buffer.alloc(64);
  try {
    const { bytesRead } = await handle.read(head, 0, 64, 0);
    const start = head.subarray(0, bytesRead).toString('latin1');
    if (start.startsWith('PAR1')) return 'parquet';
    const other = start.startsWith('PK\u0003\u0004')
      ? 'it is a spreadsheet or a zip archive'
      : start.startsWith('%PDF')
        ? 'it is a PDF'
        : start.startsWith('SQLite format 3')
          ? 'it is a database'
          : undefined;
    if (other !== undefined)
      throw new TwinloopError('dataset_unreadable', {
        field: 'name',
        values: { file: name, format: 'a table', reason: other },
        hint: 'Save the table as CSV or Parquet, and send that.',
      });
    if (/\.(jsonl|ndjson)$/i.test(name)) return 'jsonl';
    return /\.json$/i.test(name) || /^(\xef\xbb\xbf)?\s*\{"/.test(start) ? 'jsonl' : 'csv';
  } finally {
    await handle.close();
  }
}

/** Drafts on disk: `<directory>/<id>/data/<name>` beside what is known of it. */
export class DraftFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** @throws not_found also for what cannot be an id */
  #folder(id: string): string {
    if (!ID.test(id)) throw new TwinloopError('not_found', { values: { what: `Draft ${id}` } });
    return join(this.#directory, id);
  }

  /** Under its own name, by which errors call it. */
  data(draft: Pick<StoredDraft, 'id' | 'name'>): string {
    return join(this.#folder(draft.id), 'data', draft.name);
  }

  async begin(id: string): Promise<void> {
    await mkdir(join(this.#folder(id), 'data'), { recursive: true, mode: 0o700 });
  }

  /** @throws payload_too_large, having read no more than the limit */
  async receive(draft: Pick<StoredDraft, 'id' | 'name'>, body: Readable, limit: number): Promise<void> {
    let size = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length;
        if (size <= limit) return done(null, chunk);
        done(
          new TwinloopError('payload_too_large', {
            values: { limit },
            hint: 'Raise `uploadLimit` in server.yaml, or send fewer rows.',
          }),
        );
      },
    });
    await pipeline(body, counted, createWriteStream(this.data(draft), { mode: 0o600 }));
  }

  /** @throws file_unreadable · payload_too_large */
  async copy(draft: Pick<StoredDraft, 'id' | 'name'>, path: string, limit: number): Promise<void> {
    const unreadable = (cause: unknown, reason?: string): TwinloopError =>
      new TwinloopError('file_unreadable', {
        field: 'path',
        values: { file: path, reason: reason ?? (cause as Error).message.replace(/,.*$/, '') },
        cause,
      });
    const info = await stat(path).catch((error: unknown) => {
      throw unreadable(error);
    });
    if (!info.isFile()) throw unreadable(undefined, 'it is not a file');
    if (info.size > limit) throw new TwinloopError('payload_too_large', { values: { limit } });
    await copyFile(path, this.data(draft)).catch((error: unknown) => {
      throw unreadable(error);
    });
  }

  async keep(draft: StoredDraft): Promise<void> {
    await writeFile(join(this.#folder(draft.id), META), JSON.stringify(draft), { mode: 0o600 });
  }

  async size(draft: Pick<StoredDraft, 'id' | 'name'>): Promise<number> {
    return (await stat(this.data(draft))).size;
  }

  /** @throws not_found */
  async find(id: string): Promise<StoredDraft> {
    try {
      return JSON.parse(await readFile(join(this.#folder(id), META), 'utf8')) as StoredDraft;
    } catch (error) {
      if (error instanceof TwinloopError) throw error;
      throw new TwinloopError('not_found', {
        values: { what: `Draft ${id}` },
        hint: 'Drafts are forgotten after 24 hours, and when a project was made of them: send the file again.',
        cause: error,
      });
    }
  }

  async remove(id: string): Promise<void> {
    await rm(this.#folder(id), { recursive: true, force: true });
  }

  /** Removes what is older than `before`, and what a process that died left half-written. */
  async sweep(before: number, open: ReadonlySet<string>): Promise<void> {
    const entries = await readdir(this.#directory).catch(() => [] as string[]);
    for (const id of entries) {
      if (!ID.test(id) || open.has(id)) continue;
      const found = await this.find(id).catch(() => undefined);
      if (found === undefined || found.createdAt < before) await this.remove(id);
    }
  }
}
