import {
  type BrokenRow,
  type CheckCounts,
  type CheckOptions,
  type CheckOutcome,
  type ChecksResult,
  columnOf,
  type DataCheck,
  type Row,
  rowAt,
  type RowTest,
  type Table,
} from '@twinloop/kernel';
import { type Cell, columnFigure, type RowTest as PlainTest, testRows } from '@twinloop/stats';

export interface InMemory {
  /** What an SQL text means, since nothing here reads SQL. */
  readonly sql?: Readonly<Record<string, (row: Row) => boolean | null>>;
  readonly aggregates?: Readonly<Record<string, (rows: readonly Row[]) => number | null>>;
  readonly stored?: Readonly<Record<string, Table>>;
}

/** A column's cells, as `RowTest` compares them. */
const cellsOf = (table: Table, name: string): readonly Cell[] => {
  const column = columnOf(table, name);
  if (column === undefined) throw new Error(`no column ${name}`);
  return column.type === 'string'
    ? column.values
    : Array.from(column.values, value => (Number.isNaN(value) ? null : value));
};

/** `DatasetQuery.check` by the plain definitions of the stats package: slow, and right. */
export function checkInMemory(
  table: Table,
  checks: readonly DataCheck[],
  { sql = {}, aggregates = {}, stored = {} }: InMemory = {},
  { apart }: CheckOptions = {},
): ChecksResult {
  const rows = Array.from({ length: table.rows }, (_, row) => rowAt(table, row));
  const predicate = (text: string): ((row: Row) => boolean | null) => {
    const found = sql[text];
    if (found === undefined) throw new Error(`${text} cannot be parsed`);
    return found;
  };
  const broken = new Map<number, number[]>();
  const outcomes = checks.map((check, position): CheckOutcome => {
    try {
      const slice = rows.map(row => check.where === undefined || predicate(check.where)(row) === true);
      const on = (inGroup: (row: number) => boolean, note: boolean): CheckCounts =>
        countsOf(
          check,
          slice.map((yes, row) => yes && inGroup(row)),
          note,
        );
      const countsOf = (one: DataCheck, inSlice: readonly boolean[], note: boolean): CheckCounts => {
        const kept = rows.map((_, row) => row).filter(row => inSlice[row]);
        const pick = (cells: readonly Cell[]): readonly Cell[] => kept.map(row => cells[row]!);
        if ('figure' in one) {
          const { figure } = one;
          const counts = { rows: kept.length, tested: kept.length, broken: 0 };
          if (figure.kind === 'rows') return { ...counts, figure: kept.length };
          if (figure.kind === 'value') {
            const value = aggregates[figure.expression];
            if (value === undefined) throw new Error(`${figure.expression} cannot be parsed`);
            return { ...counts, figure: value(kept.map(row => rows[row]!)) };
          }
          const cells = pick(cellsOf(table, figure.column));
          const value = columnFigure(cells, figure.of);
          return {
            ...counts,
            tested: cells.filter(cell => cell !== null).length,
            figure: Number.isNaN(value) ? null : value,
          };
        }
        const flags = flagsOf(one.test, kept);
        const counts = { rows: kept.length, tested: flags.tested, broken: 0, figure: null };
        for (const [i, row] of kept.entries())
          if (flags.broken[i]) {
            counts.broken++;
            if (note) broken.set(row, [...(broken.get(row) ?? []), position]);
          }
        return counts;
      };
      const shown = (
        one: DataCheck,
        inSlice: readonly boolean[],
        flagged: typeof flagsOf,
      ): Pick<CheckOutcome, 'examples' | 'more' | 'found'> => {
        const column =
          'test' in one && 'column' in one.test
            ? one.test.column
            : 'test' in one && 'columns' in one.test && one.test.columns.length === 1
              ? one.test.columns[0]
              : undefined;
        if (!('test' in one) || column === undefined) return {};
        const kept = rows.map((_, row) => row).filter(row => inSlice[row]);
        const cells = cellsOf(table, column);
        const { broken: flags } = flagged(one.test, kept);
        const counted = new Map<Cell, number>();
        for (const [i, row] of kept.entries())
          if (flags[i] && cells[row] !== null) counted.set(cells[row]!, (counted.get(cells[row]!) ?? 0) + 1);
        const ranked = [...counted].sort((a, b) => b[1] - a[1] || (a[0]! < b[0]! ? -1 : 1));
        const there = kept.map(row => cells[row]).filter(cell => typeof cell === 'number');
        return {
          examples: ranked.slice(0, 3),
          more: ranked.length > 3,
          ...(one.test.kind === 'between' && there.length > 0
            ? { found: [Math.min(...there), Math.max(...there)] as const }
            : {}),
        };
      };
      const flagsOf = (test: RowTest, kept: readonly number[]): { tested: number; broken: boolean[] } => {
        if (test.kind === 'holds') {
          const holds = predicate(test.expression);
          return { tested: kept.length, broken: kept.map(row => holds(rows[row]!) === false) };
        }
        if (test.kind === 'reads-as') {
          const { type } = columnOf(table, test.column) ?? {};
          const cells = cellsOf(table, test.column);
          const reads = (cell: Cell): boolean =>
            type === test.type ||
            (type === 'string' &&
              (test.type === 'number'
                ? /^\s*[+-]?\d+(\.\d*)?(e[+-]?\d+)?\s*$/i.test(String(cell))
                : test.type === 'boolean'
                  ? /^(true|false|0|1)$/i.test(String(cell))
                  : !Number.isNaN(Date.parse(String(cell)))));
          const there = kept.filter(row => cells[row] !== null);
          return {
            tested: there.length,
            broken: kept.map(row => cells[row] !== null && !reads(cells[row]!)),
          };
        }
        const only: Record<string, readonly Cell[]> = {};
        const names = 'columns' in test ? test.columns : [test.column];
        for (const name of [...names, ...('per' in test && test.per !== undefined ? [test.per] : [])]) {
          const cells = cellsOf(table, name);
          only[name] = kept.map(row => cells[row]!);
        }
        const { flags, missing } = testRows(only, kept.length, plain(test, stored));
        return { tested: kept.length - missing, broken: Array.from(flags, flag => flag === 1) };
      };
      const named = apart?.checks.includes(position) === true;
      if (check.by === undefined) {
        const counts = on(() => true, named);
        return counts.broken === 0 ? counts : { ...counts, ...shown(check, slice, flagsOf) };
      }
      const labels = cellsOf(table, check.by).map(cell => (cell === null ? null : String(cell)));
      const groups = [...new Set(labels.filter((_, row) => slice[row]))]
        .map(group => ({ group, ...on(row => labels[row] === group, named) }))
        .sort((a, b) => b.rows - a.rows || (String(a.group) < String(b.group) ? -1 : 1));
      const sum = (key: 'rows' | 'tested' | 'broken'): number =>
        groups.reduce((total, group) => total + group[key], 0);
      return { rows: sum('rows'), tested: sum('tested'), broken: sum('broken'), figure: null, groups };
    } catch (error) {
      return { rows: 0, tested: 0, broken: 0, figure: null, problem: (error as Error).message };
    }
  });
  const all = [...broken].map(([row, of]): BrokenRow => ({ row, checks: of })).sort((a, b) => a.row - b.row);
  const limit = apart?.limit ?? 0;
  return { rows: table.rows, outcomes, apart: all.slice(0, limit), apartMore: all.length > limit };
}

function plain(
  test: Exclude<RowTest, { kind: 'holds' | 'reads-as' }>,
  stored: Readonly<Record<string, Table>>,
): PlainTest {
  if (test.kind !== 'refers') return test;
  const table = stored[test.blob]!;
  const cells = test.to.map(name => cellsOf(table, name));
  const keys = Array.from({ length: table.rows }, (_, row) => cells.map(each => each[row]!));
  return {
    kind: 'refers',
    columns: test.columns,
    keys: keys.filter(key => key.every(cell => cell !== null)),
  };
}
