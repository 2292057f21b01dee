import type { BatchInput, Decision, LiveEvent, OutcomesReceipt } from '@twinloop/client';
import {
  actorName,
  TwinloopError,
  type AnyNewFact,
  type Entry,
  type EpochMs,
  type Principal,
  type ProjectId,
} from '@twinloop/kernel';
import { endpointState } from '@twinloop/loop/delivery';
import type { ArchivedQuery, InferRequest, ProjectService } from '../app.js';
import { runsCommands } from '../config/check-project.js';
import { labelOf } from '../runtime/monitoring/labels.js';
import type { NotificationDesk } from '../notify/desk.js';
import { versionId } from '../objects/ids.js';
import { QualityDesk } from '../quality/quality-desk.js';
import type { ProjectObjects } from '../objects/project-objects.js';
import { decisionView } from '../views/decision-view.js';
import { endpointDetail, rolloutViews } from '../views/endpoint-view.js';
import { labelsView } from '../views/labels-view.js';
import { driftHistory, driftViews, monitorsView, qualityPoints } from '../views/monitors-view.js';
import type { ProjectFigures } from '../views/metrics.js';
import { lossView } from '../views/loss-view.js';
import { statusView } from '../views/status-view.js';
import { todayView } from '../views/today-view.js';
import { nextCron } from '../runtime/schedule.js';
import type { Batches } from '../batch/batches.js';
import { ingest, type RowBody } from '../ingest/ingest.js';
import { refuseRow } from '../ingest/rows.js';
import { conflict } from '../runtime/serving/label-repeats.js';
import { outcomeOfRow } from '../ingest/outcome-row.js';
import { VALUE } from '@twinloop/protocols/oip';
import type { FieldNames } from '../ingest/prediction-row.js';
import { Datasets } from './datasets.js';
import { ExpectationDesk } from './expectations.js';
import { DeliveryDesk } from './delivery-desk.js';
import { DriftDesk } from '../drift/drift-desk.js';
import { LedgerReader } from './ledger-reader.js';
import { Elsewhere } from './elsewhere.js';
import { LiveFeed } from './live-feed.js';
import { Models } from './models.js';
import { Runs } from './runs.js';
import { Tests } from '../verdicts/tests.js';
import type { Replays } from './replays.js';
import type { ServiceParts } from './service-parts.js';

const DAY = 864e5;

/** Nothing is said of what did not happen. */
function receiptOf({ accepted, ignored }: { accepted: number; ignored: number }): OutcomesReceipt {
  return ignored === 0 ? { accepted } : { accepted, ignored };
}

/** What the door may ask of one project. */
export class Service implements ProjectService {
  readonly project: ProjectId;
  readonly replay: ProjectService['replay'];
  readonly chaos: ProjectService['chaos'];
  readonly notifications: NotificationDesk;
  readonly tests: ProjectService['tests'];
  readonly features: ProjectService['features'];
  readonly objects: ProjectObjects;
  readonly expectations: ExpectationDesk;
  readonly quality: QualityDesk;
  readonly #parts: ServiceParts;
  readonly #feed: LiveFeed;
  readonly #datasets: Datasets;
  readonly #runs: Runs;
  readonly drift: DriftDesk;
  readonly #models: Models;
  readonly #desk: DeliveryDesk;
  readonly #ledger: LedgerReader;
  readonly #batchesOf: Batches;
  #elsewhere: Elsewhere | undefined;
  #counts = { live: 0, outcomes: 0 };

