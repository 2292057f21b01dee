import type {
  AnyNewFact,
  ContentHash,
  EpochMs,
  Json,
  ModelRecord,
  RunRecord,
  Table,
  Trainer,
  TrainingResult,
  Verdict,
} from '@twinloop/kernel';

/** A trainer, and the version of its algorithm: another version is another result. */
export interface VersionedTrainer {
  readonly version: string;
  readonly trainer: Trainer;
}

/** A model's bytes made ready to answer. */
export interface OpenModel {
  /** One score a row: the probability of the positive class, or the predicted value. Of several classes row-major rows × classes. */
  predict(table: Table): Promise<Float64Array>;
  /** The classes in the order of a row's probabilities; absent for models of one score. */
  readonly classes?: readonly string[];
  /** Inputs with their datatypes, and the output, as the model's metadata shows them. */
  readonly signature: Json;
}

export interface FittedModel {
  readonly format: TrainingResult['format'];
  readonly bytes: Uint8Array;
  readonly hash: ContentHash;
  readonly model: OpenModel;
}

/** What the gates are asked about. */
export interface JudgedCandidate {
  readonly name: string;
  readonly algorithm: string;
  readonly window: string;
  /** Fitted without the held-out rows: metrics and the champion are compared on this one. */
  readonly holdout: FittedModel;
  /** Fitted again on all rows: the one that would serve. Its answers, speed and size are what clients would see. */
  readonly refit: FittedModel;
  /** The held-out rows, their labels, and the hold-out fit's scores for them. Of several classes the score is the probability of the class that came, and the label 1. */
  readonly rows: Table;
  readonly labels: Float64Array;
  readonly scores: Float64Array;
  /** Of several classes: their names, and of each row the index of the true and of the likeliest one. */
  readonly classes?: {
    readonly names: readonly string[];
    readonly truth: Float64Array;
    readonly predicted: Float64Array;
  };
  readonly metrics: Readonly<Record<string, number>>;
}

/** What the project's own code tests came to, as their JUnit file tells. */
export interface CodeTestsResult {
  readonly passed: boolean;
  readonly tests: number;
  /** Name and message of each that failed. */
  readonly failures: readonly { readonly name: string; readonly message: string }[];
  /** The command's end, in words: `exit code 1`, `timed out after 60s`. */
  readonly ended: string;
}

/** Everything a run needs of the world, bound to one project by the caller. */
export interface BuildPorts {
  readonly now: () => EpochMs;
  /** SHA-256 of a text. */
  readonly digest: (text: string) => ContentHash;
  readonly trainers: ReadonlyMap<string, VersionedTrainer>;
  /** @throws model_invalid */
  readonly open: (format: TrainingResult['format'], bytes: Uint8Array) => Promise<OpenModel>;
  /** The model as an ONNX file; null when it has no such form. */
  readonly exportOnnx: (fitted: FittedModel) => Promise<Uint8Array | null>;
  readonly judge: (candidate: JudgedCandidate) => Promise<readonly Verdict[]>;
  /** Absent when the project declares no code tests. */
  readonly runCodeTests?: () => Promise<CodeTestsResult>;
  /** Waits out the run's declared time before its end is recorded; absent, the end is recorded at once. `fits` is how many fits the run made. */
  readonly passTime?: (fits: number) => Promise<void>;
  readonly log: (line: string) => void;

  readonly blobs: {
    put(bytes: Uint8Array): Promise<ContentHash>;
    get(hash: ContentHash): Promise<Uint8Array>;
  };
  readonly steps: {
    get(key: ContentHash): Promise<Json | undefined>;
    put(key: ContentHash, result: Json): Promise<void>;
  };
  readonly models: {
    get(model: string): Promise<ModelRecord | undefined>;
    put(record: ModelRecord): Promise<void>;
  };
  readonly saveRun: (record: RunRecord) => Promise<void>;
  /** Appends to the ledger. */
  readonly record: (facts: readonly AnyNewFact[]) => Promise<void>;
}
