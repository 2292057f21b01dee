import { type AnyNewFact, type EpochMs, fact, type Signal } from '@twinloop/kernel';
import { type ErrorsMemory, takeErrors, type ErrorRule, type LabelBlock } from './watch-errors.js';
import {
  type InputBlock,
  type InputsMemory,
  type InputsWatch,
  noInputs,
  takeInputs,
} from './watch-inputs.js';

/** Everything that is remembered of one champion's streams; plain JSON. */
export interface StreamsMemory {
  readonly model: string;
  readonly since: EpochMs;
  /** Predictions made, and labels come, before that time are in it. */
  readonly position: EpochMs;
  readonly inputs: InputsMemory;
  readonly errors: ErrorsMemory;
  /** Warnings so far: they number the next one. */
  readonly warnings: number;
}

/** Another model answers, or answers otherwise: its streams begin when it does. */
export function newStreams(model: string, since: EpochMs, position: EpochMs): StreamsMemory {
  return { model, since, position, inputs: noInputs, errors: null, warnings: 0 };
}

export interface StreamsBlock {
  /** Where the block ends; it begins at the memory's position. */
  readonly until: EpochMs;
  readonly predictions: InputBlock;
  /** Null: errors are not watched. */
  readonly labels: LabelBlock | null;
}

/**
 * One block of rows into the memory: the fold of all streams of an endpoint. A pure function of memory and rows, so the
 * same rows after a restart give the same signals.
 */
export function foldStreams(
  watch: { readonly endpoint: string; readonly inputs: InputsWatch; readonly errors: ErrorRule | null },
  memory: StreamsMemory,
  { until, predictions, labels }: StreamsBlock,
): { readonly memory: StreamsMemory; readonly signals: readonly Signal[] } {
  const seed = `${watch.endpoint}/${memory.model}/${memory.position}`;
  const inputs = takeInputs(watch.inputs, memory.inputs, predictions, seed);
  const errors =
    watch.errors === null || labels === null
      ? { memory: memory.errors, signals: [] }
      : takeErrors(watch.errors, memory.errors, labels, `${seed}/errors`);
  const signals = [...inputs.signals, ...errors.signals];
  return {
    memory: {
      ...memory,
      position: until,
      inputs: inputs.memory,
      errors: errors.memory,
      warnings: memory.warnings + signals.length,
    },
    signals,
  };
}

export interface SeenStreams {
  readonly endpoint: string;
  /** Before the block, for the names of what it says. */
  readonly memory: StreamsMemory;
  readonly n: number;
  readonly signals: readonly Signal[];
  readonly now: EpochMs;
}

/**
 * The facts of one block. Its name holds model, position and the number of the first warning, so a block that is read
 * again after a crash writes nothing new. A block without a signal writes nothing, unless `quiet` says that somebody
 * waits to hear it.
 */
export function streamFacts(
  { endpoint, memory, n, signals, now }: SeenStreams,
  quiet = false,
): readonly AnyNewFact[] {
  if (signals.length === 0 && !quiet) return [];
  const window = `stream/${endpoint}/${memory.position}`;
  const rest = { at: now, actor: 'monitor:stream' };
  const key = `${window}/${memory.model}/${memory.since}`;
  return [
    fact(
      'WindowObserved',
      { endpoint, monitor: 'stream', window, n, signals: signals.length },
      { ...rest, idempotencyKey: `window/${key}` },
    ),
    ...signals.map((signal, i) =>
      fact(
        'SignalRaised',
        { window, endpoint, signal },
        { ...rest, idempotencyKey: `signal/${key}/${memory.warnings + i + 1}` },
      ),
    ),
  ];
}
