import type { Clock, DatasetQuery, WorkCounter } from '@twinloop/kernel';
import type { ProjectService } from '../app.js';
import type { Batches } from '../batch/batches.js';
import type { LoadedProject } from '../config/project-config.js';
import type { NotificationDesk } from '../notify/desk.js';
import type { FeaturesService } from '../features/feature-service.js';
import type { ProjectObjects } from '../objects/project-objects.js';
import type { Builds } from '../runtime/building/builds.js';
import type { DeliveryController } from '../runtime/delivery/delivery-controller.js';
import type { FactStream } from '../runtime/fact-stream.js';
import type { LoopRunner } from '../runtime/loop-runner.js';
import type { DriftHistory } from '../runtime/monitoring/drift-history.js';
import type { Watch } from '../runtime/monitoring/watch.js';
import type { ProjectState } from '../runtime/project-state.js';
import type { ClassBook } from '../runtime/serving/class-book.js';
import type { ModelShelf } from '../runtime/serving/model-shelf.js';
import type { Serving } from '../runtime/serving/serving.js';
import type { Replays } from './replays.js';
import type { Shared } from './stores.js';

/** What one open project consists of. */
export interface ServiceParts {
  readonly shared: Shared;
  readonly loaded: LoadedProject;
  readonly clock: Clock;
  readonly virtual: boolean;
  readonly outstanding: WorkCounter;
  readonly facts: FactStream;
  readonly state: ProjectState;
  readonly shelf: ModelShelf;
  readonly serving: Serving;
  readonly watch: Watch;
  readonly history: DriftHistory;
  readonly notifications: NotificationDesk;
  readonly features: FeaturesService;
  readonly objects: ProjectObjects;
  readonly builds: Builds;
  readonly runner: LoopRunner;
  readonly delivery: DeliveryController;
  readonly replays: Replays | undefined;
  readonly chaos: ProjectService['chaos'];
  readonly datasets: DatasetQuery;
  /** Makes the batches of this project; they say how many rows they logged. */
  readonly batches: (logged: (rows: number) => void) => Batches;
  readonly classes: ClassBook;
  readonly reloadJoined: () => Promise<void>;
}
