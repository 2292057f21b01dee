import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { detectEncoding } from './encoding.js';
import { scanCsv } from './scan-csv.js';
import { sniffDecimal, sniffForm, sniffMissing, splitRecords } from './sniff-csv.js';

const folder = mkdtempSync(join(tmpdir(), 'twinloop-probe-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('the walk over a CSV text', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', ' ', ',', '"', '\n', '🚲'), maxLength: 6 });
  const records = fc.array(fc.tuple(fc.constantFrom('1', 'x'), cell, cell), { minLength: 1, maxLength: 40 });

  it('finds every record as it was written, wherever the chunks end', async () => {
    await fc.assert(
      fc.asyncProperty(records, fc.integer({ min: 1, max: 9 }), async (rows, size) => {
        const text = `k,a,b\n${rows.map(row => row.map(quoted).join(',')).join('\n')}\n`;
        const scan = await scanCsv(inPieces(Buffer.from(text), size), {
          delimiter: 0x2c,
          fields: 3,
          header: true,
          keep: 1000,
        });
        expect(scan.rows).toBe(rows.length);
        expect(scan.ragged.count).toBe(0);
        expect(scan.kept.map(bytes => splitRecords(bytes.toString(), ',', 1, true)[0])).toEqual(rows);
      }),
    );
  });

  it('keeps a bounded, evenly spread sample', async () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `${i},x`).join('\n');
    const scan = await scanCsv(inPieces(Buffer.from(text), 997), {
      delimiter: 0x2c,
      fields: 2,
      header: false,
      keep: 100,
    });
    expect(scan.rows).toBe(10_000);
    expect(scan.kept.length).toBeGreaterThanOrEqual(100);
    expect(scan.kept.length).toBeLessThan(200);
    const steps = new Set(Array.from(scan.numbers.slice(1), (value, i) => value - scan.numbers[i]!));
    expect(steps.size).toBe(1);
  });
});

describe('the form of a CSV text', () => {
  it.each([
    ['a,b\n1,2\n', ',', true],
    ['a;b;c\n1,5;2;x,y\n', ';', true],
    ['a\tb\n1\t2\n', '\t', true],
    ['"a;b",c\n"x;y",2\n', ',', true],
    ['1;2\n3;4\n', ';', false],
    ['country,2001,2002\nCH,1,2\n', ',', true],
    ['one\n1\n', ',', true],
  ])('%j', (text, delimiter, header) => {
    expect(sniffForm(text, true)).toMatchObject({ delimiter, header });
  });

  it('decimal commas and markers of missing values', () => {
    expect(sniffDecimal([['1,5', '1.234,5', null]], ';')).toBe(',');
    expect(sniffDecimal([['1.5', '2']], ';')).toBe('.');
    expect(sniffDecimal([['01.02.2013', '03.02.2013']], ';')).toBe('.');
    expect(
      sniffMissing(
        [
          ['1', 'NA', '2.5'],
          ['NA', 'text'],
          ['?', '?'],
        ],
        '.',
      ),
    ).toEqual(['NA']);
  });
});

it.each([
  ['utf-8', Buffer.from('é🚲\n'.repeat(1000)), {}],
  ['latin-1', Buffer.from(`${'a\n'.repeat(70_000)}é\n`, 'latin1'), { line: 70_001, windows: false }],
  ['latin-1', Buffer.from('a\n\x80 5\n', 'latin1'), { line: 2, windows: true }],
  ['utf-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('a,é\n', 'utf16le')]), {}],
  ['utf-16', Buffer.from('name,value\n1,2\n', 'utf16le'), {}],
] as const)('%s is recognised', async (encoding, bytes, rest) => {
  const file = join(folder, 'file.csv');
  writeFileSync(file, bytes);
  expect(await detectEncoding(file)).toMatchObject({ encoding, ...rest });
});
