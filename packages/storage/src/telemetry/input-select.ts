import type { Column, ColumnSchema, ColumnType, Schema } from '@twinloop/kernel';
import type { ColumnData, PhysicalType } from './columns.js';
import type { EndpointTables, InputColumn } from './registry.js';
import type { Selection } from './telemetry-database.js';

/** How the columns of a schema are read from an endpoint's table: what to select, and how to put it together. */
export interface InputSelect {
  readonly expressions: readonly string[];
  readonly types: readonly PhysicalType[];
  /** Builds the schema's columns from a selection whose inputs start at column `offset`. */
  assemble(selection: Selection, offset: number): Column[];
}

/** A received text where a number was meant. Empty text is missing, like text that is no number; times are read as ISO 8601. */
export function numberOfText(text: string | null, type: ColumnType): number {
  if (text === null || text.trim() === '') return Number.NaN;
  const value = Number(text);
  return Number.isNaN(value) && type === 'time' ? Date.parse(text) : value;
}

export function selectInputs(tables: EndpointTables, schema: Schema, alias: string): InputSelect {
  const expressions: string[] = [];
  const types: PhysicalType[] = [];
  const places = schema.map(({ name }) =>
    tables.inputs
      .filter(input => input.name === name && input.kind !== 'scores' && input.kind !== 'output')
      .map(input => {
        expressions.push(`${alias}.${input.physical}`);
        types.push(input.type);
        return { input, index: expressions.length - 1 };
      }),
  );
  return {
    expressions,
    types,
    assemble: (selection, offset) =>
      schema.map((column, i) =>
        merge(
          column,
          selection.rows,
          places[i]!.map(({ input, index }) => ({ input, data: selection.columns[offset + index]! })),
        ),
      ),
  };
}

interface Part {
  readonly input: InputColumn;
  readonly data: ColumnData;
}

/** One column from the kinds in which its name was received; usually there is one, and it is passed on as it is. */
function merge({ name, type }: ColumnSchema, rows: number, parts: readonly Part[]): Column {
  const [only] = parts;
  if (type === 'string') {
    if (parts.length === 1 && only!.input.kind === 'string') {
      return { name, type, values: only!.data as (string | null)[] };
    }
    const values = new Array<string | null>(rows).fill(null);
    for (const { input, data } of parts) {
      for (let i = 0; i < rows; i++) values[i] ??= textOf(input, data, i);
    }
    return { name, type, values };
  }
  if (parts.length === 1 && only!.data instanceof Float64Array) return { name, type, values: only!.data };
  const values = new Float64Array(rows).fill(Number.NaN);
  for (const { data } of parts) {
    for (let i = 0; i < rows; i++) {
      if (Number.isNaN(values[i])) {
        values[i] = data instanceof Float64Array ? data[i]! : numberOfText(data[i]!, type);
      }
    }
  }
  return { name, type, values };
}

/** What was received, as text. */
function textOf(input: InputColumn, data: ColumnData, i: number): string | null {
  if (!(data instanceof Float64Array)) return data[i]!;
  const value = data[i]!;
  if (Number.isNaN(value)) return null;
  return input.kind === 'boolean' ? String(value !== 0) : String(value);
}
