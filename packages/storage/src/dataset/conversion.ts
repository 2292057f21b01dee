import type { ColumnType, Reading } from '@twinloop/kernel';
import type { SourceColumn } from './source.js';
import { sqlName, sqlText } from './sandbox.js';

const asText = ({ name, physical }: SourceColumn): string =>
  physical === 'untyped' || physical === 'json' || physical === 'text'
    ? sqlName(name)
    : `cast(${sqlName(name)} as varchar)`;

/** With a decimal comma points group thousands; `01.02.2013` is no number. */
const COMMA_NUMBER = String.raw`^\s*[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?([eE][+-]?\d+)?\s*$`;

/** DuckDB reads 1_000 as a number; in data it is a code. */
const numberOf = (text: string, { decimal }: Reading = {}): string =>
  decimal === ','
    ? `try_cast(case when regexp_matches(${text}, ${sqlText(COMMA_NUMBER)}) then replace(replace(${text}, '.', ''), ',', '.') end as double)`
    : `try_cast(case when contains(${text}, '_') then null else ${text} end as double)`;
/** A text without a zone is read in the session's. */
const timeOf = (text: string): string => `try_cast(${text} as timestamptz)`;
/** A text in one of the declared forms as a time, the first that fits. */
export function timeIn(text: string, forms: readonly string[], zoned = true): string {
  const type = zoned ? 'timestamptz' : 'timestamp';
  const parts = forms.map(form => {
    if (form === 'iso') return `try_cast(${text} as ${type})`;
    if (form === 'epoch-s') return `cast(to_timestamp(try_cast(${text} as double)) as ${type})`;
    if (form === 'epoch-ms') return `cast(to_timestamp(try_cast(${text} as double) / 1000) as ${type})`;
    return `cast(try_strptime(trim(${text}), ${sqlText(form)}) as ${type})`;
  });
  return parts.length === 1 ? parts[0]! : `coalesce(${parts.join(', ')})`;
}
const milliseconds = (time: string): string => `(epoch_us(${time}) / 1000.0)`;

/**
 * SQL that turns a column of a file into one of a table; NULL where the value is missing or cannot be read so.
 * Numbers, truth values (0 and 1) and times (epoch ms) become DOUBLE, strings VARCHAR.
 */
export function conversion(column: SourceColumn, type: ColumnType, reading: Reading = {}): string {
  const name = sqlName(column.name);
  const text = asText(column);
  switch (type) {
    case 'string':
      return text;
    case 'number':
      return column.physical === 'number' || column.physical === 'boolean'
        ? `cast(${name} as double)`
        : numberOf(text, reading);
    case 'boolean':
      return column.physical === 'boolean'
        ? `cast(${name} as double)`
        : `cast(try_cast(${text} as boolean) as double)`;
    case 'time':
      if (column.physical === 'time') return milliseconds(`cast(${name} as timestamptz)`);
      if (reading.times?.[column.name] !== undefined)
        return milliseconds(timeIn(`cast(${name} as varchar)`, reading.times[column.name]!));
      // A plain number under a declared time is epoch milliseconds already.
      return `coalesce(${milliseconds(timeOf(text))}, ${numberOf(text)})`;
  }
}

/** The type that a column has by itself; undefined where only its values can tell. */
export function ownType({ physical }: SourceColumn): ColumnType | undefined {
  if (physical === 'untyped' || physical === 'json') return undefined;
  return physical === 'text' ? 'string' : physical;
}

/** SQL aggregates over one column from which its type follows: a count of values, then what {@link judge} expects. */
export function evidence(
  column: SourceColumn,
  declared: ColumnType | undefined,
  reading: Reading = {},
): readonly string[] {
  const text = asText(column);
  const type = declared ?? ownType(column);
  const number = numberOf(text, reading);
  const count = (sql: string): string => `count(${sql})::double`;
  if (type !== undefined) {
    const converted = conversion(column, type, reading);
    const infinite = type === 'number' ? `count_if(isinf(${converted}))::double` : '0.0';
    return [count(text), count(converted), infinite, '0.0', '0.0', '0.0'];
  }
  const untyped = column.physical === 'untyped';
  return [
    count(text),
    count(text),
    untyped ? `count_if(isinf(${number}))::double` : '0.0',
    untyped ? count(number) : '0.0',
    untyped ? `count_if(lower(trim(${text})) in ('true', 'false'))::double` : '0.0',
    count(untyped ? `case when ${number} is null then ${timeOf(text)} end` : timeOf(text)),
  ];
}

export const EVIDENCE = 6;

export interface ColumnVerdict {
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Values that are there but cannot be read as the declared type. */
  readonly unreadable: number;
  readonly infinite: number;
}

/** A column without a type is what all of its values are; text when they differ, or when there is none. */
export function judge(
  column: SourceColumn,
  declared: ColumnType | undefined,
  rows: number,
  [filled = 0, converted = 0, infinite = 0, numbers = 0, booleans = 0, times = 0]: readonly number[],
): ColumnVerdict {
  const nullable = filled < rows;
  const type = declared ?? ownType(column);
  if (type !== undefined) return { type, nullable, unreadable: filled - converted, infinite };
  const guess = (['number', 'boolean', 'time'] as const).find(
    (_type, i) => filled > 0 && [numbers, booleans, times][i] === filled,
  );
  return { type: guess ?? 'string', nullable, unreadable: 0, infinite: guess === 'number' ? infinite : 0 };
}
