import type { Entry, EpochMs, Json } from '@twinloop/kernel';
import type { PredictionTest } from './prediction-test.js';

/** A prediction test that a person made of a request. */
export interface AdoptedTest {
  readonly name: string;
  /** The request's id. */
  readonly prediction: string;
  readonly addedAt: EpochMs;
  readonly by: string;
  readonly test: Json;
}

/** By endpoint, oldest first. */
export type AdoptedTests = Readonly<Record<string, readonly AdoptedTest[]>>;

export const emptyTests: AdoptedTests = {};

/** A test of a name that is there already takes its place. */
export function foldTests(state: AdoptedTests, entry: Entry): AdoptedTests {
  if (entry.type !== 'PredictionTestAdded' && entry.type !== 'PredictionTestRemoved') return state;
  const { endpoint, name } = entry.payload;
  const others = (state[endpoint] ?? []).filter(test => test.name !== name);
  if (entry.type === 'PredictionTestRemoved') return { ...state, [endpoint]: others };
  const { prediction, test } = entry.payload;
  return {
    ...state,
    [endpoint]: [...others, { name, prediction, addedAt: entry.at, by: entry.actor, test }],
  };
}

/** The tests themselves, as gates ask them. */
export function testsOf(state: AdoptedTests, endpoint: string): readonly PredictionTest[] {
  return (state[endpoint] ?? []).map(({ test }) => test as unknown as PredictionTest);
}
