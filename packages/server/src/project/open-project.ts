import {
  hashSeed,
  parseDuration,
  seededRng,
  VirtualClock,
  WorkCounter,
  type Clock,
  type DatasetQuery,
  type Entry,
  type EpochMs,
  type PredictionRecord,
} from '@twinloop/kernel';
import { commandTrainer } from '@twinloop/engines';
import type { VersionedTrainer } from '@twinloop/loop/building';
import { lookedUpColumns } from '@twinloop/model';
import { FeatureDesk } from '../features/feature-desk.js';
import { FeatureSources } from '../features/feature-sources.js';
import { OnlineFeatures } from '../features/online-features.js';
import { importance } from '@twinloop/loop/governance';
import { testsOf } from '@twinloop/loop/testing';
import { trafficWanted } from '../chaos/chaos-state.js';
import { ChaosDesk, type Gap } from '../chaos/chaos-desk.js';
import { Batches } from '../batch/batches.js';
import { servedElsewhere } from '../config/check-project.js';
import type { LoadedProject } from '../config/project-config.js';
import { SystemClock } from '../process/system-clock.js';
import { Builds } from '../runtime/building/builds.js';
import { championOf } from '../runtime/building/champion.js';
import { DeliveryController } from '../runtime/delivery/delivery-controller.js';
import { FactStream } from '../runtime/fact-stream.js';
import { LoopRunner } from '../runtime/loop-runner.js';
import { ClassBook } from '../runtime/serving/class-book.js';
import { elsewhereModel } from '../runtime/serving/elsewhere-model.js';
import { ModelShelf } from '../runtime/serving/model-shelf.js';
import { ProjectState } from '../runtime/project-state.js';
import { Serving } from '../runtime/serving/serving.js';
import { labelMeaning, repeatsOf } from '../runtime/monitoring/labels.js';
import { LabelRepeats } from '../runtime/serving/label-repeats.js';
import { DriftHistory } from '../runtime/monitoring/drift-history.js';
import { StreamsWatch } from '../runtime/monitoring/streams-watch.js';
import { Watch } from '../runtime/monitoring/watch.js';
import { Datasets } from './datasets.js';
import { NotificationDesk } from '../notify/desk.js';
import { ProjectObjects } from '../objects/project-objects.js';
import { Replays, storedReplay } from './replays.js';
import { Service } from './service.js';
import type { Shared } from './stores.js';

export interface OpenProject {
  readonly loaded: LoadedProject;
  readonly service: Service;
  readonly virtual: boolean;
  /** The server was killed on purpose and is here again. */
  cameBack(gap: Gap): Promise<void>;
  readonly now: () => EpochMs;
  readonly openRuns: () => readonly string[];
  close(): Promise<void>;
}

/** Where a project's virtual clock stands when nothing has been saved yet. */
export interface ClockStart {
  readonly virtualFrom: number | undefined;
}

