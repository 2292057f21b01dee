import { TwinloopError, type RunRecord } from '@twinloop/kernel';
import { endpointState } from '@twinloop/loop/delivery';
import { toJUnit, toSarif } from '@twinloop/loop/testing';
import type { ArchivedQuery } from '../app.js';
import { trains } from '../config/check-project.js';
import { gatePlaces } from '../verdicts/gate-places.js';
import { runDetail, runView } from '../views/data-views.js';
import type { ServiceParts } from './service-parts.js';

/** The training runs of one project: seen, and started by hand. */
export class Runs {
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  get #project() {
    return this.#parts.loaded.config.project;
  }

  async list({ archived }: ArchivedQuery = {}) {
    const runs = await this.#parts.shared.metadata.runs.list(this.#project);
    const views = runs.map(run => runView(this.#open(run)));
    return this.#parts.objects.listed('run', views, ({ run }) => run, archived);
  }

  /** @throws not_found · object_deleted */
  async get(id: string) {
    return runDetail(this.#open(await this.#runRecord(id)));
  }

  /** A run is seen to end when what follows from it has happened: after `passed` the endpoint answers. */
  #open(record: RunRecord): RunRecord {
    return this.#parts.builds.openRuns.includes(record.run)
      ? { ...record, status: 'running', finishedAt: null }
      : record;
  }

  /** JUnit XML. */
  async report(id: string): Promise<string> {
    const { run, verdicts } = await this.#runRecord(id);
    return toJUnit(run, verdicts);
  }

  /** SARIF 2.1.0, each gate at its line of the project file as it is applied now. */
  async sarif(id: string): Promise<string> {
    const { run, verdicts } = await this.#runRecord(id);
    const { text, config } = this.#parts.loaded;
    return toSarif(run, verdicts, gatePlaces(text, config.gates, verdicts));
  }

  async #runRecord(id: string) {
    this.#parts.objects.demandThere('run', id);
    const record = await this.#parts.shared.metadata.runs.get(this.#project, id);
    if (record === undefined) throw new TwinloopError('not_found', { values: { what: `Run ${id}` } });
    return record;
  }

  /** @throws rollout_open · run_open · invalid_request for a project that does not train */
  async start(input: { reason: string; algorithms?: readonly string[] }, actor: string) {
    const { state, builds, serving } = this.#parts;
    if (!trains(this.#parts.loaded.config))
      throw new TwinloopError('invalid_request', {
        values: { reason: 'this project has no `train` section' },
        hint: 'Its models are trained and served elsewhere.',
      });
    const { champion, rollout } = endpointState(state.delivery, serving.endpoint);
    if (rollout !== null)
      throw new TwinloopError('rollout_open', {
        values: { endpoint: serving.endpoint, rollout: rollout.rollout },
      });
    const run = `run-${state.runs + 1}`;
    const [only] = input.algorithms ?? [];
    await builds.start({
      run,
      trigger: champion === null ? 'apply' : 'manual',
      reason: input.reason,
      actor,
      ...(only === undefined ? {} : { only }),
    });
    return { run };
  }
}
