const DELIMITERS = [',', ';', '\t', '|'];
const RECORDS = 200;

/** Splits a text into at most `limit` whole records of fields; quotes as in RFC 4180. A last record without a line break counts when `complete`. */
export function splitRecords(text: string, delimiter: string, limit: number, complete: boolean): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let field = '';
  let quoted = false;
  let start = true;
  const end = (): void => {
    fields.push(field);
    if (fields.length > 1 || fields[0] !== '') records.push(fields);
    fields = [];
    field = '';
    start = true;
  };
  for (let i = 0; i < text.length && records.length < limit; i++) {
    const unit = text[i]!;
    if (quoted) {
      if (unit !== '"') field += unit;
      else if (text[i + 1] === '"') field += text[i++];
      else quoted = false;
    } else if (unit === '"' && start) {
      quoted = true;
      start = false;
    } else if (unit === delimiter) {
      fields.push(field);
      field = '';
      start = true;
    } else if (unit === '\n') {
      if (field.endsWith('\r')) field = field.slice(0, -1);
      end();
    } else {
      field += unit;
      start = false;
    }
  }
  if (complete && records.length < limit && (field !== '' || fields.length > 0)) end();
  return records;
}

/** Whether a cell is a plain number, in either way of writing the decimals. */
const isNumber = (cell: string): boolean => /^[+-]?\d+([.,]\d+)*([eE][+-]?\d+)?$/.test(cell.trim());

export interface CsvForm {
  readonly delimiter: string;
  readonly header: boolean;
  /** The first record. */
  readonly first: readonly string[];
}

/** The delimiter that splits most records into equally many fields, more than one; and whether the first record names columns. */
export function sniffForm(text: string, complete: boolean): CsvForm {
  let best: { delimiter: string; records: string[][]; score: number } | undefined;
  for (const delimiter of DELIMITERS) {
    const records = splitRecords(text, delimiter, RECORDS, complete);
    const width = records[0]?.length ?? 0;
    if (width < 2) continue;
    const same = records.filter(record => record.length === width).length / records.length;
    // Of two that are as regular, the one that makes more fields.
    const score = same + Math.min(width, 1000) / 1e6;
    if (best === undefined || score > best.score) best = { delimiter, records, score };
  }
  const { delimiter, records } = best ?? {
    delimiter: ',',
    records: splitRecords(text, ',', RECORDS, complete),
  };
  const [first = []] = records;
  return { delimiter, header: !looksLikeData(first, records.slice(1)), first };
}

/** A first record with numbers where the others have numbers names nothing. */
function looksLikeData(first: readonly string[], rest: readonly string[][]): boolean {
  const numeric = first.filter(cell => cell.trim() !== '' && isNumber(cell)).length;
  if (numeric === 0) return false;
  const columns = first.map((_, i) => rest.length > 0 && rest.every(record => isNumber(record[i] ?? '')));
  const agree = first.filter((cell, i) => columns[i] && isNumber(cell)).length;
  const years = first.filter(isNumber).map(Number);
  // Years as names are numbers, too: 2019, 2020, 2021 above amounts.
  const named = years.length > 1 && years.every((year, i) => year >= 1900 && year === years[0]! + i);
  return agree > 0 && agree >= columns.filter(Boolean).length && !named;
}

/** Texts that people write for a value that is not there. */
const MARKERS = new Set(['na', 'n/a', '#n/a', 'nan', 'null', 'none', '?', '-', '--', '.', 'k.a.', 'missing']);
const COMMA = /^[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+$/;
const POINT = /^[+-]?(\d+|\d{1,3}(,\d{3})+)\.\d+$/;
const POINT_GROUPS = /^[+-]?\d{1,3}(\.\d{3})+$/;
const PLAIN = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** A comma when columns are written with it and none with a point. Times (two points) are neither. */
export function sniffDecimal(columns: readonly (readonly (string | null)[])[], delimiter: string): '.' | ',' {
  if (delimiter === ',') return '.';
  let comma = 0;
  let point = 0;
  for (const values of columns) {
    let withComma = 0;
    let withPoint = 0;
    let filled = 0;
    for (const value of values) {
      if (value === null) continue;
      filled++;
      if (COMMA.test(value)) withComma++;
      else if (POINT.test(value) && !POINT_GROUPS.test(value)) withPoint++;
    }
    if (filled === 0) continue;
    if (withComma > 0.1 * filled) comma++;
    if (withPoint > 0.1 * filled) point++;
  }
  return comma > 0 && point === 0 ? ',' : '.';
}

/** Markers of missing values in columns that are numbers otherwise. */
export function sniffMissing(
  columns: readonly (readonly (string | null)[])[],
  decimal: '.' | ',',
): readonly string[] {
  const found = new Set<string>();
  for (const values of columns) {
    const markers = new Set<string>();
    let numbers = 0;
    let other = 0;
    for (const value of values) {
      if (value === null) continue;
      const text = value.trim();
      if (decimal === ',' ? COMMA.test(text) || /^[+-]?[\d.]+$/.test(text) : PLAIN.test(text)) numbers++;
      else if (MARKERS.has(text.toLowerCase())) markers.add(value);
      else other++;
    }
    if (other === 0 && numbers > 0) for (const marker of markers) found.add(marker);
  }
  return [...found].sort();
}
