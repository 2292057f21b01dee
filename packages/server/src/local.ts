import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Decision } from '@twinloop/client';
import {
  TwinloopError,
  type ContentHash,
  type Principal,
  type ProjectId,
  type Verification,
} from '@twinloop/kernel';
import { importance } from '@twinloop/loop/governance';
import { openDataDirectory, openLedger, openMetadata } from '@twinloop/storage';
import { parse } from 'yaml';
import type { App } from './app.js';
import { keyRing } from './key-ring.js';
import { stateHash, stateOf } from './runtime/project-state.js';
import { decisionView } from './views/decision-view.js';

/** A data directory that no server holds, opened for one command. */
export interface LocalDirectory {
  readonly keys: Pick<App['keys'], 'list'> & {
    create(input: Parameters<App['keys']['create']>[0]): ReturnType<App['keys']['create']>;
    revoke(id: string): Promise<void>;
  };
  readonly ledger: {
    /** Newest last; with `story` only what belongs to the story. */
    decisions(
      project: ProjectId,
      query: { readonly limit: number; readonly story: boolean },
    ): Promise<readonly Decision[]>;
    verify(project: ProjectId): Promise<Verification>;
    decisionHash(project: ProjectId): Promise<ContentHash>;
    /** Of what the entries add up to. */
    stateHash(project: ProjectId): Promise<ContentHash>;
  };
  /** Projects that were applied here. */
  projects(): Promise<readonly ProjectId[]>;
  /** Releases the directory; safe to call twice. */
  close(): Promise<void>;
}

/** Whoever may open the files holds the directory's token, too. */
const PRINCIPAL: Principal = { kind: 'token', name: 'data-directory', role: 'admin' };

/**
 * Opens an existing directory under its lock, without serving anything.
 * @throws not_found when there is no such directory, or `mustHoldData` and no server ever wrote to it ·
 * data_directory_locked · data_directory_unwritable · storage_corrupt
 */
export async function openLocal(
  dataDirectory: string,
  { mustHoldData }: { readonly mustHoldData: boolean },
): Promise<LocalDirectory> {
  if (!existsSync(mustHoldData ? join(dataDirectory, 'ledger.db') : dataDirectory))
    throw new TwinloopError('not_found', {
      values: { what: mustHoldData ? `A ledger in ${dataDirectory}` : `Data directory ${dataDirectory}` },
      hint: 'Name the directory with --data; `twinloop serve` makes one.',
    });
  const wallNow = (): number => Date.now();
  const closers: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  try {
    const directory = openDataDirectory(dataDirectory, { wallNow, randomBytes });
    closers.push(() => directory.close());
    const metadata = await openMetadata(directory.metadata);
    closers.push(() => metadata.close());
    const ledger = await openLedger(directory.ledger, { wallNow, randomBytes });
    closers.push(() => ledger.close());
    const keys = keyRing({
      metadata,
      ledger,
      wallNow,
      newSecret: () => randomBytes(24).toString('base64url'),
      newKeyId: () => randomBytes(6).toString('hex'),
    });
    return {
      keys: {
        list: () => keys.list(),
        create: input => keys.create(input, PRINCIPAL),
        revoke: id => keys.revoke(id, PRINCIPAL),
      },
      ledger: {
        async decisions(project, { limit, story }) {
          const config = (await metadata.projects.get(project))?.config;
          const zone = timezoneOf(config);
          const entries = await ledger.read({
            project,
            descending: true,
            ...(story ? {} : { limit }),
          });
          return entries
            .filter(entry => !story || importance(entry) === 'story')
            .slice(0, limit)
            .map(entry => decisionView(entry, zone))
            .reverse();
        },
        verify: project => ledger.verify(project),
        decisionHash: project => ledger.decisionHash(project),
        stateHash: async project => stateHash(await stateOf(ledger, project)),
      },
      projects: async () => (await metadata.projects.list()).map(({ project }) => project),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The zone of an applied file, which was valid when it was applied. */
function timezoneOf(config: string | undefined): string {
  const value = config === undefined ? null : (parse(config) as { timezone?: string } | null);
  return value?.timezone ?? 'UTC';
}
