import { type BrokenRow, type ContentHash, type Json, type Table, takeRows } from '@twinloop/kernel';
import type { Expectation, QuarantineConfig } from './config.js';
import { isRowRule, subjectOf } from './rules/compile-rule.js';
import { ruleText } from './rules/rule-text.js';

/** Columns of the stored table of rows kept apart, beside the rows' own. */
export const APART_ROW = '$number';
export const APART_REASONS = '$reasons';

export const LARGEST_APART = 0.1;

/** Rows kept apart of a version, as its record holds them. */
export interface Quarantine {
  /** The rows as they came, with their number in the source (from 1) and the rules they break, one a line. */
  readonly blob: ContentHash;
  readonly rows: number;
  readonly kept: number;
  readonly reasons: readonly {
    readonly rule: string;
    readonly subject: string;
    readonly text: string;
    readonly count: number;
  }[];
}

/** Positions of the rules whose breaking rows are kept apart. */
export function quarantining(
  rules: readonly Expectation[],
  { rules: which }: QuarantineConfig,
): readonly number[] {
  return rules.flatMap((rule, i) => (isRowRule(rule) && (rule.quarantine ?? which === 'all') ? [i] : []));
}

export interface Separated {
  readonly good: Table;
  /** The others, with their numbers and reasons. */
  readonly bad: Table;
  readonly reasons: Quarantine['reasons'];
}

/** Parts a table into rows that go on and rows that stay behind. */
export function separate(
  table: Table,
  apart: readonly BrokenRow[],
  rules: readonly Expectation[],
): Separated {
  const out = new Uint8Array(table.rows);
  for (const { row } of apart) out[row] = 1;
  const good: number[] = [];
  for (let row = 0; row < table.rows; row++) if (out[row] === 0) good.push(row);
  const texts = rules.map(ruleText);
  const counts = new Map<number, number>();
  for (const { checks } of apart) for (const rule of checks) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  const bad = takeRows(
    table,
    apart.map(({ row }) => row),
  );
  return {
    good: takeRows(table, good),
    bad: {
      rows: bad.rows,
      columns: [
        { name: APART_ROW, type: 'number', values: Float64Array.from(apart, ({ row }) => row + 1) },
        {
          name: APART_REASONS,
          type: 'string',
          values: apart.map(({ checks }) => checks.map(rule => texts[rule]!).join('\n')),
        },
        ...bad.columns,
      ],
    },
    reasons: [...counts]
      .sort(([a], [b]) => a - b)
      .map(([i, count]) => ({
        rule: rules[i]!.rule,
        subject: subjectOf(rules[i]!),
        text: texts[i]!,
        count,
      })),
  };
}

/** The rows kept apart of a record, if there are any. */
export const quarantineOf = (record: { readonly quarantine: Json }): Quarantine | undefined =>
  (record.quarantine as unknown as Quarantine | null) ?? undefined;
