import { formatFigure, type GateFinding, type Rng, type Row, shuffle, TwinloopError } from '@twinloop/kernel';
import type { Served } from '../gate-context.js';
import { type FuzzCase, rowOf } from './fuzz-cases.js';
import { inputInWords } from './extremes.js';

/** A case and the answers that it got first, alone. */
export interface Answered {
  readonly fuzz: FuzzCase;
  readonly answers: Float64Array;
}

/** Batches are added up in another order by some runtimes, and in single precision: so much is no other answer. */
const NOISE = 1e-5;

function differs(a: Float64Array, b: ArrayLike<number>, offset = 0): number {
  for (let i = 0; i < a.length; i++) {
    const other = b[offset + i]!;
    if (!(Math.abs(a[i]! - other) <= NOISE * Math.max(1, Math.abs(a[i]!)))) return i;
  }
  return -1;
}

function finding(how: string, { fuzz, answers }: Answered, other: number, at: number): GateFinding {
  return {
    message: `${how}: ${formatFigure(answers[at]!)} becomes ${formatFigure(other)}`,
    input: inputInWords(fuzz.change),
  };
}

/**
 * The same rows once more: one by one in another order, then as a batch, then as a batch in another order. A row's answer
 * is its own: neither its neighbours nor its place may matter. The first difference of each kind is told.
 */
export async function sameAnswers(
  served: Served,
  cases: readonly Answered[],
  rng: Rng,
): Promise<readonly GateFinding[]> {
  if (cases.length === 0) return [];
  const findings: GateFinding[] = [];
  const order = shuffle(Array.from(cases.keys()), rng);
  for (const index of order) {
    const known = cases[index]!;
    const again = await served.one(rowOf(known.fuzz));
    const at = differs(known.answers, again);
    if (at < 0) continue;
    findings.push(finding('asked again after other rows the answer changes', known, again[at]!, at));
    break;
  }
  const batch = async (how: string, indices: readonly number[]): Promise<void> => {
    const rows: readonly Row[] = indices.map(index => rowOf(cases[index]!.fuzz));
    let all: Float64Array;
    try {
      all = await served.many(rows);
    } catch (error) {
      if (!(error instanceof TwinloopError)) throw error;
      findings.push({ message: `a batch is refused whose rows are answered one by one: ${error.message}` });
      return;
    }
    for (const [place, index] of indices.entries()) {
      const known = cases[index]!;
      const width = known.answers.length;
      const at = differs(known.answers, all, place * width);
      if (at < 0) continue;
      findings.push(finding(how, known, all[place * width + at]!, at));
      return;
    }
  };
  await batch('in a batch the answer changes', [...cases.keys()]);
  await batch('in a batch in another order the answer changes', order);
  return findings;
}
