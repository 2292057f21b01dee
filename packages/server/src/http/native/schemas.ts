import type {
  ChaosBoard,
  ChaosInput,
  ChaosView,
  BatchInput,
  BatchView,
  DatasetDetail,
  DatasetVersionView,
  Decision,
  EndpointDetail,
  KeyView,
  LabelsView,
  LoopStatus,
  ModelView,
  DriftMatrixView,
  MonitorsView,
  OutcomesReceipt,
  PlanView,
  PredictionsReceipt,
  ProjectView,
  ReplayStatus,
  RunDetail,
  RunView,
  TodayView,
} from '@twinloop/client';
import { type Static, Type } from '@sinclair/typebox';
import type { Verification } from '@twinloop/kernel';

// Answers are typed by @twinloop/client: the schema carries the type's name, and the compiler holds handlers to it.
/** An answer that @twinloop/client types. */
export const named = <T>(title: string) => Type.Unsafe<T>({ type: 'object', title });
const listOf = <T>(title: string) =>
  Type.Unsafe<readonly T[]>({ type: 'array', items: { type: 'object', title } });
const text = (description: string) => Type.String({ minLength: 1, maxLength: 10_000, description });
const strict = { additionalProperties: false } as const;

export const ANSWERS = {
  projects: listOf<ProjectView>('ProjectView'),
  plan: named<PlanView>('PlanView'),
  status: named<LoopStatus>('LoopStatus'),
  today: named<TodayView>('TodayView'),
  decision: named<Decision>('Decision'),
  decisions: listOf<Decision>('Decision'),
  verification: named<Verification>('Verification'),
  hash: Type.Object({ hash: Type.String(), state: Type.String() }),
  chaosBoard: named<ChaosBoard>('ChaosBoard'),
  chaos: named<ChaosView>('ChaosView'),
  datasets: listOf<DatasetVersionView>('DatasetVersionView'),
  datasetVersion: named<DatasetVersionView>('DatasetVersionView'),
  dataset: named<DatasetDetail>('DatasetDetail'),
  runs: listOf<RunView>('RunView'),
  run: named<RunDetail>('RunDetail'),
  runStarted: Type.Object({ run: Type.String() }),
  models: listOf<ModelView>('ModelView'),
  model: named<ModelView>('ModelView'),
  names: Type.Unsafe<readonly string[]>({ type: 'array', items: { type: 'string' } }),
  endpoint: named<EndpointDetail>('EndpointDetail'),
  receipt: named<OutcomesReceipt>('OutcomesReceipt'),
  monitors: named<MonitorsView>('MonitorsView'),
  driftMatrix: named<DriftMatrixView>('DriftMatrixView'),
  predictionsReceipt: named<PredictionsReceipt>('PredictionsReceipt'),
  batchStarted: Type.Object({ batch: Type.String() }),
  batches: listOf<BatchView>('BatchView'),
  labels: named<LabelsView>('LabelsView'),
  replay: named<ReplayStatus>('ReplayStatus'),
  replayOrNone: Type.Unsafe<ReplayStatus | null>({ type: ['object', 'null'], title: 'ReplayStatus' }),
  keys: listOf<KeyView>('KeyView'),
  keyMade: Type.Object({ id: Type.String(), secret: Type.String({ description: 'Shown this once.' }) }),
  none: Type.Object({}),
  text: Type.String(),
  bytes: Type.Unsafe<Uint8Array>({ type: 'string', format: 'binary' }),
  document: Type.Unsafe<unknown>({ type: 'object' }),
};

export const DatasetParams = Type.Object({ dataset: Type.String() });
export const VersionParams = Type.Object({ dataset: Type.String(), version: Type.String() });
export const RunParams = Type.Object({ run: Type.String() });
export const ModelParams = Type.Object({ model: Type.String() });
export const EndpointParams = Type.Object({ endpoint: Type.String() });
export const KeyParams = Type.Object({ id: Type.String() });

