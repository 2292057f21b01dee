/** A detector's memory: numbers, flags and lists of numbers, so that it survives JSON unchanged. */
export type DetectorState = Readonly<Record<string, number | boolean | readonly number[]>>;

/**
 * Watches one stream, value by value, in bounded memory. NaN is a missing value: it changes nothing and is answered with
 * `false`. What follows an alarm is part of each method; those of river forget everything at the next value.
 */
export interface StreamDetector {
  /** Takes the next value; `true` when it raises the alarm. A value the method cannot take is a RangeError. */
  update(value: number): boolean;
  /** Whether the last value raised the alarm. */
  readonly drift: boolean;
  /** Whether the last value left the detector in its warning zone; always `false` for methods without one. */
  readonly warning: boolean;
  /** Forgets everything: from here on it is a new detector. */
  reset(): void;
  /** A copy of the memory; plain JSON. */
  state(): DetectorState;
  /** Continues from a memory that `state` gave, of a detector with the same options. */
  restore(state: DetectorState): void;
}

/** What every memory has. */
export interface Flags {
  drift: boolean;
  warning: boolean;
}

/** The flags of a detector that has seen nothing. */
export const CALM: Readonly<Flags> = { drift: false, warning: false };

/** A method: the memory of a new detector, what a value does to it, and which values it takes. */
export interface Method<S extends Flags> {
  start(): S;
  /** Changes the memory in place: one update must not allocate. The flags are those of the value before. */
  step(memory: S, value: number): void;
  /** Starts anew with the first value after an alarm, as river does. */
  readonly forgets: boolean;
  readonly takes: 'bits' | 'unit' | 'numbers';
}

const RANGES = { bits: 'be 0 or 1', unit: 'lie in [0, 1]', numbers: 'be finite' } as const;

/** A detector that follows `method`; the only place that knows NaN, forgetting and copies. */
export function streamDetector<S extends Flags>(method: Method<S>): StreamDetector {
  return new Stepped(method);
}

class Stepped<S extends Flags> implements StreamDetector {
  readonly #method: Method<S>;
  #memory: S;

  constructor(method: Method<S>) {
    this.#method = method;
    this.#memory = method.start();
  }

  get drift(): boolean {
    return this.#memory.drift;
  }

  get warning(): boolean {
    return this.#memory.warning;
  }

  update(value: number): boolean {
    if (Number.isNaN(value)) return false;
    const { takes, forgets } = this.#method;
    const fits =
      takes === 'bits'
        ? value === 0 || value === 1
        : value - value === 0 && (takes !== 'unit' || inUnit(value));
    if (!fits) throw new RangeError(`a value must ${RANGES[takes]}, got ${value}`);
    if (forgets && this.#memory.drift) this.#memory = this.#method.start();
    this.#method.step(this.#memory, value);
    return this.#memory.drift;
  }

  reset(): void {
    this.#memory = this.#method.start();
  }

  state(): DetectorState {
    return copy(this.#memory as unknown as DetectorState);
  }

  restore(state: DetectorState): void {
    this.#memory = restored(this.#method.start(), state);
  }
}

const inUnit = (value: number): boolean => value >= 0 && value <= 1;

function copy(state: DetectorState): DetectorState {
  return Object.fromEntries(
    Object.entries(state).map(([field, value]) => [field, Array.isArray(value) ? value.slice() : value]),
  );
}

/** A memory like the fresh one with the fields of a state; a RangeError names the field that does not fit. */
export function restored<S extends Flags>(fresh: S, state: DetectorState): S {
  for (const [field, value] of Object.entries(fresh) as [string, DetectorState[string]][]) {
    const given = state[field];
    // A list that starts empty grows; others have the length that the options ask for.
    const fits = Array.isArray(value)
      ? Array.isArray(given) &&
        given.every(Number.isFinite) &&
        (value.length === 0 || given.length === value.length)
      : typeof given === typeof value && (typeof given !== 'number' || Number.isFinite(given));
    if (!fits) throw new RangeError(`not the state of a detector with these options: ${field} does not fit`);
  }
  return { ...fresh, ...copy(state) };
}

/** Throws a RangeError unless `value` is a positive integer. */
export function requireCount(name: string, value: number): void {
  if (!(Number.isInteger(value) && value > 0))
    throw new RangeError(`${name} must be a positive integer, got ${value}`);
}

/** Throws a RangeError unless `value` is a finite number above 0. */
export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && value < Infinity))
    throw new RangeError(`${name} must be a finite number > 0, got ${value}`);
}
