import {
  formatCount,
  formatShare,
  hashSeed,
  rowAt,
  type Row,
  seededRng,
  shuffle,
  TwinloopError,
} from '@twinloop/kernel';
import type { GateContext } from '../gate-context.js';
import { type Answer, NO_CLASSES, unlikeChange, unlikeKnown } from './complaint.js';
import {
  changedRow,
  type DirectionTest,
  type GoldenTest,
  type InvarianceTest,
  type PredictionTest,
} from './prediction-test.js';

export type Asking = Pick<GateContext, 'predict' | 'predictClasses' | 'held' | 'served'>;

async function answersTo(rows: readonly Row[], ask: Asking): Promise<readonly Answer[]> {
  if (ask.predictClasses !== undefined) return ask.predictClasses(rows);
  return Array.from(await ask.predict(rows));
}

/** So many held-out rows, the model's inputs alone: the same ones for every test and every model of one hold-out. */
function sampled(count: number, { held, served }: Asking): readonly Row[] {
  if (held === undefined || served === undefined) return [];
  const order = shuffle(
    Array.from({ length: held.rows.rows }, (_, row) => row),
    seededRng(hashSeed('prediction tests')),
  );
  return order.slice(0, count).map(row => {
    const whole = rowAt(held.rows, row);
    return Object.fromEntries(served.inputs.map(({ name }) => [name, whole[name] ?? null]));
  });
}

async function changes(test: InvarianceTest | DirectionTest, ask: Asking): Promise<string | undefined> {
  const rows = test.inputs === undefined ? sampled(test.rows ?? 0, ask) : [test.inputs];
  if (rows.length === 0) return 'finds no held-out row to ask about';
  const before = await answersTo(rows, ask);
  const after = await answersTo(
    rows.map(row => changedRow(row, test)),
    ask,
  );
  const complaints = before.flatMap((answer, row) => unlikeChange(test, answer, after[row]!) ?? []);
  const [first] = complaints;
  if (first === undefined || test.inputs !== undefined) return first;
  const holding = (rows.length - complaints.length) / rows.length;
  const { share = 1 } = test;
  if (holding >= share) return undefined;
  return `holds for ${formatShare(holding)} of ${formatCount(rows.length)} held-out rows, ${formatShare(share)} is asked; one of them ${first}`;
}

async function golden({ cases = [], tolerance, each }: GoldenTest, ask: Asking): Promise<string | undefined> {
  if (cases.length === 0) return `finds no case in ${each}`;
  const answers = await answersTo(
    cases.map(({ inputs }) => inputs),
    ask,
  );
  const complaints = cases.flatMap(({ expected, row }, i) => {
    const score = typeof expected === 'number' ? expected : Number.NaN;
    const found = unlikeKnown(
      answers[i]!,
      typeof answers[i] === 'number'
        ? { min: score - tolerance, max: score + tolerance }
        : { class: String(expected) },
    );
    return found === undefined ? [] : [`row ${row} ${found}`];
  });
  if (complaints.length === 0) return undefined;
  return `does not hold for ${formatCount(complaints.length)} of ${formatCount(cases.length)} cases of ${each}: ${complaints[0]}`;
}

/** What is wrong with the model's answers, or undefined. */
export async function runTest(test: PredictionTest, ask: Asking): Promise<string | undefined> {
  try {
    switch (test.kind) {
      case 'known': {
        if (test.expect.class !== undefined && ask.predictClasses === undefined) return NO_CLASSES;
        const [answer] = await answersTo([test.inputs], ask);
        return unlikeKnown(answer!, test.expect);
      }
      case 'golden':
        return await golden(test, ask);
      case 'invariance':
      case 'direction':
        return await changes(test, ask);
    }
  } catch (error) {
    // A row that the model cannot read is the test's finding; anything else is not ours to explain.
    if (!(error instanceof TwinloopError)) throw error;
    return `cannot be asked: ${error.message}`;
  }
}
