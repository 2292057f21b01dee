import {
  parseDuration,
  TwinloopError,
  type AnyNewFact,
  type BlobStore,
  type Clock,
  type Json,
  type MetadataStore,
  type Outstanding,
  type ProjectId,
  type RunRecord,
  type Trigger,
  type Verdict,
} from '@twinloop/kernel';
import {
  runBuild,
  type BuildOutcome,
  type BuildRequest,
  type JudgedCandidate,
} from '@twinloop/loop/building';
import { decodeDocument, toOnnx } from '@twinloop/model';
import type { VersionedTrainer } from '@twinloop/loop/building';
import type { PredictionTest } from '@twinloop/loop/testing';
import { trainingDataset } from '../../config/check-project.js';
import type { ProjectConfig } from '../../config/project-config.js';
import { codeDigest, sha256 } from '../digest.js';
import type { FactStream } from '../fact-stream.js';
import { modelOpener } from './open-model.js';
import { runCodeTests } from './code-tests.js';
import { judgeCandidate, type Champion } from './judge-candidate.js';
import { digestTests } from './prediction-tests.js';
import { trainingData, type TrainingDataPorts } from './training-data.js';
import { localTime } from '../zoned-time.js';

export interface BuildsPorts extends TrainingDataPorts {
  readonly project: ProjectId;
  readonly config: ProjectConfig;
  readonly directory: string;
  readonly clock: Clock;
  readonly outstanding: Outstanding;
  readonly metadata: MetadataStore;
  readonly blobs: BlobStore;
  readonly facts: FactStream;
  readonly trainers: ReadonlyMap<string, VersionedTrainer>;
  readonly environment: Json;
  readonly monotonic: () => number;
  /** Prediction tests that people made of edge cases of the endpoint. */
  adopted(): readonly PredictionTest[];
  /** The project lives in virtual time, where a run costs its declared time. */
  readonly virtual: boolean;
  /** The named champion; without a name the one that serves now, if any. */
  champion(name?: string): Promise<Champion | undefined>;
  /** Called after a run that passed, before anything else happens at its time. */
  passed(outcome: BuildOutcome, correlation: string | undefined): Promise<void>;
  /** A line of a run's log, as it comes. */
  logLine(run: string, line: string): void;
  /** In virtual time nobody else may be moving the clock: then the run itself lets its time pass. */
  timePasses(until: number): void;
}

export interface StartBuild {
  readonly run: string;
  readonly trigger: Trigger;
  readonly reason: string;
  readonly actor: string;
  readonly causation?: string;
  readonly correlation?: string;
  readonly only?: string;
  /** It was started in an earlier life of the process, at that time, against that champion. */
  readonly resumed?: { readonly startedAt: number; readonly champion: string | null };
}

interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

function gate(): Gate {
  let open = (): void => undefined;
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { opened, open };
}

/** Starts training runs and carries their results into the ledger at their declared time. */
export class Builds {
  readonly #ports: BuildsPorts;
  readonly #open = new Map<string, Promise<BuildOutcome>>();
  #waitingFor: string | null = null;

  constructor(ports: BuildsPorts) {
    this.#ports = ports;
  }

  /** What virtual time waits for, in words. */
  get waitingFor(): string | null {
    return this.#waitingFor;
  }

