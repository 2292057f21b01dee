import type { EpochMs, ProjectId } from './ids.js';
import type { Principal } from './principal.js';
import type { Row } from './scalar.js';

/** A batch of rows for a model, or any JSON for kinds that are not tabular. */
export interface VariantRequest {
  readonly rows: readonly Row[];
}

export interface InvokeContext {
  readonly signal: AbortSignal;
  readonly deadline: EpochMs;
  readonly project: ProjectId;
  readonly principal: Principal;
}

export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costMicros?: number;
}

export type ErrorClass = 'client' | 'overload' | 'timeout' | 'unavailable' | 'internal';

export interface VariantResult {
  readonly kind: 'result';
  /** One score a row. */
  readonly scores: Float64Array;
  readonly usage?: Usage;
}
export interface VariantFailure {
  readonly kind: 'failure';
  readonly errorClass: ErrorClass;
  readonly reason: string;
}
export interface VariantStream {
  readonly kind: 'stream';
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Resolves at the end of the stream. */
  readonly usage: Promise<Usage>;
}

/** Runs one version of a variant. Built-in models answer synchronously: a prediction then costs no turn of the event loop. */
export interface VariantEngine {
  invoke(
    request: VariantRequest,
    context: InvokeContext,
  ): VariantResult | VariantFailure | VariantStream | Promise<VariantResult | VariantFailure | VariantStream>;
  close(): Promise<void>;
}
