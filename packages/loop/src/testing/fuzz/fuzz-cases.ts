import type { Rng, Row, Scalar } from '@twinloop/kernel';
import type { ModelInput } from '../gate-context.js';
import { extremesOf } from './extremes.js';

/** One row to try: an ordinary one, and what is changed in it. */
export interface FuzzCase {
  readonly base: Row;
  readonly change: Row;
}

export const rowOf = ({ base, change }: FuzzCase): Row => ({ ...base, ...change });

/** Of the columns of a random case so many are changed. */
const SHARE = 0.4;

/**
 * The rows to try: the ordinary ones; every extreme of every input alone; each number's extremes in all numbers at once;
 * everything missing; and random combinations of extremes and of values from other ordinary rows.
 * @param ordinary at least one row
 */
export function fuzzCases(
  inputs: readonly ModelInput[],
  ordinary: readonly Row[],
  rng: Rng,
  random: number,
): readonly FuzzCase[] {
  const [first] = ordinary;
  const base = first!;
  const cases: FuzzCase[] = ordinary.map(row => ({ base: row, change: {} }));
  for (const { name, type } of inputs)
    for (const value of extremesOf(type)) cases.push({ base, change: { [name]: value } });
  const numeric = inputs.filter(({ type }) => type === 'number');
  for (const value of extremesOf('number'))
    cases.push({ base, change: Object.fromEntries(numeric.map(({ name }) => [name, value])) });
  // Two columns that pull with all their weight in opposite directions are where sums lose their meaning.
  cases.push({
    base,
    change: Object.fromEntries(
      numeric.map(({ name }, i) => [name, i % 2 === 0 ? Number.MAX_VALUE : -Number.MAX_VALUE]),
    ),
  });
  cases.push({ base, change: Object.fromEntries(inputs.map(({ name }) => [name, null])) });
  const pick = <T>(from: readonly T[]): T => from[Math.floor(rng.next() * from.length)]!;
  for (let i = 0; i < random; i++) {
    const change: Record<string, Scalar> = {};
    for (const { name, type } of inputs) {
      if (rng.next() >= SHARE) continue;
      change[name] = rng.next() < 0.5 ? pick(extremesOf(type)) : (pick(ordinary)[name] ?? null);
    }
    cases.push({ base: pick(ordinary), change });
  }
  return cases;
}

/**
 * The smallest change that still fails: columns are put back one by one, then long texts are halved. Greedy, so the
 * result cannot be made smaller by putting back any single column.
 */
export async function shrink(
  { base, change }: FuzzCase,
  fails: (row: Row) => Promise<boolean>,
): Promise<FuzzCase> {
  let smallest: Row = change;
  for (const name of Object.keys(change)) {
    const { [name]: _, ...rest } = smallest;
    if (await fails({ ...base, ...rest })) smallest = rest;
  }
  for (const [name, value] of Object.entries(smallest)) {
    if (typeof value !== 'string') continue;
    for (let text = value; text.length > 0; ) {
      text = text.slice(0, text.length >> 1);
      if (!(await fails({ ...base, ...smallest, [name]: text }))) break;
      smallest = { ...smallest, [name]: text };
    }
  }
  return { base, change: smallest };
}
