import type { DeliveryStatus, FactType, ObjectKind, Role, Row, Verification } from '@twinloop/kernel';
import { errorOf, unreachable } from './errors.js';
import { type EventsOptions, readEvents } from './events.js';
import type { ChaosBoard, ChaosInput, ChaosView } from './wire/chaos.js';
import type {
  DatasetDetail,
  DatasetVersionView,
  Decision,
  EndpointDetail,
  KeyView,
  LiveEvent,
  LoopStatus,
  ModelView,
  MonitorsView,
  OutcomeInput,
  OutcomesReceipt,
  PlanView,
  ProjectView,
  ReplaySpeed,
  ReplayStatus,
  RunDetail,
  RunView,
} from './wire/types.js';
import type { EdgeTestInput, EdgeTestView } from './wire/quality.js';
import type { TestInput, TestReportView } from './wire/tests.js';
import type { TodayView } from './wire/today.js';
import type { LabelsView } from './wire/labels.js';
import type { DeliveryView, NotificationsView, TestMessageView } from './wire/notify.js';
import type { DeletionInput, DeletionView, DependantsView, ObjectView } from './wire/objects.js';
import type { DataCheckView, ExpectationHistoryView, QuarantineView, SuggestionsView } from './wire/data.js';
import type { FeatureRowsReceipt, FeaturesView, FeatureValuesView } from './wire/features.js';
import type { DriftMatrixView } from './wire/drift.js';
import type { DraftCheck, DraftChoices, DraftProject, DraftSource, DraftView } from './wire/drafts.js';
import type { BatchInput, BatchView } from './wire/predictions.js';
import type { EdgeCasesView, FairnessView, QualityView } from './wire/quality.js';

export interface ClientOptions {
  /** Where the server listens: `http://127.0.0.1:4600`. */
  readonly baseUrl: string;
  /** Without it the server's project `default` is meant. */
  readonly project?: string;
  /** The data directory's token: the caller may run a project's commands. */
  readonly token?: string;
  /** An API key, `tlk_<id>_<secret>`. */
  readonly key?: string;
  readonly fetch?: typeof fetch;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface ListOptions extends CallOptions {
  /** What was archived too, marked so. */
  readonly archived?: boolean;
}

export interface LedgerQueryInput {
  readonly after?: number;
  readonly before?: number;
  readonly limit?: number;
  readonly types?: readonly FactType[];
  /** Only what belongs to the story. */
  readonly story?: boolean;
  readonly correlation?: string;
}

export interface ProjectFileInput {
  /** The YAML text. */
  readonly file: string;
  /** Where its relative paths start, on the server's machine. */
  readonly directory: string;
  /** The project lives in virtual time that starts here. */
  readonly clock?: string;
}

/** What `fetch` takes as a body: a browser's File, bytes, a text, a stream. */
export type UploadBody = NonNullable<RequestInit['body']>;

interface Request extends CallOptions {
  readonly body?: unknown;
  /** A body that is sent as it is, instead of JSON. */
  readonly raw?: UploadBody;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly accept?: string;
}

const enc = encodeURIComponent;

function listed({ archived, ...options }: ListOptions = {}): Request {
  return { ...options, query: { archived: archived === true ? 1 : undefined } };
}

/** The native API, one method a route. Every method throws {@link TwinloopApiError}. */
export class TwinloopClient {
  readonly #options: ClientOptions;
  readonly #fetch: typeof fetch;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  /** The full URL of a native route: `url('/status')`. */
  url(path: string): string {
    const { baseUrl, project } = this.#options;
    const prefix = project === undefined ? '' : `/p/${enc(project)}`;
    return `${baseUrl.replace(/\/+$/, '')}${prefix}/api/twinloop/v1${path}`;
  }

  projects(options?: ListOptions): Promise<readonly ProjectView[]> {
    return this.#json('GET', '/projects', listed(options));
  }
  plan(body: ProjectFileInput, options?: CallOptions): Promise<PlanView> {
    return this.#json('POST', '/plan', { ...options, body });
  }
  apply(body: ProjectFileInput, options?: CallOptions): Promise<PlanView> {
    return this.#json('POST', '/apply', { ...options, body });
  }

