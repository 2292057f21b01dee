import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

export interface CsvHeader {
  readonly delimiter: string;
  readonly names: readonly string[];
}

const DELIMITERS = [',', ';', '\t', '|'];

/** The first record of a CSV file; undefined when it is longer than `limit` bytes. */
export async function readHeaderText(file: string, limit: number): Promise<string | undefined> {
  const raw = createReadStream(file);
  const stream = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.on('error', error => stream.destroy(error));
  let bytes = Buffer.alloc(0);
  try {
    for await (const chunk of stream) {
      bytes = Buffer.concat([bytes, chunk as Buffer]);
      const end = recordEnd(bytes.toString('utf8'));
      if (end >= 0) return bytes.toString('utf8').slice(0, end);
      if (bytes.length > limit) return undefined;
    }
  } finally {
    raw.destroy();
  }
  return bytes.toString('utf8');
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

/** Delimiter (the candidate that splits the header most often) and column names; quotes as in RFC 4180. */
export function parseHeader(text: string): CsvHeader {
  const line = text.replace(/^\uFEFF/, '');
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
