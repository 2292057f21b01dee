import type { Decision, DraftView, KeyView, LiveEvent, LoopStatus, OutcomeInput } from '@twinloop/client';
import {
  type ContentHash,
  DEFAULT_PROJECT,
  type KeyRecord,
  type ObjectKind,
  type ProjectId,
  type Role,
  TwinloopError,
} from '@twinloop/kernel';
import type { App, InferRequest, ModelInput, ObjectsService, ProjectService } from '../../app.js';
import type { RowBody } from '../../ingest/ingest.js';
import { formatKey, secretHash } from '../access/keys.js';

export const FAKE_INPUTS: readonly ModelInput[] = [
  { name: 'temp', type: 'number' },
  { name: 'hour', type: 'number' },
  { name: 'carrier', type: 'string' },
];

/** A small product in memory: two projects, one endpoint `delays` whose model is a fixed formula, a ledger that tests append to. */
export class FakeApp implements App {
  readonly #projects = new Map<string, FakeProject>();
  readonly #keys = new Map<string, KeyRecord>();
  reasons: string[] = [];

  constructor() {
    for (const id of [DEFAULT_PROJECT, 'other' as ProjectId]) this.#projects.set(id, new FakeProject(id));
  }

  project(id: ProjectId): FakeProject {
    const project = this.#projects.get(id);
    if (project === undefined) throw new TwinloopError('not_found', { values: { what: `Project ${id}` } });
    return project;
  }