  status(options?: CallOptions): Promise<LoopStatus> {
    return this.#json('GET', '/status', options);
  }
  /** What waits for a person, and how the five daily tasks stand. */
  today(options?: CallOptions): Promise<TodayView> {
    return this.#json('GET', '/today', options);
  }
  /** Decisions as they happen; see {@link readEvents}. */
  events(options?: EventsOptions): AsyncGenerator<LiveEvent, void> {
    return readEvents({ url: this.url('/events'), headers: this.#headers(), fetch: this.#fetch }, options);
  }

  ledger(query: LedgerQueryInput = {}, options?: CallOptions): Promise<readonly Decision[]> {
    const { after, before, limit, types, story, correlation } = query;
    return this.#json('GET', '/ledger', {
      ...options,
      query: {
        after,
        before,
        limit,
        types: types?.join(','),
        story: story === true ? 1 : undefined,
        correlation,
      },
    });
  }
  verifyLedger(options?: CallOptions): Promise<Verification> {
    return this.#json('GET', '/ledger/verify', options);
  }
  /** `hash`: of the decisions; `state`: of what they add up to. Both are equal before and after a restart. */
  decisionHash(options?: CallOptions): Promise<{ readonly hash: string; readonly state: string }> {
    return this.#json('GET', '/ledger/decision-hash', options);
  }

  datasets(options?: ListOptions): Promise<readonly DatasetVersionView[]> {
    return this.#json('GET', '/datasets', listed(options));
  }
  dataset(dataset: string, version: string, options?: CallOptions): Promise<DatasetDetail> {
    return this.#json('GET', `/datasets/${enc(dataset)}/versions/${enc(version)}`, options);
  }
  /** Reads, checks and registers a file (a path on the server's machine, or a URL). Refused data is an error `data_refused` with the findings as details. */
  addDatasetVersion(dataset: string, source: string, options?: CallOptions): Promise<DatasetVersionView> {
    return this.#json('POST', `/datasets/${enc(dataset)}/versions`, { ...options, body: { source } });
  }
  expectations(dataset: string, options?: CallOptions): Promise<ExpectationHistoryView> {
    return this.#json('GET', `/datasets/${enc(dataset)}/expectations`, options);
  }
  quarantine(
    dataset: string,
    version: string,
    { limit, ...options }: CallOptions & { limit?: number } = {},
  ): Promise<QuarantineView> {
    const query = limit === undefined ? '' : `?limit=${limit}`;
    return this.#json(
      'GET',
      `/datasets/${enc(dataset)}/versions/${enc(version)}/quarantine${query}`,
      options,
    );
  }
  suggestions(dataset: string, version: string, options?: CallOptions): Promise<SuggestionsView> {
    return this.#json('GET', `/datasets/${enc(dataset)}/versions/${enc(version)}/suggestions`, options);
  }
  /** Rules for a file that is no version; `dataset` need not be declared. */
  suggestionsFor(dataset: string, source: string, options?: CallOptions): Promise<SuggestionsView> {
    return this.#json('POST', `/datasets/${enc(dataset)}/suggestions`, { ...options, body: { source } });
  }
  /** What the rules say of a file, which is not registered. */
  checkData(dataset: string, source: string, options?: CallOptions): Promise<DataCheckView> {
    return this.#json('POST', `/datasets/${enc(dataset)}/check`, { ...options, body: { source } });
  }

