import {
  TwinloopError,
  type Clock,
  type OutcomeRecord,
  type PredictionLog,
  type PredictionRecord,
  type ProjectId,
  type Row,
} from '@twinloop/kernel';
import { route, type Route, type RoutingSnapshot } from '@twinloop/loop/delivery';
import type { OutcomeInput } from '@twinloop/client';
import type { InferRequest, InferResult, ModelInput } from '../../app.js';
import { ArmStats } from './arm-stats.js';
import { LatencyWindow } from './latency-window.js';
import type { ClassBook } from './class-book.js';
import { classAnswers, loggedAnswer } from './class-answers.js';
import type { ModelShelf } from './model-shelf.js';
import { type Admitted, conflict, type LabelRepeats } from './label-repeats.js';
import { outcomeValue, type LabelMeaning } from './outcome-value.js';
import { parseTime } from '../zoned-time.js';

export interface ServingPorts {
  readonly project: ProjectId;
  readonly clock: Clock;
  readonly log: PredictionLog;
  readonly shelf: ModelShelf;
  readonly timezone: string;
  readonly classes: ClassBook;
  readonly labels: LabelMeaning;
  /** Looks up what requests do not bring. */
  readonly features: {
    readonly columns: readonly string[];
    enrich(rows: readonly Row[], at: number): readonly Row[];
  };
  readonly logging: 'required' | 'best-effort';
  /** What follows when a label comes again with another value. */
  readonly repeats: LabelRepeats;
  /** Monotonic wall time in milliseconds. */
  readonly monotonic: () => number;
  readonly newId: () => string;
  /** Told after an answer was logged, and after outcomes were: what watches a promotion decides there. */
  readonly answered: (records: readonly PredictionRecord[]) => void | Promise<void>;
  readonly reported: (records: readonly OutcomeRecord[]) => void | Promise<void>;
}

interface Answer {
  readonly variant: string;
  readonly model: string;
  readonly version: number;
  readonly scores: Float64Array;
}

/** Answers requests of one endpoint: a pure choice over an immutable snapshot, a model on the shelf, one log write before the reply. */
export class Serving {
  readonly endpoint: string;
  readonly latency = new LatencyWindow();
  readonly arms = new ArmStats();
  errors = 0;
  requests = 0;
  /** Answers that could not be logged (`best-effort` only). */
  unlogged = 0;
  readonly #ports: ServingPorts;
  readonly #asked = new WeakMap<readonly ModelInput[], readonly ModelInput[]>();
  #snapshot: RoutingSnapshot;

  constructor(endpoint: string, ports: ServingPorts) {
    this.endpoint = endpoint;
    this.#ports = ports;
    this.#snapshot = { endpoint, live: [], shadows: [], validUntil: null };
  }

  get repeats(): LabelRepeats {
    return this.#ports.repeats;
  }

  get snapshot(): RoutingSnapshot {
    return this.#snapshot;
  }

  /** Brings the models that a snapshot names, then switches to it in one step; requests under way keep the old one. */
  async use(snapshot: RoutingSnapshot): Promise<void> {
    for (const arm of [...snapshot.live, ...snapshot.shadows]) await this.#ports.shelf.load(arm.model);
    this.#snapshot = snapshot;
  }

  /** @throws endpoint_not_ready */
  inputs(): {
    inputs: readonly ModelInput[];
    version: number;
    versions: readonly number[];
    classes?: readonly string[];
  } {
    const arm = this.#snapshot.live[0];
    const shelved = arm === undefined ? undefined : this.#ports.shelf.loaded(arm.model);
    if (arm === undefined || shelved === undefined)
      throw new TwinloopError('endpoint_not_ready', { values: { endpoint: this.endpoint } });
    return {
      inputs: this.asked(shelved.inputs),
      version: arm.version,
      versions: [arm.version],
      ...(shelved.classes.length === 0 ? {} : { classes: shelved.classes }),
    };
  }

