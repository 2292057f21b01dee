import type { Row, Scalar } from '@twinloop/kernel';

interface Common {
  readonly name: string;
  /** Where it stands in its file, from 1; added by who reads the file. */
  readonly line?: number;
}

/** A known case: the score lies within bounds; of several classes, the likeliest one is `class` and its probability lies within them. */
export interface KnownTest extends Common {
  readonly kind: 'known';
  readonly inputs: Row;
  readonly expect: { readonly class?: string; readonly min?: number; readonly max?: number };
}

/** One row of a table of known cases. */
export interface GoldenCase {
  readonly inputs: Row;
  /** The score, or of several classes the class. */
  readonly expected: Scalar;
  /** Its row in the file, from 1. */
  readonly row: number;
}

/** A table of known cases: each answer is the expected one, within the tolerance. */
export interface GoldenTest extends Common {
  readonly kind: 'golden';
  /** The file of the table, relative to the project file. */
  readonly each: string;
  /** The column that holds the expected answer; the others are inputs. */
  readonly expected: string;
  readonly tolerance: number;
  /** Added by who reads the file. */
  readonly cases?: readonly GoldenCase[];
}

/** What is done to a row: fields set to new values, numbers moved. Of one row given here, or of so many held-out ones. */
interface Changed extends Common {
  readonly inputs?: Row;
  readonly rows?: number;
  /** The share of the rows that must hold; all when absent. */
  readonly share?: number;
  readonly change?: Row;
  /** Is added to the number of that field. */
  readonly shift?: Readonly<Record<string, number>>;
  readonly tolerance: number;
}

/** Changing these fields must not move the score (of several classes: any probability) by more than the tolerance. */
export interface InvarianceTest extends Changed {
  readonly kind: 'invariance';
}

/** Changing these fields must move the score up (or down); `tolerance` is how far against that it may go. Of several classes the score is the probability of `class`. */
export interface DirectionTest extends Changed {
  readonly kind: 'direction';
  readonly class?: string;
  readonly expect: 'up' | 'down';
}

/** A unit test of a model, after "Beyond Accuracy: CheckList" (Ribeiro et al. 2020): minimum functionality, invariance, directional expectation. */
export type PredictionTest = KnownTest | GoldenTest | InvarianceTest | DirectionTest;

/** The row after the change. A number that is missing stays missing when it is moved. */
export function changedRow(inputs: Row, { change, shift }: Pick<Changed, 'change' | 'shift'>): Row {
  const after: Record<string, Scalar> = { ...inputs, ...change };
  for (const [name, by] of Object.entries(shift ?? {})) {
    const value = after[name];
    if (typeof value === 'number') after[name] = value + by;
  }
  return after;
}

/** What a schema cannot say about a test; undefined when it can be asked. */
export function complaintAboutTest(test: PredictionTest): string | undefined {
  if (test.kind === 'known' || test.kind === 'golden') return undefined;
  if ((test.inputs === undefined) === (test.rows === undefined))
    return 'needs `inputs` (one row), or `rows` (how many held-out ones)';
  if (test.change === undefined && test.shift === undefined) return 'needs `change` or `shift`';
  return undefined;
}