  projects() {
    return [...this.#projects.keys()].map(project => ({
      project,
      file: 'twinloop.yaml',
      configHash: 'c0',
      appliedAt: 0,
      demo: false,
    }));
  }

  async ledger(id: ProjectId) {
    return this.project(id);
  }

  objects(id: ProjectId): ObjectsService {
    const { project } = this.project(id);
    const view = (kind: ObjectKind, name: string, archived: boolean, reason: string | null) => ({
      kind,
      id: name,
      archived,
      at: 0,
      by: `in ${project}`,
      reason,
    });
    return {
      archived: async () => [],
      archive: async (kind, name, reason) => view(kind, name, true, reason),
      restore: async (kind, name) => view(kind, name, false, null),
      dependants: async (kind, name) => ({ kind, id: name }) as never,
      delete: async (kind, name) => ({ kind, id: name, dependants: [], records: 1, blobs: 0, bytes: 0 }),
    };
  }

  /** A file's text is its project's name, with `!` at the end when it declares commands. */
  async plan(input: { file: string }) {
    return { project: input.file.replace(/!$/, ''), changes: [], configHash: 'c1' };
  }
  apply = this.plan.bind(this);
  async declaresCommands(input: { file: string }) {
    return input.file.endsWith('!');
  }

  readonly keys = {
    list: async () => [...this.#keys.values()],
    create: async (input: { name: string; role: Role; project: ProjectId | null }) => {
      const id = `k${this.#keys.size + 1}`;
      const secret = `secret-of-${id}`;
      this.#keys.set(id, { id, ...input, secretHash: secretHash(secret), createdAt: 0, revokedAt: null });
      return { id, secret: formatKey(id, secret) };
    },
    revoke: async (id: string) => {
      const key = this.#keys.get(id);
      if (key === undefined) throw new TwinloopError('not_found', { values: { what: `Key ${id}` } });
      this.#keys.set(id, { ...key, revokedAt: 1 });
    },
    bySecretHash: async (hash: ContentHash) => [...this.#keys.values()].find(key => key.secretHash === hash),
  };

  /** Uploads are counted, nothing is kept. */
  readonly uploads: { name: string; bytes: number }[] = [];
  readonly drafts: App['drafts'] = {
    upload: async (name, body) => {
      let bytes = 0;
      for await (const chunk of body) bytes += (chunk as Buffer).length;
      this.uploads.push({ name, bytes });
      return fakeDraft(name, bytes);
    },
    create: async source => fakeDraft(source.path ?? source.url ?? 'query', 0),
    get: async draft => {
      throw new TwinloopError('not_found', { values: { what: `Draft ${draft}` } });
    },
    remove: async () => undefined,
    check: async (_draft, choices) => ({
      project: choices.project ?? 'data',
      task: 'binary',
      findings: [],
      leakage: [],
      clock: { skipped: [], doubled: [] },
      features: [],
      yaml: '',
      expectations: [],
    }),
    createProject: async (_draft, { project }) => ({ project, run: 'r1', endpoint: project, directory: '/' }),
  };

  /** The key as its holder would send it. */
  async makeKey(role: Role, project: KeyView['project'] = null): Promise<string> {
    const { secret } = await this.keys.create({ name: role, role, project: project as ProjectId | null });
    return secret;
  }

  notReady() {
    return this.reasons;
  }
  metrics() {
    return '# TYPE fake gauge\nfake 1\n';
  }
}

function fakeDraft(name: string, size: number): DraftView {
  return {
    draft: 'd1',
    name,
    size,
    rows: 1,
    sampled: 1,
    columns: [],
    columnCount: 0,
    reading: { format: 'csv', notes: [] },
    suggestions: { label: [], time: [], key: [], project: 'data' },
    findings: [],
    expiresAt: 0,
  };
}

export class FakeProject implements ProjectService {
  readonly project: ProjectId;
  readonly ledger: Decision[] = [];
  readonly outcomes: OutcomeInput[] = [];
  readonly inferred: InferRequest[] = [];
  readonly listeners = new Set<(event: LiveEvent) => void>();
  commands = false;
  /** Answers as a model of these classes does: the later the hour, the surer the last one. */
  classes: readonly string[] | undefined;
  /** What a model without classes calls its figure. */
  output: string | undefined;
  /** Awaited by `infer` and `decisions`: a test's hand on a request in flight. */
  gate: Promise<void> = Promise.resolve();

  constructor(project: ProjectId) {
    this.project = project;
  }

  /** Writes a decision and tells the subscribers. */
  decide(sentence: string): Decision {
    const seq = this.ledger.length;
    const decision: Decision = {
      seq,
      type: 'PolicyHeld',
      at: seq,
      recordedAt: seq,
      actor: 'local:test',
      sentence,
      importance: 'story',
      correlation: null,
      causation: null,
      hash: `h${seq}`,
      payload: { endpoint: 'delays', reason: sentence },
    };
    this.ledger.push(decision);
    for (const listener of this.listeners) listener({ event: 'decision', data: decision });
    return decision;
  }

  async status() {
    return { project: this.project, headline: `${this.ledger.length} decisions` } as unknown as LoopStatus;
  }
  async today() {
    return { now: 0, waiting: [], tasks: [] };
  }
  async decisions(query: { after?: number; limit?: number; types?: readonly string[]; story?: boolean }) {
    await this.gate;
    return this.ledger
      .filter(({ seq, type }) => seq > (query.after ?? -1) && (query.types?.includes(type) ?? true))
      .slice(0, query.limit ?? 100);
  }
  subscribe(listener: (event: LiveEvent) => void) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  async verifyLedger() {
    return { ok: true, entries: this.ledger.length } as never;
  }
  async decisionHash() {
    return { hash: 'd0' as ContentHash, state: 's0' as ContentHash };
  }

  async datasets() {
    return [];
  }
  async dataset(name: string, version: string): Promise<never> {
    throw new TwinloopError('not_found', { values: { what: `Dataset ${name} ${version}` } });
  }
  async addDatasetVersion(dataset: string, source: string): Promise<never> {
    throw new TwinloopError('data_refused', {
      values: { dataset, version: source, count: 1 },
      details: [{ message: 'hour = 99 in 3 rows', field: 'hour' }],
    });
  }

  async runs() {
    return [];
  }
  async run(id: string): Promise<never> {
    throw new TwinloopError('not_found', { values: { what: `Run ${id}` } });
  }
  async runReport() {
    return '<testsuites/>';
  }
  readonly tests = {
    test: async (model: string) => ({ model, status: 'pass' }) as never,
    sarif: async () => '{}',
    list: () => [],
    add: async (_endpoint: string, prediction: string) => ({ prediction }) as never,
    remove: async () => undefined,
  };
  async startRun() {
    return { run: 'r1' };
  }
  runsCommands() {
    return this.commands;
  }

  async models() {
    return [];
  }
  async model(id: string): Promise<never> {
    throw new Error(`the password is hunter2 (${id})`);
  }
  async card() {
    return '# Card\n';
  }
  async onnx() {
    return Uint8Array.of(8, 9);
  }

  endpoints() {
    return ['delays'];
  }
  async endpoint(name: string) {
    this.inputs(name);
    return { endpoint: name } as never;
  }
  readonly #described = { inputs: FAKE_INPUTS, version: 3, versions: [1, 2, 3] };
  inputs(endpoint: string) {
    if (endpoint === 'empty') throw new TwinloopError('endpoint_not_ready', { values: { endpoint } });
    if (endpoint !== 'delays') {
      throw new TwinloopError('model_not_found', { field: 'model', values: { model: endpoint } });
    }
    if (this.output !== undefined) return { ...this.#described, output: this.output };
    return this.classes === undefined ? this.#described : { ...this.#described, classes: this.classes };
  }
  /** hour / 100, or 0.5 when the hour is missing. */
  async infer(request: InferRequest) {
    this.inferred.push(request);
    await this.gate;
    const scores = Float64Array.from(request.rows, row =>
      typeof row['hour'] === 'number' ? row['hour'] / 100 : 0.5,
    );
    const ids = request.ids ?? request.rows.map((_, i) => (request.rows.length === 1 ? 'made' : `made#${i}`));
    const reply = { model: 'delays@abc', version: 3, ids, scores };
    const { classes: names } = this;
    if (names === undefined) return reply;
    const probabilities = Float64Array.from(scores).reduce<number[]>((all, p) => [...all, 1 - p, p], []);
    const predicted = Array.from(scores, p => names[p > 0.5 ? 1 : 0]!);
    return { ...reply, classes: { names, probabilities: Float64Array.from(probabilities), predicted } };
  }
  async recordOutcomes(_endpoint: string, outcomes: readonly OutcomeInput[]) {
    this.outcomes.push(...outcomes);
    return { accepted: outcomes.length };
  }
  async promote(_endpoint: string, reason: string) {
    return this.decide(reason);
  }
  reject = this.promote.bind(this);
  rollback = this.promote.bind(this);
  hold = this.promote.bind(this);
  async resume() {
    return this.decide('resumed');
  }
  async takePredictions(_endpoint: string | undefined, body: RowBody) {
    if (body.format === 'json') return { accepted: [body.value].flat().length, duplicates: 0 };
    let text = '';
    for await (const chunk of body.bytes) text += Buffer.from(chunk).toString('utf8');
    return { accepted: text.trim().split('\n').length, duplicates: 0 };
  }
  async takeOutcomes(_endpoint: string, body: RowBody) {
    return this.takePredictions(undefined, body);
  }
  async startBatch() {
    return { batch: 'batch-1' };
  }
  batches() {
    return [];
  }
  async labels() {
    return { endpoint: 'delays' } as never;
  }
  readonly drift = {
    matrix: async () => ({
      endpoint: 'late',
      reference: { model: 'late@1', rows: 0, held: 'training' },
      alpha: 0.05,
      tolerance: 0.1,
      windows: [],
      subjects: [],
    }),
  };

  async monitors() {
    return { endpoint: 'delays' } as never;
  }

  readonly chaos = {
    board: () => ({ demo: false, offers: [], running: null, history: [] }),
    start: async (): Promise<never> => {
      throw new TwinloopError('not_a_demo', { values: { project: this.project } });
    },
    undo: async (chaos: string): Promise<never> => {
      throw new TwinloopError('not_found', { values: { what: `Fault ${chaos}` } });
    },
  };
  readonly expectations: ProjectService['expectations'] = {
    history: async dataset => ({ dataset, versions: [], rules: [] }),
    quarantine: async (dataset, version, limit = 100) => ({
      dataset,
      version,
      quarantined: limit,
      kept: 0,
      reasons: [],
      columns: [],
      rows: [],
    }),
    suggestions: async (dataset, version) => ({ dataset, version, rules: [], yaml: '' }),
    suggestFor: async (dataset, source) => ({ dataset, version: source, rules: [], yaml: '' }),
    check: async (dataset, source) => ({
      dataset,
      source,
      rows: 0,
      quarantined: 0,
      status: 'accepted',
      findings: [],
      rules: [],
    }),
  };
  readonly features: ProjectService['features'] = {
    view: async () => ({ inputs: ['x'], features: [], sources: [], rebuildMs: 0, now: 0 }),
    values: async entity => ({ entity, at: 0, values: {} }),
    push: async dataset => {
      throw new TwinloopError('not_found', { values: { what: `A source ${dataset}` } });
    },
    figures: () => [],
  };

  readonly quality: ProjectService['quality'] = {
    quality: async endpoint => ({ endpoint }) as never,
    fairness: async endpoint => ({ endpoint }) as never,
    edgeCases: async endpoint => ({ endpoint }) as never,
  };
  readonly notifications: ProjectService['notifications'] = {
    view: async () => ({ channels: [], virtual: false }),
    deliveries: async () => [],
    test: async channel => ({ channel, delivered: true, detail: 'it answered 200', milliseconds: 1 }),
    retry: async id => {
      throw new TwinloopError('not_found', { values: { what: `Delivery ${id}` } });
    },
  };

  readonly replay = {
    status: () => null,
    start: async (): Promise<never> => {
      throw new TwinloopError('replay_running');
    },
    control: (): never => {
      throw new TwinloopError('not_found', { values: { what: 'A replay' } });
    },
  };
}
