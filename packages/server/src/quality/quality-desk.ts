import type { EdgeCasesView, FairnessView, QualityView } from '@twinloop/client';
import { type Interval, parseDuration, seededRng, TwinloopError } from '@twinloop/kernel';
import { type InputProfile, inputProfile } from '@twinloop/loop/monitoring';
import type { QualityService } from '../app.js';
import type { ProjectConfig } from '../config/project-config.js';
import type { ServiceParts } from '../project/service-parts.js';
import { availabilityOf, labelOf } from '../runtime/monitoring/labels.js';
import type { ShelvedModel } from '../runtime/serving/shelved-model.js';
import { stringify } from 'yaml';
import { edgeTest, usualTolerance } from '../verdicts/edge-test.js';
import { biasLimits } from './bias-limits.js';
import { type EdgeCase, edgeCasesView } from './edge-case-view.js';
import { fairnessView } from './fairness-view.js';
import { qualityView } from './quality-view.js';
import { slicesView } from './slices-view.js';
import { type Answers, readAnswers } from './read-answers.js';

/** More answers than these are not looked at: a page is a look, not an archive. */
const MOST_EDGES = 20_000;
const MOST_ANSWERS = 200_000;
/** Profiles that are kept: those of the champion and of the one before. */
const KEPT = 2;
const HOUR = 36e5;

type Parts = Pick<
  ServiceParts,
  'loaded' | 'shared' | 'clock' | 'serving' | 'shelf' | 'datasets' | 'state' | 'classes'
>;

/** What people ask of the answers of an endpoint: how good, how fair, how strange. Each look reads the log; nothing is decided. */
export class QualityDesk implements QualityService {
  readonly #parts: Parts;
  readonly #profiles = new Map<string, Promise<InputProfile | null>>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get #config(): ProjectConfig {
    return this.#parts.loaded.config;
  }

  async quality(endpoint: string, { every }: { readonly every?: string } = {}): Promise<QualityView> {
    const champion = await this.#champion(endpoint);
    const length = every === undefined ? undefined : parseDuration(every);
    if (length !== undefined && length < HOUR)
      throw new TwinloopError('invalid_request', {
        field: 'every',
        values: { reason: 'a window is an hour or longer' },
      });
    const { clock, serving } = this.#parts;
    const [answers, corrected] = await Promise.all([
      this.#answers({}, MOST_ANSWERS, this.#config.features.inputs),
      this.#corrected(),
    ]);
    return qualityView(
      {
        endpoint,
        config: this.#config,
        champion,
        repeats: serving.repeats,
        corrected,
        slices: slicesView(this.#config, answers),
        now: clock.now(),
      },
      answers,
      length,
    );
  }

  async fairness(endpoint: string): Promise<FairnessView> {
    await this.#champion(endpoint);
    const { fairness } = this.#config.monitors;
    const window = this.#until(fairness.window);
    const attributes = [...new Set(fairness.attributes.flat())];
    const answers =
      this.#config.train.task === 'binary' && attributes.length > 0
        ? await this.#answers(window, MOST_ANSWERS, attributes)
        : await this.#answers(window, 0, []);
    return fairnessView(endpoint, fairness, window, answers, biasLimits(this.#config.gates));
  }

  async edgeCases(endpoint: string): Promise<EdgeCasesView> {
    const champion = await this.#champion(endpoint);
    const { window: length, limit } = this.#config.monitors.edgeCases;
    const window = this.#until(length);
    const [profile, answers] = await Promise.all([
      this.#profile(champion),
      this.#answers(window, MOST_EDGES, this.#config.features.inputs),
    ]);
    const tests = this.#parts.state.tests[endpoint] ?? [];
    if (profile === null)
      return {
        endpoint,
        ...window,
        requests: answers.rows,
        expected: 1 - limit,
        limit,
        outside: 0,
        kinds: [],
        cases: [],
        tests,
      };
    return edgeCasesView({
      endpoint,
      window,
      limit,
      profile,
      answers,
      tests,
      testOf: edge => this.#testOf(edge, champion),
    });
  }

  /** Predictions whose label was said with another value before. */
  async #corrected(): Promise<number> {
    const { shared, serving } = this.#parts;
    if (availabilityOf(this.#config) === 'never') return 0;
    const rows = await shared.log.coverage({
      project: this.#config.project,
      endpoint: serving.endpoint,
      metric: labelOf(this.#config),
      predicted: {},
      every: 365 * 24 * HOUR,
    });
    return rows.reduce((sum, row) => sum + row.corrected, 0);
  }

  /** What the request would become as a prediction test, as it stands in a file. */
  #testOf({ id, inputs, score, label }: EdgeCase, { record }: ShelvedModel): string {
    const { classes } = this.#parts;
    const { task } = this.#config.train;
    const known = label === null ? null : task === 'multiclass' ? (classes.names[label] ?? null) : label;
    const test = edgeTest(
      {
        prediction: { id, inputs, score, output: null },
        label: known,
        task,
        tolerance: usualTolerance(record.metrics, score),
      },
      {},
    );
    return stringify([test], { lineWidth: 0 });
  }

  #until(length: string): Interval {
    const until = this.#parts.clock.now();
    return { from: until - parseDuration(length), until };
  }

  /** @throws model_not_found · endpoint_not_ready */
  async #champion(endpoint: string): Promise<ShelvedModel> {
    const { serving } = this.#parts;
    if (serving.endpoint === '' || endpoint !== serving.endpoint)
      throw new TwinloopError('model_not_found', { values: { model: endpoint } });
    const live = serving.snapshot.live[0];
    if (live === undefined) throw new TwinloopError('endpoint_not_ready', { values: { endpoint } });
    return this.#parts.shelf.load(live.model);
  }

  /** The columns as the champion's dataset version typed them. */
  async #answers(predicted: Partial<Interval>, newest: number, columns: readonly string[]): Promise<Answers> {
    const { shared, clock, serving, shelf } = this.#parts;
    const { project } = this.#config;
    const { record } = await shelf.load(serving.snapshot.live[0]!.model);
    const version = await shared.metadata.datasets.get(project, record.dataset, record.datasetVersion);
    return readAnswers(shared.log, {
      project,
      endpoint: serving.endpoint,
      metric: availabilityOf(this.#config) === 'never' ? '' : labelOf(this.#config),
      schema: (version?.schema ?? []).filter(({ name }) => columns.includes(name)),
      predicted,
      known: clock.now(),
      newest,
    });
  }

  async #profile({ record }: ShelvedModel): Promise<InputProfile | null> {
    const { shared, datasets } = this.#parts;
    const { project, features } = this.#config;
    const key = `${record.dataset}@${record.datasetVersion}`;
    let profile = this.#profiles.get(key);
    if (profile === undefined) {
      profile = (async () => {
        const version = await shared.metadata.datasets.get(project, record.dataset, record.datasetVersion);
        if (version === undefined) return null;
        const known = version.schema.map(({ name }) => name);
        const texts = new Set((features.text ?? []).map(({ column }) => column));
        const inputs = features.inputs.filter(name => known.includes(name) && !texts.has(name));
        return inputProfile(await datasets.load(project, version.blob, inputs), inputs, seededRng(1));
      })();
      this.#profiles.set(key, profile);
      profile.catch(() => this.#profiles.delete(key));
      for (const old of [...this.#profiles.keys()].slice(0, -KEPT)) this.#profiles.delete(old);
    }
    return profile;
  }
}