  /** @throws endpoint_not_ready · input_missing · input_type · storage_full */
  async infer(request: InferRequest): Promise<InferResult> {
    const { clock, shelf, log, project, logging, monotonic, newId } = this.#ports;
    const started = monotonic();
    const snapshot = this.#snapshot;
    if (snapshot.live.length === 0)
      throw new TwinloopError('endpoint_not_ready', { values: { endpoint: this.endpoint } });
    this.requests++;
    const at = clock.now();
    const count = request.rows.length;
    const ids = request.ids ?? Array.from({ length: count }, newId);
    // One request is one unit: all its rows go to one arm.
    const chosen = route(snapshot, request.unitKey ?? ids[0] ?? '');
    const rows = this.enrich(request.rows, at);
    const { answer, shadows } = await this.#answers(chosen, rows);
    const latencyMs = monotonic() - started;
    const records: PredictionRecord[] = [];
    for (let i = 0; i < count; i++) {
      const common = {
        project,
        id: ids[i]!,
        endpoint: this.endpoint,
        at,
        key: request.key,
        unitKey: request.unitKey,
        propensities: chosen.propensities,
        latencyMs: latencyMs / count,
      };
      records.push({
        ...common,
        variant: answer.variant,
        version: answer.model,
        role: 'live',
        ...loggedAnswer(shelf.loaded(answer.model)!, answer.scores, i),
        inputs: rows[i]!,
      });
      for (const shadow of shadows) {
        records.push({
          ...common,
          variant: shadow.variant,
          version: shadow.model,
          role: 'shadow',
          ...loggedAnswer(shelf.loaded(shadow.model)!, shadow.scores, i),
          inputs: null,
        });
      }
    }
    try {
      await log.appendPredictions(records);
    } catch (error) {
      this.errors++;
      if (logging === 'required') throw error;
      this.unlogged += records.length;
    }
    this.latency.add(monotonic() - started);
    const told = this.#ports.answered(records);
    if (told !== undefined) await told;
    const reply = { model: answer.model, version: answer.version, ids };
    const { classes } = shelf.loaded(answer.model)!;
    if (classes.length === 0) return { ...reply, scores: answer.scores };
    const scores = Float64Array.from(
      records.filter(({ role }) => role === 'live'),
      ({ score }) => score,
    );
    return { ...reply, scores, classes: classAnswers(classes, answer.scores) };
  }

  /** The inputs of a model that a request brings. */
  asked(inputs: readonly ModelInput[]): readonly ModelInput[] {
    const { columns } = this.#ports.features;
    if (columns.length === 0) return inputs;
    let asked = this.#asked.get(inputs);
    if (asked === undefined) {
      asked = inputs.filter(({ name }) => !columns.includes(name));
      this.#asked.set(inputs, asked);
    }
    return asked;
  }

  /** What models see of rows that come now. */
  enrich(rows: readonly Row[], at: number): readonly Row[] {
    return this.#ports.features.enrich(rows, at);
  }