/** Wires one project: facts folded, models loaded, monitors ticking, an unfinished replay taken up. */
export async function openProject(
  shared: Shared,
  loaded: LoadedProject,
  clockStart: ClockStart,
): Promise<OpenProject> {
  const { config, directory } = loaded;
  const { project } = config;
  const { metadata, blobs, ledger, log, logger } = shared;
  const onError = (error: unknown): void => logger.error('background work failed', { project, error });
  const datasets = await shared.datasets([directory]);
  const outstanding = new WorkCounter();
  const facts = new FactStream(ledger, project);
  const state = new ProjectState();
  facts.listen(entry => state.fold(entry));
  const notifications = await NotificationDesk.open({
    project,
    channels: config.notify ?? [],
    directory,
    timezone: config.timezone,
    virtual: clockStart.virtualFrom !== undefined,
    metadata,
    notifier: shared.notifier,
    secrets: shared.secrets,
    clock: new SystemClock(onError),
    rng: seededRng(hashSeed(project)),
    baseUrl: shared.publicUrl,
    onError,
  });
  facts.listen(entry => notifications.heard(entry));
  await facts.start();
  const { virtualFrom } = clockStart;
  const clock: Clock =
    virtualFrom === undefined
      ? new SystemClock(onError)
      : new VirtualClock(Math.max(virtualFrom, state.lastAt));
  const virtual = clock instanceof VirtualClock;
  const stored = virtual ? await storedReplay(metadata, project) : undefined;

  const classes = await ClassBook.open(project, metadata.cursors);
  const shelf = new ModelShelf(
    project,
    metadata,
    blobs,
    {
      inputs: config.features.inputs,
      classes,
      ...(servedElsewhere(config) ? { elsewhere: model => elsewhereModel(config, metadata, model) } : {}),
    },
    model => state.chaos.misread[model] ?? [],
  );
  const sources = await FeatureSources.open({ project, config, metadata, blobs, datasets, log, classes });
  const online = await OnlineFeatures.open({
    config,
    sources,
    clock,
    log,
    classes,
    monotonic: shared.monotonic,
  });
  const features = new FeatureDesk({ config, shared, clock, facts, datasets, sources, online });
  const serving: Serving = new Serving(config.endpoint?.name ?? '', {
    project,
    clock,
    log,
    shelf,
    timezone: config.timezone,
    classes,
    labels: labelMeaning(config),
    features: { columns: lookedUpColumns(config.lookups), enrich: (rows, at) => online.enrich(rows, at) },
    logging: config.endpoint?.logging ?? 'required',
    repeats: new LabelRepeats(repeatsOf(config), log),
    monotonic: shared.monotonic,
    newId: shared.newId,
    answered: records => answered(records),
    reported: async records => {
      await online.reported(records);
      await delivery.reported(records);
    },
  });
  const answered = (records: readonly PredictionRecord[]): void | Promise<void> => {
    online.answered(records);
    return delivery.answered(records);
  };
  const delivery: DeliveryController = new DeliveryController({
    project,
    config,
    clock,
    ledger,
    facts,
    state,
    blobs,
    log,
    serving,
    onError,
  });
  const history = new DriftHistory(shared.series, project);
  const watch = new Watch({ project, config, clock, log, datasets, metadata, blobs, history });
  const streams = new StreamsWatch({
    project,
    config,
    clock,
    log,
    metadata,
    facts,
    reference: champion => watch.reference(champion),
  });
  const loadJoined = (): Promise<void> => online.rebuild();

  let replays: Replays | undefined;
  const builds: Builds = new Builds({
    project,
    config,
    directory,
    clock,
    outstanding,
    metadata,
    blobs,
    facts,
    datasets,
    log,
    classes,
    virtual,
    trainers: new Map([...shared.trainers, ...commandTrainers(loaded, shared, datasets)]),
    environment: shared.environment,
    monotonic: shared.monotonic,
    sources,
    settle: run => features.settle(run),
    adopted: () => testsOf(state.tests, serving.endpoint),
    logLine: (run, line) => logger.info(line, { project, run }),
    champion: name => championOf({ project, endpoint: serving.endpoint, state, shelf, metadata }, name),
    passed: (outcome, correlation) => runner.passed(outcome, correlation),
    timePasses: until => {
      if (virtual && replays?.playing !== true) void outstanding.track(clock.advanceTo(until).catch(onError));
    },
  });
  const runner: LoopRunner = new LoopRunner({
    project,
    config,
    clock,
    ledger,
    facts,
    state,
    metadata,
    blobs,
    log,
    shelf,
    serving,
    watch,
    streams,
    builds,
    delivery,
    onError,
  });
  replays =
    virtual && config.endpoint !== undefined
      ? new Replays({
          loaded,
          shared,
          clock,
          outstanding,
          facts,
          builds,
          datasets,
          stored,
          delays: () => state.chaos.delays,
          wanted: () => trafficWanted(state.chaos, clock.now()),
          recount: () => service.countLogged(),
        })
      : undefined;

  const desk = new Datasets({ shared, loaded, clock, facts, datasets, reloadJoined: loadJoined });
  const chaos = new ChaosDesk({
    loaded,
    shared,
    metadata,
    clock,
    facts,
    state,
    shelf,
    delivery,
    outstanding,
    datasets,
    replays,
    desk,
    endpoint: serving.endpoint,
    killer: shared.killer,
    counts: async () => {
      const { live, outcomes } = await log.counts(project, serving.endpoint);
      return { predictions: live, outcomes };
    },
  });
  const objects = new ProjectObjects({
    project,
    endpoint: serving.endpoint,
    declared: Object.keys(config.datasets),
    state,
    facts,
    clock,
    ledger,
    metadata,
    blobs,
    openRuns: () => builds.openRuns,
  });
  await objects.finish();
  let batches: Batches | undefined;
  const service: Service = new Service({
    shared,
    loaded,
    clock,
    virtual,
    outstanding,
    facts,
    state,
    shelf,
    serving,
    watch,
    history,
    notifications,
    features,
    objects,
    builds,
    runner,
    delivery,
    replays,
    chaos,
    datasets,
    batches: logged => {
      batches = new Batches({
        shared,
        loaded,
        clock,
        outstanding,
        facts,
        shelf,
        serving,
        datasets,
        delivery: { answered },
        logged,
        onError,
      });
      return batches;
    },
    reloadJoined: loadJoined,
    classes,
  });
  facts.listen((entry: Entry) => {
    if (importance(entry) === 'story') replays?.linger();
    service.heard(entry);
    chaos.heard();
  });
  await service.countLogged();
  await notifications.start();
  await runner.start(stored?.due === true && !stored.finished && stored.now === clock.now());
  await chaos.takeUp();
  // From here on requests come in: nothing may be waited for before the project can be found.
  batches?.start();
  await replays?.resume();
  chaos.keepGoing();
  return {
    loaded,
    service,
    virtual,
    cameBack: gap => chaos.cameBack(gap),
    now: () => clock.now(),
    openRuns: () => builds.openRuns,
    close: async () => {
      await replays?.stop();
      runner.stop();
      await batches?.stop();
      await outstanding.idle();
      await notifications.close();
    },
  };
}

function commandTrainers(
  { config, directory }: LoadedProject,
  shared: Shared,
  datasets: DatasetQuery,
): [string, VersionedTrainer][] {
  const { command } = config.train;
  if (command === undefined) return [];
  const trainer = commandTrainer({
    run: command.run,
    directory,
    timeoutMs: parseDuration(command.timeout),
    writeTable: async job =>
      shared.blobs.path(config.project, (await datasets.store(config.project, job.table)).blob),
  });
  return [['command', { version: '1', trainer }]];
}
