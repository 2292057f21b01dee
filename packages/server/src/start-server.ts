import { randomBytes, randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { openNotifier, workerTrainer } from '@twinloop/engines';
import type { Json, Trainer } from '@twinloop/kernel';
import type { VersionedTrainer } from '@twinloop/loop/building';
import {
  openBlobs,
  openDataDirectory,
  openDatasetQuery,
  openLedger,
  openMetadata,
  openPredictionLog,
  openSeriesStore,
  openSourceProbe,
} from '@twinloop/storage';
import type { Killer } from './chaos/killer.js';
import { AppRuntime } from './app-runtime.js';
import { projectSchema } from './config/sections.js';
import type { ServerConfig } from './config/server-config.js';
import { assertBindable, createHttp, isLoopback } from './http/index.js';
import { secretReader } from './process/secrets.js';
import type { Logger } from './process/logger.js';
import { runQuery } from './project/query-source.js';
import type { Shared } from './project/stores.js';

export interface ServerOptions {
  readonly dataDirectory: string;
  readonly config: ServerConfig;
  readonly logger: Logger;
  readonly version: string;
  /** The built pages; without them the API is served alone. */
  readonly webRoot?: string;
  /** Whoever starts this process again when it dies, and keeps its address meanwhile. */
  readonly supervised?: Supervision;
}

export interface Supervision {
  /** The address that clients know; this process listens on another one for itself. */
  readonly url: string;
  /** This process takes the place of one that died. */
  readonly restarted: boolean;
  /** Told just before the process ends itself. */
  dying(): void;
}

export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly app: AppRuntime;
  /** Serves a connection that was accepted elsewhere. */
  take(socket: Socket): void;
  readonly token: string;
  /** Drains: no new request, those in flight are finished, everything is written; safe to call twice. */
  close(): Promise<void>;
}

/** A channel that takes a message takes it soon; one that hangs is not waited for as long as a download. */
const NOTIFY_TIMEOUT_MS = 10_000;

/** Changes with the algorithms of the built-in trainers: another version is another result. */
const BUILTIN_VERSION = '1';

function builtin(trainer: Trainer, algorithm: string): VersionedTrainer {
  return {
    version: BUILTIN_VERSION,
    trainer: {
      name: algorithm,
      start: (job, log) =>
        trainer.start(
          { ...job, parameters: { algorithm, ...(job.parameters as { [key: string]: Json }) } },
          log,
        ),
      wait: id => trainer.wait(id),
      stop: id => trainer.stop(id),
      collect: id => trainer.collect(id),
    },
  };
}

/** The server's own address; a wildcard is reached by the loopback address. */
function urlOf(host: string, port: number): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

async function sleep(ms: number, wake: AbortSignal): Promise<void> {
  try {
    await sleepFor(ms, undefined, { signal: wake });
  } catch (error) {
    if (!wake.aborted) throw error;
  }
}

/** A moment for the answer that says so to leave, and for the supervisor to look. */
const LAST_WORDS_MS = 150;

function killerOf(supervised: Supervision | undefined): Killer {
  if (supervised === undefined)
    return {
      unavailable:
        'nobody would start this server again: `twinloop demo` (npm start) does, `twinloop serve` does not',
    };
  const { pid } = process;
  return {
    unavailable: null,
    pid,
    watched: supervised.restarted,
    kill() {
      supervised.dying();
      setTimeout(() => process.kill(pid, 'SIGKILL'), LAST_WORDS_MS);
    },
  };
}

/** The composition root: the only place where adapters are made. @throws data_directory_locked · data_directory_unwritable · port_in_use · key_required_to_bind */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, logger, version } = options;
  const wallNow = (): number => Date.now();
  const closers: (() => Promise<void>)[] = [];
  const opened = <T extends { close(): void | Promise<void> }>(thing: T): T => {
    closers.push(async () => thing.close());
    return thing;
  };
  const closeAll = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const directory = opened(openDataDirectory(options.dataDirectory, { wallNow, randomBytes }));
    const metadata = opened(await openMetadata(directory.metadata));
    assertBindable(
      config.host,
      (await metadata.keys.list()).some(key => key.revokedAt === null),
    );
    const ledger = opened(await openLedger(directory.ledger, { wallNow, randomBytes }));
    const blobs = await openBlobs(directory.blobs);
    const log = opened(
      await openPredictionLog({
        directory: directory.telemetry,
        durability: config.durability === 'sync' ? 'sync' : 'os',
      }),
    );
    const series = opened(await openSeriesStore({ directory: directory.telemetry }));
    const trainer = opened(workerTrainer({ size: config.trainers }));
    const side = opened(workerTrainer({ size: 1 }));
    const secrets = secretReader(process.env);
    let self = { baseUrl: '', publicUrl: '', token: directory.token };
    const shared: Shared = {
      ledger,
      metadata,
      blobs,
      log,
      series,
      datasets: directories =>
        openDatasetQuery({ blobs, allowedDirectories: [directory.blobs, ...directories] }),
      probe: openSourceProbe(),
      query: (source, file) =>
        runQuery(source, file, {
          secrets,
          directory: options.dataDirectory,
          fetch: { ...config.fetch, maxRedirects: 5 },
        }),
      trainers: new Map(['linear', 'gbt'].map(name => [name, builtin(trainer, name)])),
      sideTrainers: new Map(['linear', 'gbt'].map(name => [name, builtin(side, name)])),
      fetch: { ...config.fetch, maxRedirects: 5 },
      notifier: openNotifier({
        allow: config.fetch.allow,
        timeoutMs: Math.min(config.fetch.timeoutMs, NOTIFY_TIMEOUT_MS),
      }),
      secrets,
      ownProjects: join(directory.path, 'projects'),
      environment: { node: process.version, twinloop: version, system: `${platform()}-${arch()}` },
      logger,
      wallNow,
      memory: () => ({ rss: process.memoryUsage.rss() }),
      monotonic: () => performance.now(),
      newId: randomUUID,
      sleep,
      killer: killerOf(options.supervised),
      publicUrl: () => config.publicUrl ?? self.publicUrl,
      self: () => self,
    };
    const app = new AppRuntime({
      shared,
      newSecret: () => randomBytes(24).toString('base64url'),
      newKeyId: () => randomBytes(6).toString('hex'),
      drafts: {
        directory: join(directory.path, 'drafts'),
        projects: join(directory.path, 'projects'),
        uploadLimit: config.uploadLimit,
      },
    });
    const door = opened(
      await createHttp({
        app,
        logger,
        version,
        token: directory.token,
        projectSchema: projectSchema(),
        newRequestId: randomUUID,
        config: {
          host: config.host,
          port: config.port,
          hosts: config.hosts,
          requireKey: !isLoopback(config.host),
          bodyLimit: config.bodyLimit,
          ...(options.webRoot === undefined ? {} : { webRoot: options.webRoot }),
        },
      }),
    );
    const { host, port } = await door.listen();
    const own = urlOf(host, port);
    self = { ...self, baseUrl: own, publicUrl: options.supervised?.url ?? own };
    closers.push(() => app.close());
    await app.start();
    return { url: self.publicUrl, port, take: door.take, app, token: directory.token, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