export const ProjectFileBody = Type.Object(
  {
    file: Type.String({ description: 'The text of twinloop.yaml.' }),
    directory: text("Where its relative paths start, on the server's machine."),
    clock: Type.Optional(
      text(
        'The project lives in virtual time that starts here (ISO date or time in its zone); kept from the first apply.',
      ),
    ),
  },
  strict,
);
export const ReasonBody = Type.Object({ reason: text('Goes into the ledger.') }, strict);
export const EmptyBody = Type.Unsafe<unknown>({ type: ['object', 'null'], maxProperties: 0 });
export const SourceBody = Type.Object(
  { source: text("A path on the server's machine, or an http(s) URL.") },
  strict,
);
export const StartRunBody = Type.Object(
  {
    reason: text('Goes into the ledger.'),
    algorithms: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 16 })),
  },
  strict,
);
export const BatchBody = Type.Unsafe<BatchInput>(
  Type.Object(
    {
      input: text("A file on the server's machine, relative to the project file."),
      output: text('CSV, Parquet or JSON Lines, by its extension.'),
      key: Type.Optional(text('The column that names a row. Default: its position.')),
      unit: Type.Optional(text('The column of the unit that keeps its variant. Default: the row.')),
    },
    strict,
  ),
);
export const KeyBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    role: Type.Union((['viewer', 'operator', 'approver', 'admin'] as const).map(role => Type.Literal(role))),
    project: Type.Union([Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }), Type.Null()], {
      description: 'The only project that the key opens; null for all.',
    }),
  },
  strict,
);

const Speed = Type.Unsafe<1 | 4 | 'max'>({ enum: [1, 4, 'max'] });
export const StartReplayBody = Type.Object(
  {
    dataset: text('The dataset whose stream is played.'),
    source: Type.Optional(text("Other rows than the dataset's own source.")),
    from: Type.Optional(text('ISO date or time.')),
    until: Type.Optional(text('ISO date or time.')),
    speed: Speed,
    baselines: Type.Optional(
      Type.Boolean({ description: 'Score simpler policies on the same rows beside it.' }),
    ),
  },
  strict,
);
export const ChaosParams = Type.Object({ chaos: Type.String() });
export const ChaosBody = Type.Object(
  {
    kind: Type.Unsafe<ChaosInput['kind']>({
      enum: ['poison-batch', 'flip-sensor', 'worse-model', 'delay-labels', 'kill-server'],
    }),
    target: Type.Optional(text('What is broken, one of the offer’s targets; its first when absent.')),
    transform: Type.Optional(Type.Unsafe<'sign' | 'unit'>({ enum: ['sign', 'unit'] })),
  },
  strict,
);
export const ControlReplayBody = Type.Object(
  {
    state: Type.Optional(Type.Union([Type.Literal('playing'), Type.Literal('paused')])),
    speed: Type.Optional(Speed),
    slowAtDecisions: Type.Optional(Type.Boolean()),
  },
  strict,
);

const Time = Type.Unsafe<number | string>({ type: ['number', 'string'], maxLength: 100 });
export const Outcome = Type.Object(
  {
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 300, description: 'The prediction id.' })),
    key: Type.Optional(Type.String({ minLength: 1, maxLength: 300, description: "The client's own key." })),
    time: Type.Optional(Time),
    value: Type.Unsafe<number | boolean | string>({
      type: ['number', 'boolean', 'string'],
      maxLength: 300,
      description: 'A number or truth value; the class by name where there are several.',
    }),
    metric: Type.Optional(Type.String({ maxLength: 100 })),
    at: Type.Optional(Time),
    source: Type.Optional(Type.String({ maxLength: 100 })),
    revision: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  strict,
);
type OutcomeBody = Static<typeof Outcome>;
/** One or many; `if` instead of `anyOf`, so that a finding names the field that is wrong and not the alternatives. */
export const OutcomesBody = Type.Unsafe<OutcomeBody | readonly OutcomeBody[]>({
  if: { type: 'array' },
  then: Type.Array(Outcome, { minItems: 1, maxItems: 10_000 }),
  else: Outcome,
});

export const LedgerQuery = Type.Object(
  {
    after: Type.Optional(Type.Integer({ minimum: -1, description: 'Entries after this sequence number.' })),
    before: Type.Optional(Type.Integer({ minimum: 0, description: 'Entries before this sequence number.' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    types: Type.Optional(Type.String({ description: 'Fact types, separated by commas.' })),
    story: Type.Optional(Type.Unsafe<string>({ type: 'string', enum: ['0', '1', 'true', 'false'] })),
    correlation: Type.Optional(Type.String({ maxLength: 300 })),
  },
  strict,
);
export const ArchivedQuery = Type.Object(
  {
    archived: Type.Optional(
      Type.Unsafe<string>({
        type: 'string',
        enum: ['0', '1', 'true', 'false'],
        description: 'Lists what is archived too.',
      }),
    ),
  },
  strict,
);
export const wanted = ({ archived }: Static<typeof ArchivedQuery>): boolean =>
  archived === '1' || archived === 'true';
export const EventsQuery = Type.Object(
  { after: Type.Optional(Type.Integer({ minimum: -1, description: 'Resume after this sequence number.' })) },
  strict,
);
