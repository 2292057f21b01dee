import { formatCount, type GateFinding, rowAt, seededRng, type Row, type Verdict } from '@twinloop/kernel';
import type { FuzzGate } from '../config.js';
import type { GateContext } from '../gate-context.js';
import { type Asked, asker } from './ask-row.js';
import { inputInWords } from './extremes.js';
import { fuzzCases, rowOf, shrink } from './fuzz-cases.js';
import { type Answered, sameAnswers } from './same-answers.js';

/** Held-out rows that the cases start from. */
const ORDINARY = 8;
/** Failing cases that are made small; the others say the same in most cases. */
const SHRUNK = 12;
const TOLD = 5;

/** Rows spread over the hold-out, the model's inputs alone. */
function ordinaryRows({ held, served }: GateContext): readonly Row[] {
  if (held === undefined || served === undefined) return [];
  const { rows } = held;
  const count = Math.min(ORDINARY, rows.rows);
  return Array.from({ length: count }, (_, i) => {
    const whole = rowAt(rows, Math.floor((i * rows.rows) / count));
    return Object.fromEntries(served.inputs.map(({ name }) => [name, whole[name] ?? null]));
  });
}

/**
 * Feeds what no test set holds to the model that would serve (extremes, nulls, odd texts, mixtures of them) and asks
 * again in other orders and as batches. Every answer is a number (a probability where it should be one), every refusal
 * says what is wrong with the input, every time the same, and in bounded time. After "QuickCheck" (Claessen & Hughes
 * 2000): cases are random by a fixed seed, and what fails is made as small as it can be.
 */
export async function fuzzGate(gate: FuzzGate, context: GateContext): Promise<Verdict> {
  const { served } = context;
  const ordinary = ordinaryRows(context);
  if (served === undefined || ordinary.length === 0)
    return {
      gate: 'fuzz',
      status: 'inconclusive',
      reason: 'there is no held-out row to start from',
      evidence: [],
    };
  const rng = seededRng(gate.seed);
  const ask = asker(served, context, gate.within);
  const cases = fuzzCases(served.inputs, ordinary, rng, gate.rows);
  const answered: Answered[] = [];
  const failed: { readonly index: number; readonly asked: Extract<Asked, { kind: 'wrong' }> }[] = [];
  for (const [index, fuzz] of cases.entries()) {
    const asked = await ask(rowOf(fuzz));
    if (asked.kind === 'answered') answered.push({ fuzz, answers: asked.answers });
    else if (asked.kind === 'wrong') failed.push({ index, asked });
    else if (index < ordinary.length)
      failed.push({ index, asked: { kind: 'wrong', complaint: `refuses an ordinary row: ${asked.reason}` } });
  }
  const findings = new Map<string, GateFinding>();
  for (const { index, asked } of failed.slice(0, SHRUNK)) {
    const { base, change } = await shrink(cases[index]!, async row => {
      const again = await ask(row);
      return again.kind === 'wrong' && again.complaint === asked.complaint;
    });
    const input = inputInWords(change);
    const row = ordinary.indexOf(base) + 1;
    const key = `${asked.complaint} ${input}`;
    if (!findings.has(key))
      findings.set(key, { message: asked.complaint, input: `${input} in ordinary row ${row}` });
  }
  const unlike = await sameAnswers(served, answered, rng);
  const told = [...unlike, ...[...findings.values()].sort((a, b) => a.input!.length - b.input!.length)];
  const wrong = failed.length + unlike.length;
  return {
    gate: 'fuzz',
    status: wrong === 0 ? 'pass' : 'fail',
    reason:
      wrong === 0
        ? `${formatCount(cases.length)} rows of extremes, missing values and odd texts are answered or refused as they should be, in any order and batch`
        : `the model ${told.slice(0, 2).map(inWords).join('; ')}${wrong > 2 ? `; ${formatCount(wrong)} findings in all` : ''}`,
    evidence: [
      {
        statistic: 'rows answered wrongly',
        value: wrong,
        n: cases.length,
        threshold: 0,
        method: `extremes of each input, alone and mixed, seed ${gate.seed}; asked again, in another order and as a batch`,
      },
    ],
    ...(told.length === 0 ? {} : { findings: told.slice(0, TOLD) }),
  };
}

function inWords({ message, input }: GateFinding): string {
  return input === undefined ? message : `${message} for ${input}`;
}
