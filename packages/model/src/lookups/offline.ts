import { type Column, columnOf, numbers, type Row, rowAt, type Scalar, type Table } from '@twinloop/kernel';
import { parseExpression } from '../expressions/parse.js';
import { typeOfExpression } from '../expressions/compile.js';
import { LookupEngine } from './engine.js';
import { lookedUpColumns, type LookupsSpec } from './spec.js';

/** Rows of a dataset, or rows that came one by one. */
export type Source = Table | readonly Row[];

function each(source: Source, visit: (row: Row) => void): void {
  if ('columns' in source) for (let i = 0; i < source.rows; i++) visit(rowAt(source, i));
  else source.forEach(visit);
}

/**
 * What every row of a table would have been told at its own `time`: the engine runs through the past once, O(n log n).
 * Rows without a time are told nothing.
 * @returns the looked-up columns, in order · @throws expression_invalid · RangeError without the time column
 */
export function lookUpTable(
  spec: LookupsSpec,
  table: Table,
  time: string,
  sources: Readonly<Record<string, Source>>,
): readonly Column[] {
  const engine = new LookupEngine(spec);
  for (const [dataset, source] of Object.entries(sources)) each(source, row => engine.add(dataset, row));
  const at = numbers(table, time);
  const order = Array.from(at.keys()).filter(row => !Number.isNaN(at[row]!));
  order.sort((a, b) => at[a]! - at[b]! || a - b);
  const names = lookedUpColumns(spec);
  const found = names.map(() => new Array<Scalar>(table.rows).fill(null));
  const keys = new Set([...spec.joins, ...spec.aggregates].flatMap(({ by }) => Object.keys(by)));
  const asked: Table = { rows: table.rows, columns: table.columns.filter(({ name }) => keys.has(name)) };
  const out: Record<string, Scalar> = {};
  for (const row of order) {
    engine.read(rowAt(asked, row), at[row]!, out);
    for (let c = 0; c < names.length; c++) found[c]![row] = out[names[c]!] ?? null;
  }
  const types = columnTypes(spec, sources);
  return names.map((name, c) => columnFrom(name, types[name]!, found[c]!));
}

function columnFrom(name: string, type: Column['type'], values: readonly Scalar[]): Column {
  if (type === 'string')
    return { name, type, values: values.map(value => (value === null ? null : String(value))) };
  return {
    name,
    type,
    values: Float64Array.from(values, value => (value === null ? Number.NaN : Number(value))),
  };
}

/** Types of the looked-up columns: joined ones as their source has them; figures are numbers, but for the `last` of a text. */
export function columnTypes(
  spec: LookupsSpec,
  sources: Readonly<Record<string, Source>>,
): Readonly<Record<string, Column['type']>> {
  const typeIn = (dataset: string, column: string): Column['type'] => {
    const source = sources[dataset];
    if (source === undefined) return 'number';
    if ('columns' in source) return columnOf(source, column)?.type ?? 'number';
    const value = source.map(row => row[column] ?? null).find(one => one !== null);
    return typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'boolean' : 'number';
  };
  const types: Record<string, Column['type']> = {};
  for (const { name, dataset, columns } of spec.joins)
    for (const column of columns) {
      const type = typeIn(dataset, column);
      types[`${name}.${column}`] = type === 'time' ? 'number' : type;
    }
  for (const { name, dataset, function: figure, value } of spec.aggregates) {
    const text =
      ['last', 'min', 'max'].includes(figure) &&
      value !== undefined &&
      typeOfExpression(parseExpression(value), column => typeIn(dataset, column)) === 'string';
    types[name] = text ? 'string' : 'number';
  }
  return types;
}