  runs(options?: ListOptions): Promise<readonly RunView[]> {
    return this.#json('GET', '/runs', listed(options));
  }
  run(run: string, options?: CallOptions): Promise<RunDetail> {
    return this.#json('GET', `/runs/${enc(run)}`, options);
  }
  /** JUnit XML. */
  runReport(run: string, options?: CallOptions): Promise<string> {
    return this.#text('GET', `/runs/${enc(run)}/junit`, { ...options, accept: 'application/xml' });
  }
  /** SARIF 2.1.0: what did not pass. */
  runSarif(run: string, options?: CallOptions): Promise<string> {
    return this.#text('GET', `/runs/${enc(run)}/sarif`, { ...options, accept: 'application/sarif+json' });
  }
  /** Asks a registered model the gates and prediction tests of today. */
  testModel(model: string, body: TestInput = {}, options?: CallOptions): Promise<TestReportView> {
    return this.#json('POST', `/models/${enc(model)}/test`, { ...options, body });
  }
  /** Prediction tests that were made of requests. */
  edgeTests(endpoint: string, options?: CallOptions): Promise<readonly EdgeTestView[]> {
    return this.#json('GET', `/endpoints/${enc(endpoint)}/tests`, options);
  }
  addEdgeTest(
    endpoint: string,
    prediction: string,
    body: EdgeTestInput = {},
    options?: CallOptions,
  ): Promise<EdgeTestView> {
    return this.#json('POST', `/endpoints/${enc(endpoint)}/edge-cases/${enc(prediction)}/test`, {
      ...options,
      body,
    });
  }
  async removeEdgeTest(endpoint: string, name: string, options?: CallOptions): Promise<void> {
    await this.#send('DELETE', `/endpoints/${enc(endpoint)}/tests/${enc(name)}`, options);
  }
  startRun(
    body: { readonly reason: string; readonly algorithms?: readonly string[] },
    options?: CallOptions,
  ): Promise<{ readonly run: string }> {
    return this.#json('POST', '/runs', { ...options, body });
  }

  models(options?: ListOptions): Promise<readonly ModelView[]> {
    return this.#json('GET', '/models', listed(options));
  }
  model(model: string, options?: CallOptions): Promise<ModelView> {
    return this.#json('GET', `/models/${enc(model)}`, options);
  }
  /** Markdown. */
  card(model: string, options?: CallOptions): Promise<string> {
    return this.#text('GET', `/models/${enc(model)}/card`, { ...options, accept: 'text/markdown' });
  }
  async onnx(model: string, options?: CallOptions): Promise<Uint8Array> {
    const request = { ...options, accept: 'application/octet-stream' };
    const response = await this.#send('GET', `/models/${enc(model)}/onnx`, request);
    return new Uint8Array(await response.arrayBuffer());
  }

  endpoints(options?: CallOptions): Promise<readonly string[]> {
    return this.#json('GET', '/endpoints', options);
  }
  endpoint(endpoint: string, options?: CallOptions): Promise<EndpointDetail> {
    return this.#json('GET', `/endpoints/${enc(endpoint)}`, options);
  }
  recordOutcomes(
    endpoint: string,
    body: OutcomeInput | readonly OutcomeInput[],
    options?: CallOptions,
  ): Promise<OutcomesReceipt> {
    return this.#json('POST', `/endpoints/${enc(endpoint)}/outcomes`, { ...options, body });
  }
  promote(endpoint: string, reason: string, options?: CallOptions): Promise<Decision> {
    return this.#json('POST', `/endpoints/${enc(endpoint)}/promote`, { ...options, body: { reason } });
  }
  reject(endpoint: string, reason: string, options?: CallOptions): Promise<Decision> {
    return this.#json('POST', `/endpoints/${enc(endpoint)}/reject`, { ...options, body: { reason } });
  }
  /** Brings the model before back at once; the policy is held until `resume`. */
  rollback(endpoint: string, reason: string, options?: CallOptions): Promise<Decision> {
    return this.#json('POST', `/endpoints/${enc(endpoint)}/rollback`, { ...options, body: { reason } });
  }
  /** Stops the policy from acting on this endpoint until `resume`. */
  hold(endpoint: string, reason: string, options?: CallOptions): Promise<Decision> {
    return this.#json('POST', `/endpoints/${enc(endpoint)}/hold`, { ...options, body: { reason } });
  }
  resume(endpoint: string, options?: CallOptions): Promise<Decision> {
    return this.#json('POST', `/endpoints/${enc(endpoint)}/resume`, { ...options, body: {} });
  }
  /** Drift of every subject over the last windows. */
  driftMatrix(endpoint: string, options?: CallOptions): Promise<DriftMatrixView> {
    return this.#json('GET', `/monitors/${enc(endpoint)}/matrix`, options);
  }
  monitors(endpoint: string, options?: CallOptions): Promise<MonitorsView> {
    return this.#json('GET', `/monitors/${enc(endpoint)}`, options);
  }

  /** Figures over late labels; `every` is the length of a window (`7d`). */
  quality(endpoint: string, options: CallOptions & { readonly every?: string } = {}): Promise<QualityView> {
    const { every, ...rest } = options;
    const query = every === undefined ? '' : `?every=${enc(every)}`;
    return this.#json('GET', `/endpoints/${enc(endpoint)}/quality${query}`, rest);
  }
  fairness(endpoint: string, options?: CallOptions): Promise<FairnessView> {
    return this.#json('GET', `/endpoints/${enc(endpoint)}/fairness`, options);
  }
  edgeCases(endpoint: string, options?: CallOptions): Promise<EdgeCasesView> {
    return this.#json('GET', `/endpoints/${enc(endpoint)}/edge-cases`, options);
  }

  /** Starts to answer the rows of a file on the server's machine. */
  startBatch(endpoint: string, body: BatchInput, options?: CallOptions): Promise<{ readonly batch: string }> {
    return this.#json('POST', `/endpoints/${enc(endpoint)}/batches`, { ...options, body });
  }
  batches(endpoint: string, options?: CallOptions): Promise<readonly BatchView[]> {
    return this.#json('GET', `/endpoints/${enc(endpoint)}/batches`, options);
  }
  /** Which predictions have a label, by variant and by day. */
  labels(endpoint: string, options?: CallOptions): Promise<LabelsView> {
    return this.#json('GET', `/endpoints/${enc(endpoint)}/labels`, options);
  }

  replay(options?: CallOptions): Promise<ReplayStatus | null> {
    return this.#json('GET', '/replay', options);
  }
  startReplay(
    body: {
      readonly dataset: string;
      /** Other rows than the dataset's own source. */
      readonly source?: string;
      readonly from?: string;
      readonly until?: string;
      readonly speed: ReplaySpeed;
      /** Score simpler policies on the same rows beside it. */
      readonly baselines?: boolean;
    },
    options?: CallOptions,
  ): Promise<ReplayStatus> {
    return this.#json('POST', '/replay', { ...options, body });
  }
  controlReplay(
    body: {
      readonly state?: 'playing' | 'paused';
      readonly speed?: ReplaySpeed;
      readonly slowAtDecisions?: boolean;
    },
    options?: CallOptions,
  ): Promise<ReplayStatus> {
    return this.#json('PATCH', '/replay', { ...options, body });
  }

  /** What can be broken on purpose, what is broken, and what came of it; for projects marked as a demo. */
  chaos(options?: CallOptions): Promise<ChaosBoard> {
    return this.#json('GET', '/chaos', options);
  }
  /** Breaks the demo on purpose. Errors: `not_a_demo`, `chaos_running`, `chaos_unavailable`. */
  breakIt(body: ChaosInput, options?: CallOptions): Promise<ChaosView> {
    return this.#json('POST', '/chaos', { ...options, body });
  }
  undoChaos(chaos: string, options?: CallOptions): Promise<ChaosView> {
    return this.#json('POST', `/chaos/${enc(chaos)}/undo`, { ...options, body: {} });
  }

  keys(options?: CallOptions): Promise<readonly KeyView[]> {
    return this.#json('GET', '/keys', options);
  }
  /** The secret is shown this once. */
  createKey(
    body: { readonly name: string; readonly role: Role; readonly project: string | null },
    options?: CallOptions,
  ): Promise<{ readonly id: string; readonly secret: string }> {
    return this.#json('POST', '/keys', { ...options, body });
  }
  async revokeKey(id: string, options?: CallOptions): Promise<void> {
    await this.#send('DELETE', `/keys/${enc(id)}`, options);
  }

  notifications(options?: CallOptions): Promise<NotificationsView> {
    return this.#json('GET', '/notifications', options);
  }
  /** The delivery log, newest first. */
  deliveries(
    query: { readonly channel?: string; readonly state?: DeliveryStatus; readonly limit?: number } = {},
    options?: CallOptions,
  ): Promise<readonly DeliveryView[]> {
    return this.#json('GET', '/notifications/deliveries', { ...options, query });
  }
  /** Sends a message now and says what happened. */
  testChannel(channel: string, options?: CallOptions): Promise<TestMessageView> {
    return this.#json('POST', `/notifications/${enc(channel)}/test`, { ...options, body: {} });
  }
  retryDelivery(id: string, options?: CallOptions): Promise<DeliveryView> {
    return this.#json('POST', `/notifications/deliveries/${enc(id)}/retry`, { ...options, body: {} });
  }

  features(options?: CallOptions): Promise<FeaturesView> {
    return this.#json('GET', '/features', options);
  }
  featureValues(entity: Readonly<Record<string, string>>, options?: CallOptions): Promise<FeatureValuesView> {
    return this.#json('GET', '/features/values', { ...options, query: entity });
  }
  /** Rows of a joined source as they come. */
  pushFeatureRows(dataset: string, rows: readonly Row[], options?: CallOptions): Promise<FeatureRowsReceipt> {
    return this.#json('POST', `/features/${enc(dataset)}/rows`, { ...options, body: rows });
  }

  archivedObjects(options?: CallOptions): Promise<readonly ObjectView[]> {
    return this.#json('GET', '/objects/archived', options);
  }
  archiveObject(kind: ObjectKind, id: string, reason: string, options?: CallOptions): Promise<ObjectView> {
    return this.#json('POST', `/objects/${kind}/${enc(id)}/archive`, { ...options, body: { reason } });
  }
  restoreObject(kind: ObjectKind, id: string, options?: CallOptions): Promise<ObjectView> {
    return this.#json('POST', `/objects/${kind}/${enc(id)}/restore`, { ...options, body: {} });
  }
  /** What hangs on an object: read it before deleting. */
  dependants(kind: ObjectKind, id: string, options?: CallOptions): Promise<DependantsView> {
    return this.#json('GET', `/objects/${kind}/${enc(id)}/dependants`, options);
  }
  deleteObject(
    kind: ObjectKind,
    id: string,
    body: DeletionInput,
    options?: CallOptions,
  ): Promise<DeletionView> {
    return this.#json('DELETE', `/objects/${kind}/${enc(id)}`, { ...options, body });
  }

  /** Streams a file to the server, which profiles it. `body`: a browser's File, bytes, or a stream. */
  async uploadDraft(name: string, body: UploadBody, options?: CallOptions): Promise<DraftView> {
    const response = await this.#send('POST', '/drafts', {
      ...options,
      accept: 'application/json',
      query: { name },
      raw: body,
    });
    return (await response.json()) as DraftView;
  }
  /** Profiles a file on the server's machine, a URL, or a Postgres query. */
  createDraft(source: DraftSource, options?: CallOptions): Promise<DraftView> {
    return this.#json('POST', '/drafts', { ...options, body: source });
  }
  draft(draft: string, options?: CallOptions): Promise<DraftView> {
    return this.#json('GET', `/drafts/${enc(draft)}`, options);
  }
  async deleteDraft(draft: string, options?: CallOptions): Promise<void> {
    await this.#send('DELETE', `/drafts/${enc(draft)}`, options);
  }
  /** What the choices make: findings, suspects of leakage, the project file. Writes nothing. */
  checkDraft(draft: string, choices: DraftChoices, options?: CallOptions): Promise<DraftCheck> {
    return this.#json('POST', `/drafts/${enc(draft)}/check`, { ...options, body: choices });
  }
  /** Writes and applies the project, and starts its first run. */
  createProject(
    draft: string,
    choices: DraftChoices & { readonly project: string },
    options?: CallOptions,
  ): Promise<DraftProject> {
    return this.#json('POST', `/drafts/${enc(draft)}/project`, { ...options, body: choices });
  }

  /** JSON Schema of twinloop.yaml. */
  schema(options?: CallOptions): Promise<Readonly<Record<string, unknown>>> {
    return this.#json('GET', '/schema', options);
  }
  openapi(options?: CallOptions): Promise<Readonly<Record<string, unknown>>> {
    return this.#json('GET', '/openapi.json', options);
  }

  #headers(): Record<string, string> {
    const { token, key } = this.#options;
    return {
      ...(token === undefined ? {} : { 'x-twinloop-token': token }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    };
  }

  async #json<T>(method: string, path: string, request?: Request): Promise<T> {
    const response = await this.#send(method, path, { accept: 'application/json', ...request });
    return (await response.json()) as T;
  }
  async #text(method: string, path: string, request: Request): Promise<string> {
    return (await this.#send(method, path, request)).text();
  }

  async #send(method: string, path: string, request: Request = {}): Promise<Response> {
    const { body, raw, query, accept, signal } = request;
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) search.set(name, String(value));
    }
    const url = this.url(path) + (search.size === 0 ? '' : `?${search}`);
    const headers = this.#headers();
    if (accept !== undefined) headers['accept'] = accept;
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (raw !== undefined) headers['content-type'] = 'application/octet-stream';
    let response: Response;
    try {
      response = await this.#fetch(url, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A stream as a body needs `duplex`, which the types of fetch do not know yet.
        ...(raw === undefined ? {} : { body: raw, duplex: 'half' }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (thrown) {
      throw signal?.aborted === true ? thrown : unreachable(url, thrown);
    }
    if (!response.ok) throw await errorOf(response);
    return response;
  }
}
