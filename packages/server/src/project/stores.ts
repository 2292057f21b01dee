import type {
  BlobStore,
  DatasetQuery,
  Json,
  Ledger,
  MetadataStore,
  Notifier,
  PredictionLog,
  SeriesStore,
  SourceProbe,
} from '@twinloop/kernel';
import type { VersionedTrainer } from '@twinloop/loop/building';
import type { Killer } from '../chaos/killer.js';
import type { FetchPolicy } from '@twinloop/engines';
import type { ReadSecret } from '../process/secrets.js';
import type { Logger } from '../process/logger.js';
import type { QuerySource } from './query-source.js';

/** What all projects of a server share; made by the composition root. */
export interface Shared {
  readonly ledger: Ledger;
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly log: PredictionLog;
  readonly series: SeriesStore;
  /** Reads files of these directories and of the blob store, nothing else. */
  readonly datasets: (directories: readonly string[]) => Promise<DatasetQuery>;
  /** Looks at files of unknown form. */
  readonly probe: SourceProbe;
  /** Writes the rows of a query to a file as JSON Lines; gives their number. */
  readonly query: (source: QuerySource, file: string) => Promise<number>;
  readonly trainers: ReadonlyMap<string, VersionedTrainer>;
  /** Trains what is no decision (baselines), so that it never delays a run. */
  readonly sideTrainers: ReadonlyMap<string, VersionedTrainer>;
  readonly fetch: FetchPolicy;
  readonly notifier: Notifier;
  readonly secrets: ReadSecret;
  /** Project directories below this one were made by the server, and go when their project is deleted. */
  readonly ownProjects: string;
  readonly environment: Json;
  readonly logger: Logger;
  readonly wallNow: () => number;
  /** What the process holds, in bytes. */
  readonly memory: () => { readonly rss: number };
  readonly monotonic: () => number;
  readonly newId: () => string;
  readonly sleep: (ms: number, wake: AbortSignal) => Promise<void>;
  /** Ends this process at once, if somebody starts it again. */
  readonly killer: Killer;
  /** Where people reach the pages, for links in messages. */
  readonly publicUrl: () => string;
  /** The server's own address and the token that opens it; known once it listens. */
  readonly self: () => {
    /** Where this process listens, and where clients find it. */
    readonly baseUrl: string;
    readonly publicUrl: string;
    readonly token: string;
  };
}
