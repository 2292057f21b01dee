import { textBytesOf, type Encoding } from '../probe/encoding.js';

export interface CsvHeader {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const DELIMITERS = [',', ';', '\t', '|'];

/** The first record of a CSV file; undefined when it is longer than `limit` bytes. */
export async function readHeaderText(
  file: string,
  limit: number,
  encoding: Encoding = 'utf-8',
): Promise<string | undefined> {
  const charset = encoding === 'latin-1' ? 'latin1' : 'utf8';
  let bytes = Buffer.alloc(0);
  for await (const chunk of textBytesOf(file, encoding)) {
    bytes = Buffer.concat([bytes, chunk]);
    const text = bytes.toString(charset);
    const end = recordEnd(text);
    if (end >= 0) return text.slice(0, end);
    if (bytes.length > limit) return undefined;
  }
  return bytes.toString(charset);
}

/** Where the first line break outside quotes stands. */
function recordEnd(text: string): number {
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text[i];
    if (unit === '"') quoted = !quoted;
    else if (!quoted && (unit === '\n' || unit === '\r')) return i;
  }
  return -1;
}

/** Delimiter (as declared, or the candidate that splits the header most often) and column names; quotes as in RFC 4180. */
export function parseHeader(text: string, declared?: string): CsvHeader {
  const line = text.replace(/^\uFEFF/, '');
  if (declared !== undefined) return { delimiter: declared, names: splitRecord(line, declared) };
  const splits = DELIMITERS.map(delimiter => splitRecord(line, delimiter));
  let best = 0;
  for (let i = 1; i < splits.length; i++) if (splits[i]!.length > splits[best]!.length) best = i;
  return { delimiter: DELIMITERS[best]!, names: splits[best]! };
}

function splitRecord(line: string, delimiter: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const unit = line[i]!;
    if (quoted) {
      if (unit !== '"') field += unit;
      else if (line[i + 1] === '"') field += line[i++];
      else quoted = false;
    } else if (unit === '"') quoted = true;
    else if (unit === delimiter) {
      fields.push(field.trim());
      field = '';
    } else field += unit;
  }
  return [...fields, field.trim()];
}

/**
 * The names of a file's columns by its first record. Where the record names none, or leaves one out (an index that a
 * program wrote without a name), a column is called by its place: `column1`.
 */
export function columnNames(
  first: readonly string[],
  header: boolean,
  twice: (name: string) => never,
): readonly string[] {
  const seen = new Set<string>();
  return first.map((cell, i) => {
    const name = header && cell.trim() !== '' ? cell.trim() : `column${i + 1}`;
    // DuckDB's names do not tell upper case from lower; neither would a person reading a report.
    const folded = name.toLowerCase();
    if (seen.has(folded)) return twice(name);
    seen.add(folded);
    return name;
  });
}