  /** The chosen arm's answer and those of the arms in shadow. While two arms share the traffic, one that fails is covered by the other. */
  async #answers(
    chosen: Route,
    rows: InferRequest['rows'],
  ): Promise<{ readonly answer: Answer; readonly shadows: readonly Answer[] }> {
    let answer: Answer | undefined;
    let failure: unknown;
    try {
      answer = { ...chosen, scores: await this.#score(chosen.model, rows) };
    } catch (error) {
      // A request that is wrong is wrong for every arm.
      if (chosen.shadows.length === 0 || (error instanceof TwinloopError && error.status < 500)) throw error;
      failure = error;
    }
    const shadows: Answer[] = [];
    for (const arm of chosen.shadows) {
      const scores = await this.#shadowScores(arm.model, rows);
      if (answer === undefined && !Number.isNaN(scores[0])) answer = { ...arm, scores };
      else shadows.push({ ...arm, scores });
    }
    if (answer === undefined) throw failure;
    // What failed is logged as a shadow without scores: the comparison sees it.
    if (failure !== undefined)
      shadows.push({ ...chosen, scores: new Float64Array(rows.length).fill(Number.NaN) });
    return { answer, shadows };
  }

  /** Counted and timed by model, since guardrails compare the arms. */
  async #score(model: string, rows: InferRequest['rows']): Promise<Float64Array> {
    const { shelf, monotonic } = this.#ports;
    const started = monotonic();
    try {
      const scores = shelf.loaded(model)!.score(rows);
      const known = scores instanceof Float64Array ? scores : await scores;
      this.arms.answered(model, monotonic() - started, false);
      return known;
    } catch (error) {
      if (!(error instanceof TwinloopError && error.status < 500)) this.arms.answered(model, 0, true);
      throw error;
    }
  }

  /** A challenger's failure is its own: the client never sees it, the comparison sees missing scores. */
  async #shadowScores(model: string, rows: InferRequest['rows']): Promise<Float64Array> {
    try {
      return await this.#score(model, rows);
    } catch {
      return new Float64Array(rows.length).fill(Number.NaN);
    }
  }

  /** @throws outcome_invalid · outcome_conflict · storage_full */
  async recordOutcomes(
    outcomes: readonly OutcomeInput[],
    metric: string,
    source: string,
  ): Promise<{ readonly accepted: number; readonly ignored: number }> {
    const records = outcomes.map(
      (outcome, index): OutcomeRecord => this.#outcome(outcome, `[${index}].`, metric, source),
    );
    return this.#ports.repeats.take(records, async admitted => {
      const [first] = admitted.conflicts;
      // One request is taken or refused as a whole.
      if (first !== undefined) throw conflict(records[first]!, `[${first}].value`);
      await this.#log(admitted.records);
      return { accepted: admitted.records.length, ignored: admitted.ignored };
    });
  }

  /** Logs outcomes that {@link outcomeReader} has read, but for those that contradict what is known, and tells delivery. @throws storage_full */
  async keepOutcomes(records: readonly OutcomeRecord[]): Promise<Admitted> {
    return this.#ports.repeats.take(records, async admitted => {
      await this.#log(admitted.records);
      return admitted;
    });
  }

  async #log(records: readonly OutcomeRecord[]): Promise<void> {
    // The numbers of new classes first: an outcome must not outlive them.
    await this.#ports.classes.stored();
    await this.#ports.log.appendOutcomes(records);
    await this.#ports.reported(records);
  }

  /** Makes a reader of single outcomes. It @throws outcome_invalid */
  outcomeReader(metric: string, source: string): (input: OutcomeInput) => OutcomeRecord {
    return input => this.#outcome(input, '', metric, source);
  }

  #outcome(input: OutcomeInput, place: string, metric: string, source: string): OutcomeRecord {
    const invalid = (field: string, reason: string): TwinloopError =>
      new TwinloopError('outcome_invalid', { field: `${place}${field}`, values: { reason } });
    const { project, clock, timezone, classes, labels } = this.#ports;
    // Only the label has classes; another figure of the case is a number.
    const meaning = (input.metric ?? metric) === metric ? labels : ({ task: 'regression' } as const);
    const value = outcomeValue(input.value, meaning, classes, `${place}value`);
    if (input.id === undefined && input.key === undefined) throw invalid('id', 'neither id nor key is given');
    if (input.id === undefined && input.time === undefined) throw invalid('time', 'key needs a time');
    const time = (field: 'time' | 'at'): number | null => {
      const given = input[field];
      if (typeof given !== 'string') return given ?? null;
      try {
        return parseTime(given, timezone);
      } catch {
        throw invalid(field, `"${given}" is not an ISO date or time`);
      }
    };
    return {
      project,
      endpoint: this.endpoint,
      predictionId: input.id ?? null,
      key: input.key ?? null,
      time: time('time'),
      metric: input.metric ?? metric,
      value,
      at: time('at') ?? clock.now(),
      source: input.source ?? source,
      revision: input.revision ?? 0,
    };
  }
}