  constructor(parts: ServiceParts) {
    this.#parts = parts;
    this.project = parts.loaded.config.project;
    this.notifications = parts.notifications;
    this.features = parts.features;
    this.objects = parts.objects;
    this.quality = new QualityDesk(parts);
    this.#ledger = new LedgerReader(parts.shared.ledger, this.project, this.#config.timezone);
    this.#datasets = new Datasets(parts);
    this.expectations = new ExpectationDesk(parts, this.#datasets);
    this.#batchesOf = parts.batches(rows => {
      this.#counts.live += rows;
      this.#feed.changed();
    });
    this.#runs = new Runs(parts);
    this.tests = new Tests(parts, run => this.#runs.sarif(run));
    this.#models = new Models(parts);
    this.drift = new DriftDesk(parts);
    this.#desk = new DeliveryDesk(parts);
    this.#feed = new LiveFeed(() => this.status(), parts.shared.wallNow);
    const replays = (): Replays => {
      if (parts.replays !== undefined) return parts.replays;
      throw new TwinloopError('invalid_request', {
        values: { reason: 'this project lives in wall time' },
        hint: 'Apply it with `--clock TIME` to replay its past.',
      });
    };
    this.chaos = parts.chaos;
    this.replay = {
      status: () => parts.replays?.status() ?? null,
      start: (input, principal) =>
        replays().start({ ...input, anywhere: principal.kind !== 'local' }, actorName(principal)),
      control: input => replays().control(input),
    };
  }

  /** Every fact, after it was folded. */
  heard(entry: Entry): void {
    this.#feed.decision(() => decisionView(entry, this.#config.timezone));
  }

  /** Writes one fact at this project's time. */
  async say(make: (at: EpochMs) => AnyNewFact): Promise<void> {
    await this.#parts.facts.append([make(this.#parts.clock.now())]);
  }

  figures(): ProjectFigures {
    const { state, serving, builds, watch, history } = this.#parts;
    return {
      project: this.project,
      endpoint: serving.endpoint,
      requests: serving.requests,
      errors: serving.errors,
      unlogged: serving.unlogged,
      predictions: this.#counts.live,
      outcomes: this.#counts.outcomes,
      ledgerEntries: state.lastSeq,
      openRuns: builds.openRuns.length,
      openAlarms: [...state.alarms.values()].filter(alarm => alarm.open).length,
      ...state.counts,
      quarantined: state.quarantined,
      streamWarnings: state.warned,
      labelConflicts: serving.repeats.ignored + serving.repeats.rejected,
      loss: lossView(this.#config, watch.lastLoss),
      p50Ms: serving.latency.quantile(0.5),
      p99Ms: serving.latency.quantile(0.99),
      drift: history.latest,
      notifications: this.notifications.figures(),
      features: this.features.figures(),
    };
  }

  /** Reads what the log holds, so that counts go on where the last process stopped. */
  async countLogged(): Promise<void> {
    const { shared, serving } = this.#parts;
    if (serving.endpoint === '') return;
    const { live, outcomes } = await shared.log.counts(this.project, serving.endpoint);
    this.#counts = { live, outcomes };
  }

  get #config() {
    return this.#parts.loaded.config;
  }

  async status() {
    const { state, serving, shelf, clock, virtual, builds, replays, watch } = this.#parts;
    return statusView({
      config: this.#config,
      state,
      serving,
      shelf,
      loss: watch.lastLoss,
      now: clock.now(),
      virtual,
      openRuns: builds.openRuns,
      replay: replays?.status() ?? null,
      predictions: this.#counts.live,
      outcomes: this.#counts.outcomes,
      errors: serving.errors,
    });
  }

