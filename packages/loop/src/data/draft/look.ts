import type { Column, ColumnType, Probe } from '@twinloop/kernel';
import { type Moments, readMoments } from './moments.js';

/** One column of a probe, understood. */
export interface LookedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** As they stand in the file; null where there is none. */
  readonly texts: readonly (string | null)[];
  /** Of numbers and truth values (1 and 0); NaN where there is none. */
  readonly numbers?: Float64Array;
  /** Of what reads as times. */
  readonly moments?: Moments;
  readonly missing: number;
  readonly distinct: number;
}

export interface LookedFile {
  readonly probe: Probe;
  readonly rows: number;
  readonly columns: readonly LookedColumn[];
}

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
const COMMA = /^\s*[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?([eE][+-]?\d+)?\s*$/;
/** So large a share must read as times for a column to be one; the rest is then named. */
const TIME_SHARE = 0.9;

function numberIn(text: string, decimal: '.' | ','): number {
  if (decimal === ',')
    return COMMA.test(text) ? Number(text.replaceAll('.', '').replace(',', '.')) : Number.NaN;
  return NUMBER.test(text) ? Number(text) : Number.NaN;
}

function untyped(name: string, texts: readonly (string | null)[], decimal: '.' | ','): LookedColumn {
  const present = new Set<string>();
  let missing = 0;
  for (const text of texts) {
    if (text === null) missing++;
    else present.add(text);
  }
  const common = { name, texts, missing, distinct: present.size };
  if (present.size === 0) return { ...common, type: 'string' };
  const values = [...present];
  const looksTimed = values.slice(0, 20).some(text => /\d/.test(text) && text.trim().length >= 6);
  const some = looksTimed && timesAmong(values) >= TIME_SHARE * values.length;
  const numbers = values.every(text => !Number.isNaN(numberIn(text, decimal)));
  if (numbers) {
    const parsed = Float64Array.from(texts, text => (text === null ? Number.NaN : numberIn(text, decimal)));
    return { ...common, type: 'number', numbers: parsed, ...(some ? { moments: readMoments(texts) } : {}) };
  }
  if (values.every(text => /^\s*(true|false)\s*$/i.test(text))) {
    const parsed = Float64Array.from(texts, text =>
      text === null ? Number.NaN : /true/i.test(text) ? 1 : 0,
    );
    return { ...common, type: 'boolean', numbers: parsed };
  }
  return some ? { ...common, type: 'time', moments: readMoments(texts) } : { ...common, type: 'string' };
}

function timesAmong(values: readonly string[]): number {
  const read = readMoments(values);
  return values.length - read.unread.count;
}

function typed(column: Column, zoned: boolean): LookedColumn {
  const { name, type } = column;
  if (column.type === 'string') {
    const present = new Set(column.values.filter(value => value !== null));
    const missing = column.values.reduce((sum, value) => sum + (value === null ? 1 : 0), 0);
    return { name, type, texts: column.values, missing, distinct: present.size };
  }
  const { values } = column;
  const text = (value: number): string | null => {
    if (Number.isNaN(value)) return null;
    if (type === 'time') return new Date(value).toISOString();
    return type === 'boolean' ? String(value !== 0) : String(value);
  };
  const texts = Array.from(values, text);
  const missing = texts.reduce((sum, value) => sum + (value === null ? 1 : 0), 0);
  const common = { name, type, texts, missing, distinct: new Set(texts).size - (missing > 0 ? 1 : 0) };
  return type === 'time'
    ? { ...common, moments: { ...readMoments(texts), absolute: zoned } }
    : { ...common, numbers: values };
}

/** Understands the columns of a probe: types as the reader will find them, times in any of the usual forms. */
export function lookAt(probe: Probe): LookedFile {
  const { sample, reading, format, zoned } = probe;
  const columns = sample.columns.map(column =>
    column.type === 'string' && format === 'csv'
      ? untyped(column.name, column.values, reading.decimal ?? '.')
      : typed(column, zoned.includes(column.name)),
  );
  return { probe, rows: sample.rows, columns };
}

/** Whether a numeric column holds whole numbers that go up or down by a constant step, row by row. */
export function isCounter({ numbers }: LookedColumn, rowNumbers: Float64Array): boolean {
  if (numbers === undefined || numbers.length < 20) return false;
  const step = (numbers[1]! - numbers[0]!) / (rowNumbers[1]! - rowNumbers[0]!);
  if (!Number.isInteger(step) || step === 0) return false;
  return numbers.every((value, i) => value === numbers[0]! + step * (rowNumbers[i]! - rowNumbers[0]!));
}