  get openRuns(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** Resolves when the run has been started (its first fact is in the ledger); its end comes later. @throws run_open */
  async start(input: StartBuild): Promise<void> {
    const [open] = this.#open.keys();
    if (open !== undefined) throw new TwinloopError('run_open', { values: { run: open } });
    const { clock, config, outstanding } = this.#ports;
    const startedAt = input.resumed?.startedAt ?? clock.now();
    const endsAt = startedAt + (this.#ports.virtual ? parseDuration(config.train.takes) : 0);
    const begun = gate();
    const due = gate();
    const work = this.#build(input, { startedAt, begun, due });
    this.#open.set(input.run, work);
    this.#waitingFor = 'the training data';
    const ended = work.finally(() => {
      this.#open.delete(input.run);
      this.#waitingFor = null;
    });
    const settled = ended.then(
      () => undefined,
      () => undefined,
    );
    if (this.#ports.virtual) {
      clock.at(endsAt, () => {
        due.open();
        return settled;
      });
    } else {
      due.open();
      void outstanding.track(settled);
    }
    // A run that fails before its first fact (no data, an open run) fails its caller.
    await Promise.race([begun.opened, ended]);
    if (this.#ports.virtual) this.#ports.timePasses(endsAt);
  }

  /** Resolves when the run has ended. */
  async wait(run: string): Promise<void> {
    await this.#open.get(run);
  }

  async #build(
    input: StartBuild,
    time: { startedAt: number; begun: Gate; due: Gate },
  ): Promise<BuildOutcome> {
    const { ports, request } = await this.#prepare(input, time);
    const outcome = await runBuild(ports, request);
    // A run that was refused ends before it has to wait for its declared time; its facts still carry its start.
    await ports.passTime();
    if (outcome.status === 'passed') await this.#ports.passed(outcome, input.correlation);
    return outcome;
  }

  async #prepare(input: StartBuild, time: { startedAt: number; begun: Gate; due: Gate }) {
    const { project, config, directory, clock, metadata, blobs, facts, trainers, environment, monotonic } =
      this.#ports;
    const name = trainingDataset(config)!;
    const dataset = config.datasets[name]!;
    const { resumed, ...asked } = input;
    const champion = resumed?.champion === null ? undefined : await this.#ports.champion(resumed?.champion);
    const begun = resumed === undefined ? undefined : await metadata.runs.get(project, input.run);
    const data = await trainingData(this.#ports, {
      actor: input.actor,
      correlation: input.correlation ?? input.run,
      at: time.startedAt,
      // More may be known by now than was when the run began.
      ...(begun?.datasetVersion == null ? {} : { version: begun.datasetVersion }),
    });
    const label = dataset.label!;
    const { test } = config.train;
    const digest = await codeDigest(directory, test?.junit === undefined ? [] : [test.junit]);
    const days =
      dataset.time === undefined
        ? undefined
        : data.table.columns.find(column => column.name === dataset.time);
    const adopted = this.#ports.adopted();
    const request: BuildRequest = {
      project,
      ...asked,
      version: data.record,
      table: data.table,
      label: label.column,
      features: config.features,
      train: config.train,
      codeDigest: digest,
      environment,
      firstModel: champion === undefined,
      // Verdicts are kept by what was asked: the same gates with another test file are other gates.
      gates: {
        declared: config.gates,
        champion: champion?.model ?? null,
        tests: await digestTests(config, directory),
        adopted,
      } as unknown as Json,
      ...(data.features === undefined
        ? {}
        : { sources: data.features.sources, lookedUp: data.features.lookedUp }),
      ...(dataset.time === undefined ? {} : { time: dataset.time }),
      ...(label.arrives === undefined ? {} : { arrives: label.arrives }),
      ...(config.endpoint === undefined ? {} : { endpoint: config.endpoint.name }),
      ...(champion === undefined ? {} : { parent: champion.model }),
      ...(champion === undefined && days !== undefined && days.type !== 'string'
        ? { inTime: { dayOf: (row: number) => localTime(days.values[row]!, config.timezone).day } }
        : {}),
    };
    // Facts of one run share its times: all but the first are recorded when its declared time has passed,
    // however fast this machine was.
    let passed = false;
    const held: AnyNewFact[] = [];
    const record = async (news: readonly AnyNewFact[]): Promise<void> => {
      const first = news.filter(one => one.type === 'RunStarted');
      if (first.length > 0) {
        await facts.append(first);
      }
      const rest = news.filter(one => one.type !== 'RunStarted');
      if (passed) await facts.append(rest);
      else held.push(...rest);
    };
    const log = (line: string): void => {
      // A step tells its name and what it came to: `candidates/gbt/all: log loss 0.43 …`.
      this.#waitingFor = line.split(':', 1)[0]!;
      this.#ports.logLine(input.run, line);
    };
    const ports = {
      now: () => (passed ? clock.now() : time.startedAt),
      digest: (text: string) => sha256(text),
      trainers,
      open: modelOpener(config.features.inputs),
      exportOnnx: async (fitted: { format: string; bytes: Uint8Array }) =>
        fitted.format === 'onnx' ? fitted.bytes : toOnnx(decodeDocument(fitted.bytes)),
      judge: withSkew(
        data.skew,
        judgeCandidate({
          config,
          directory,
          datasets: this.#ports.datasets,
          champion,
          adopted,
          monotonic,
          label: label.column,
          times: dataset.time,
          arrives: label.arrives,
        }),
      ),
      ...(config.train.test === undefined
        ? {}
        : { runCodeTests: () => runCodeTests(config.train.test!, directory, log) }),
      passTime: async () => {
        await time.due.opened;
        passed = true;
        await facts.append(held.splice(0));
      },
      log,
      blobs: {
        put: (bytes: Uint8Array) => blobs.put(project, bytes),
        get: (hash: BuildRequest['codeDigest']) => blobs.get(project, hash),
      },
      steps: {
        get: (key: BuildRequest['codeDigest']) => metadata.steps.get(project, key),
        put: (key: BuildRequest['codeDigest'], result: Json) => metadata.steps.put(project, key, result),
      },
      models: { get: (model: string) => metadata.models.get(project, model), put: metadata.models.put },
      saveRun: async (saved: RunRecord) => {
        await metadata.runs.put(saved);
        // With the record the run's data is fixed; before that nothing else may happen.
        time.begun.open();
      },
      record,
    };
    return { ports, request };
  }
}

type Judge = (candidate: JudgedCandidate) => Promise<readonly Verdict[]>;

/** The declared gates, then whether requests were told what the past says. */
function withSkew(skew: (() => Promise<Verdict>) | undefined, judge: Judge): Judge {
  return skew === undefined ? judge : async candidate => [...(await judge(candidate)), await skew()];
}
