import { TwinloopError, type Column, type DataFinding, type Probe, type Reading } from '@twinloop/kernel';
import { basename } from 'node:path';
import { lineTooLong, unreadable, type SourceFile } from '../dataset/read-errors.js';
import { columnNames } from '../dataset/csv-header.js';
import { detectEncoding, textBytesOf, type DetectedEncoding } from './encoding.js';
import { scanCsv, type CsvScan } from './scan-csv.js';
import { sniffDecimal, sniffForm, sniffMissing, splitRecords } from './sniff-csv.js';

const HEAD = 1 << 20;
/** Cells of the sample: some 100 MB of texts at most. */
const CELLS = 2_000_000;
const MOST_ROWS = 100_000;
const FEWEST_ROWS = 200;

const DELIMITER_WORDS: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
};

/** Reads a CSV file of unknown form once for its encoding and once for its rows. @throws dataset_empty · dataset_unreadable · dataset_line_too_long */
export async function probeCsv(file: SourceFile): Promise<Omit<Probe, 'format'>> {
  const detected = await detectEncoding(file.path);
  const { encoding } = detected;
  const charset = encoding === 'latin-1' ? 'latin1' : 'utf8';
  const head = await headOf(file, encoding);
  const text = head.bytes.toString(charset);
  if (text.trim() === '') throw new TwinloopError('dataset_empty', { values: { file: basename(file.path) } });
  const { delimiter, header, first } = sniffForm(text, head.whole);
  if (first.length === 0) throw lineTooLong(file, 1);
  const names = columnNames(first, header, name => {
    throw unreadable(file, `line 1: the header names column ${name} twice`, { field: name, line: 1 });
  });
  const scan = await scanCsv(textBytesOf(file.path, encoding), {
    delimiter: delimiter.charCodeAt(0),
    fields: names.length,
    header,
    keep: Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, Math.floor(CELLS / 2 / names.length))),
  });
  if (scan.zeroAt !== undefined)
    throw unreadable(file, `line ${scan.zeroAt} holds a zero byte: it is not a text file`, {
      line: scan.zeroAt,
    });
  if (scan.rows === 0) throw new TwinloopError('dataset_empty', { values: { file: basename(file.path) } });
  const columns = sampleColumns(scan, names, delimiter, charset);
  const values = columns.map(column => column.values as readonly (string | null)[]);
  const decimal = sniffDecimal(values, delimiter);
  const missing = sniffMissing(values, decimal);
  const markers = new Set(missing);
  if (markers.size > 0)
    for (const column of columns) {
      const own = column.values as (string | null)[];
      for (let i = 0; i < own.length; i++) if (own[i] !== null && markers.has(own[i]!)) own[i] = null;
    }
  const reading: Reading = {
    delimiter,
    ...(decimal === ',' ? { decimal } : {}),
    ...(encoding === 'utf-8' ? {} : { encoding }),
    ...(header ? {} : { header }),
    ...(missing.length === 0 ? {} : { missing }),
  };
  return {
    reading,
    notes: notesOf(detected, reading),
    rows: scan.rows,
    sample: { rows: scan.kept.length, columns },
    rowNumbers: scan.numbers,
    zoned: [],
    findings: findingsOf(scan, reading, names.length),
  };
}

async function headOf(
  file: SourceFile,
  encoding: DetectedEncoding['encoding'],
): Promise<{ bytes: Buffer; whole: boolean }> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of textBytesOf(file.path, encoding)) {
    parts.push(chunk);
    length += chunk.length;
    if (length >= HEAD) return { bytes: Buffer.concat(parts), whole: false };
  }
  return { bytes: Buffer.concat(parts), whole: true };
}

function sampleColumns(
  scan: CsvScan,
  names: readonly string[],
  delimiter: string,
  charset: 'latin1' | 'utf8',
): Column[] {
  const values = names.map((): (string | null)[] => new Array<string | null>(scan.kept.length).fill(null));
  scan.kept.forEach((bytes, row) => {
    const [fields = []] = splitRecords(bytes.toString(charset).replace(/\r$/, ''), delimiter, 1, true);
    for (let i = 0; i < names.length; i++) {
      const field = fields[i];
      if (field !== undefined && field !== '') values[i]![row] = field;
    }
  });
  return names.map((name, i) => ({ name, type: 'string', values: values[i]! }));
}

function notesOf({ line, windows }: DetectedEncoding, reading: Reading): string[] {
  const { delimiter, decimal, encoding, header, missing } = reading;
  const notes = [`Fields are separated by ${DELIMITER_WORDS[delimiter!] ?? JSON.stringify(delimiter)}.`];
  if (encoding === 'utf-16') notes.push('The text is UTF-16.');
  if (encoding === 'latin-1')
    notes.push(
      `Line ${line} is not UTF-8, so the text is read as Latin-1.${windows ? ' Some characters are of Windows-1252 (€, curly quotes) and will look odd.' : ''}`,
    );
  if (decimal === ',') notes.push('Numbers are written with a decimal comma.');
  if (header === false) notes.push('The first line holds data; columns are called column1, column2, …');
  if (missing !== undefined)
    notes.push(`${missing.map(text => JSON.stringify(text)).join(', ')} stands for a missing value.`);
  return notes;
}

function findingsOf(scan: CsvScan, reading: Reading, fields: number): DataFinding[] {
  const findings: DataFinding[] = [];
  const { count, first } = scan.ragged;
  if (first !== undefined)
    findings.push({
      level: 'error',
      code: 'rows_ragged',
      message: `${count.toLocaleString('en-US')} ${count === 1 ? 'row has' : 'rows have'} another number of fields than the header's ${fields}; the first is line ${first.line} with ${first.fields}`,
      hint: 'Quote the fields that hold the delimiter, or complete the rows that were cut, and send the file again.',
    });
  if (scan.openQuoteAt !== undefined)
    findings.push({
      level: 'error',
      code: 'quote_open',
      message: `the quote in line ${scan.openQuoteAt} is never closed`,
      hint: 'Close it, or double it where it is a letter of the text.',
    });
  if (reading.header === false)
    findings.push({
      level: 'warning',
      code: 'header_missing',
      message: 'the first line looks like data, so the columns are called column1, column2, …',
      hint: 'Put a line with names on top if you want them; requests use them, too.',
    });
  return findings;
}