  async today() {
    const { shared, state, serving, shelf, clock, virtual, builds, watch } = this.#parts;
    const { schedule } = this.#config.policy;
    const now = clock.now();
    return todayView({
      config: this.#config,
      state,
      serving,
      shelf,
      loss: watch.lastLoss,
      now,
      virtual,
      openRuns: builds.openRuns,
      errors: serving.errors,
      runs: await this.runs(),
      p50Ms: serving.latency.quantile(0.5),
      p99Ms: serving.latency.quantile(0.99),
      requests: serving.requests,
      residentBytes: shared.memory().rss,
      nextRun: schedule === undefined ? null : (nextCron(now, schedule, this.#config.timezone) ?? null),
      channels: (await this.notifications.view()).channels,
    });
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    return this.#feed.subscribe(listener);
  }

  decisions(query: Parameters<ProjectService['decisions']>[0]): Promise<readonly Decision[]> {
    return this.#ledger.decisions(query);
  }

  verifyLedger() {
    return this.#ledger.verifyLedger();
  }

  decisionHash() {
    return this.#ledger.decisionHash();
  }

  async datasets({ archived }: ArchivedQuery = {}) {
    return this.objects.listed('dataset-version', await this.#datasets.list(), versionId, archived);
  }

  async dataset(name: string, version: string) {
    this.objects.demandThere('dataset-version', versionId({ dataset: name, version }));
    return this.#datasets.get(name, version);
  }

  addDatasetVersion(name: string, source: string, principal: Principal) {
    return this.#datasets.add(name, source, principal);
  }

  registerDeclared(actor: string): Promise<void> {
    return this.#datasets.registerDeclared(actor);
  }

  runs(query?: ArchivedQuery) {
    return this.#runs.list(query);
  }

  run(id: string) {
    return this.#runs.get(id);
  }

  runReport(id: string): Promise<string> {
    return this.#runs.report(id);
  }

  startRun(input: { reason: string; algorithms?: readonly string[] }, principal: Principal) {
    return this.#runs.start(input, actorName(principal));
  }

  runsCommands(): boolean {
    return runsCommands(this.#config);
  }

  models(query?: ArchivedQuery) {
    return this.#models.list(query);
  }

  model(id: string) {
    return this.#models.get(id);
  }

  card(id: string): Promise<string> {
    return this.#models.card(id);
  }

  onnx(id: string): Promise<Uint8Array> {
    return this.#models.onnx(id);
  }

  endpoints(): readonly string[] {
    return this.#config.endpoint === undefined ? [] : [this.#config.endpoint.name];
  }

  #known(endpoint: string): void {
    if (!this.endpoints().includes(endpoint))
      throw new TwinloopError('model_not_found', { values: { model: endpoint } });
  }

  /** What the data looked like that the model in service learned from. */
  async #trainingProfile() {
    const { serving, shelf, shared } = this.#parts;
    const live = serving.snapshot.live[0];
    if (live === undefined) return undefined;
    const { dataset, datasetVersion } = (await shelf.load(live.model)).record;
    return (await shared.metadata.datasets.get(this.project, dataset, datasetVersion))?.profile;
  }

  async endpoint(name: string) {
    this.#known(name);
    const { shared, state, serving, shelf, watch } = this.#parts;
    const entries = await shared.ledger.read({
      project: this.project,
      types: [
        'RolloutStarted',
        'RolloutObserved',
        'RolloutAdvanced',
        'ModelPromoted',
        'ModelRejected',
        'ModelRolledBack',
        'PromotionObserved',
      ],
    });
    return endpointDetail(
      {
        config: this.#config,
        state,
        serving,
        shelf,
        loss: watch.lastLoss,
        profile: await this.#trainingProfile(),
        baseUrl: shared.self().publicUrl,
      },
      rolloutViews(entries),
      { entries, guardrails: this.#parts.delivery.guardrails() },
    );
  }

  inputs(endpoint: string) {
    this.#known(endpoint);
    const described = this.#parts.serving.inputs();
    return this.#config.train?.task === 'regression' ? { ...described, output: VALUE } : described;
  }

  async infer(request: InferRequest) {
    this.#known(request.endpoint);
    const result = await this.#parts.serving.infer(request);
    this.#counts.live += result.ids.length;
    this.#feed.changed();
    return result;
  }

  async recordOutcomes(
    endpoint: string,
    outcomes: Parameters<ProjectService['recordOutcomes']>[1],
    principal: Principal,
  ) {
    this.#known(endpoint);
    const receipt = await this.#parts.serving.recordOutcomes(
      outcomes,
      labelOf(this.#config),
      actorName(principal),
    );
    this.#counts.outcomes += receipt.accepted;
    this.#feed.changed();
    return receiptOf(receipt);
  }

  async startBatch(endpoint: string, input: BatchInput, principal: Principal) {
    this.#known(endpoint);
    return this.#batchesOf.ask(input, principal);
  }

  batches(endpoint: string) {
    this.#known(endpoint);
    return this.#batchesOf.list();
  }

  async takePredictions(endpoint: string | undefined, body: RowBody, names: FieldNames) {
    const [only] = this.endpoints();
    this.#known(endpoint ?? only ?? '');
    const { loaded, shared, clock, facts, state, delivery } = this.#parts;
    this.#elsewhere ??= new Elsewhere({
      config: loaded.config,
      shared,
      log: shared.log,
      clock,
      facts,
      state,
      delivery,
    });
    const receipt = await this.#elsewhere.take(body, names);
    this.#counts.live += receipt.accepted;
    this.#feed.changed();
    return receipt;
  }

  async takeOutcomes(endpoint: string, body: RowBody, principal: Principal) {
    this.#known(endpoint);
    const { shared, serving } = this.#parts;
    const read = serving.outcomeReader(labelOf(this.#config), actorName(principal));
    let ignored = 0;
    const { accepted } = await ingest(
      body,
      shared.datasets,
      row => read(outcomeOfRow(row)),
      async (tally, batch) => {
        const admitted = await serving.keepOutcomes(batch.map(({ value }) => value));
        for (const index of admitted.conflicts) {
          const { line, value } = batch[index]!;
          refuseRow(tally, line, conflict(value, 'value').message, 'value');
        }
        ignored += admitted.ignored;
        tally.accepted += admitted.records.length;
        this.#counts.outcomes += admitted.records.length;
      },
    );
    this.#feed.changed();
    return receiptOf({ accepted, ignored });
  }

  async promote(endpoint: string, reason: string, principal: Principal): Promise<Decision> {
    this.#known(endpoint);
    return this.#desk.promote(endpoint, reason, principal);
  }

  async reject(endpoint: string, reason: string, principal: Principal): Promise<Decision> {
    this.#known(endpoint);
    return this.#desk.reject(endpoint, reason, principal);
  }

  async rollback(endpoint: string, reason: string, principal: Principal): Promise<Decision> {
    this.#known(endpoint);
    return this.#desk.rollback(endpoint, reason, principal);
  }

  async hold(endpoint: string, reason: string, principal: Principal): Promise<Decision> {
    this.#known(endpoint);
    return this.#desk.hold(endpoint, reason, principal);
  }

  async resume(endpoint: string, principal: Principal): Promise<Decision> {
    this.#known(endpoint);
    return this.#desk.resume(endpoint, principal);
  }

  async labels(endpoint: string) {
    this.#known(endpoint);
    const { shared, clock } = this.#parts;
    return labelsView({ project: this.project, config: this.#config, log: shared.log }, clock.now());
  }

  async monitors(endpoint: string) {
    this.#known(endpoint);
    const { shared, state, shelf, watch, clock, serving, replays } = this.#parts;
    const { champion } = endpointState(state.delivery, endpoint);
    if (champion === null) throw new TwinloopError('endpoint_not_ready', { values: { endpoint } });
    const model = await shelf.load(champion.model);
    const now = clock.now();
    const [look, scored, signals] = await Promise.all([
      watch.driftNow(model, champion.since),
      shared.log.scored({
        project: this.project,
        endpoint: serving.endpoint,
        metric: labelOf(this.#config),
        arrived: { until: now + DAY },
      }),
      shared.ledger.read({ project: this.project, types: ['SignalRaised'] }),
    ]);
    return monitorsView({
      config: this.#config,
      endpoint,
      model: champion.model,
      look,
      drift: driftViews(this.#config, look, driftHistory(signals)),
      quality: qualityPoints(
        this.#config,
        scored,
        scored.predictedAt.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY),
      ),
      baselines: (await replays?.baselines()) ?? [],
      alarms: [...state.alarms.values()].reverse(),
      warnings: state.warnings,
    });
  }
}
