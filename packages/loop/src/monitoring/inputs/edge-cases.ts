import { columnOf, formatFigure, formatShare, type Table } from '@twinloop/kernel';
import { encodeInputs, type InputProfile, levelAt } from './input-profile.js';

export type EdgeCaseKind = 'out-of-distribution' | 'out-of-range' | 'unseen-category' | 'missing';

export interface EdgeReason {
  readonly kind: EdgeCaseKind;
  /** Null where the row as a whole is strange. */
  readonly column: string | null;
  readonly text: string;
}

export interface EdgeCase {
  /** Index into the table. */
  readonly row: number;
  /** Share of training rows that are less strange; among a thousand training rows, one lies at 0.999. */
  readonly strangeness: number;
  readonly reasons: readonly EdgeReason[];
}

export interface EdgeCases {
  readonly rows: number;
  /** Rows with at least one reason, strangest first; of equal ones the one with more reasons, then the later. */
  readonly cases: readonly EdgeCase[];
  /** How often each reason was given. */
  readonly kinds: readonly {
    readonly kind: EdgeCaseKind;
    readonly column: string | null;
    readonly count: number;
  }[];
  /** How strange each row is, edge case or not. */
  readonly strangeness: Float64Array;
}

/** Training rows with a value missing here are so rare that it is worth a word. */
const HARDLY_EVER = 0.001;

/**
 * Which rows are unlike training, and why: values outside the training range, categories never seen, values missing where
 * training hardly ever missed one, and rows whose isolation score is beyond `limit` (0.99: as strange as the strangest
 * per cent of training). A row that training knew well is none of these.
 */
export function findEdgeCases(profile: InputProfile, table: Table, limit: number): EdgeCases {
  const reasons: EdgeReason[][] = Array.from({ length: table.rows }, () => []);
  const encoded = encodeInputs(profile.columns, profile.rows, table);
  const scores = profile.forest.scores(encoded);
  const strangeness = scores.map(score => lowerShare(profile.scores, score));
  for (const known of profile.columns) {
    const { name } = known;
    const found = columnOf(table, name);
    for (let row = 0; row < table.rows; row++) {
      const give = (kind: EdgeCaseKind, text: string): void =>
        void reasons[row]!.push({ kind, column: name, text });
      const level = found === undefined ? undefined : levelAt(found, row);
      const value = found === undefined || found.type === 'string' ? Number.NaN : found.values[row]!;
      if (known.type === 'number' ? Number.isNaN(value) : level === undefined) {
        if (known.missing > HARDLY_EVER) continue;
        give(
          'missing',
          `${name} is missing, as in ${known.missing === 0 ? 'no training row' : `${formatShare(known.missing)} of training`}`,
        );
      } else if (known.type === 'category') {
        if (!known.shares.has(level!))
          give(
            'unseen-category',
            `${name} is ${JSON.stringify(level!.slice(0, 60))}, which training never saw`,
          );
      } else if (value < known.low) {
        give(
          'out-of-range',
          `${name} is ${formatFigure(value)}, below ${formatFigure(known.low)}, the least in training`,
        );
      } else if (value > known.high) {
        give(
          'out-of-range',
          `${name} is ${formatFigure(value)}, above ${formatFigure(known.high)}, the greatest in training`,
        );
      }
    }
  }
  const strange = Int32Array.from(Array.from(strangeness.keys()).filter(row => strangeness[row]! >= limit));
  const drivers = driversOf(profile, encoded, scores, strange);
  strange.forEach((row, i) => {
    const than =
      strangeness[row]! >= 1 ? 'any training row' : `${formatShare(strangeness[row]!)} of training`;
    const mostly = drivers[i]!.length === 0 ? '' : `, most of all ${drivers[i]!.join(' and ')}`;
    const text = `the values together are stranger than ${than}${mostly}`;
    reasons[row]!.push({ kind: 'out-of-distribution', column: null, text });
  });
  const cases = reasons
    .map((given, row): EdgeCase => ({ row, strangeness: strangeness[row]!, reasons: given }))
    .filter(({ reasons: given }) => given.length > 0)
    .sort((a, b) => b.strangeness - a.strangeness || b.reasons.length - a.reasons.length || b.row - a.row);
  return { rows: table.rows, cases, kinds: countReasons(cases), strangeness };
}

/** The two columns without which a row would be least strange: each in turn takes the middle of training. */
function driversOf(
  { columns, forest, typical }: InputProfile,
  encoded: readonly Float64Array[],
  scores: Float64Array,
  strange: Int32Array,
): readonly (readonly string[])[] {
  const rows = encoded.map(values => Float64Array.from(strange, row => values[row]!));
  const drops = columns.map((_, c) => {
    const changed = rows.map((values, at) => (at === c ? values.map(() => typical[c]!) : values));
    const without = forest.scores(changed);
    return without.map((score, i) => scores[strange[i]!]! - score);
  });
  return Array.from(strange, (_, i) =>
    columns
      .map(({ name }, c) => ({ name, drop: drops[c]![i]! }))
      .filter(({ drop }) => drop > 0)
      .sort((a, b) => b.drop - a.drop || (a.name < b.name ? -1 : 1))
      .slice(0, 2)
      .map(({ name }) => name),
  );
}

/** Share of the sorted values that are less. */
function lowerShare(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low / sorted.length;
}

function countReasons(cases: readonly EdgeCase[]): EdgeCases['kinds'] {
  const counts = new Map<string, { kind: EdgeCaseKind; column: string | null; count: number }>();
  for (const { reasons } of cases) {
    for (const { kind, column } of reasons) {
      const key = `${kind}/${column}`;
      const known = counts.get(key) ?? { kind, column, count: 0 };
      known.count++;
      counts.set(key, known);
    }
  }
  return [...counts.values()].sort(
    (a, b) =>
      b.count - a.count ||
      (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) ||
      ((a.column ?? '') < (b.column ?? '') ? -1 : 1),
  );
}
