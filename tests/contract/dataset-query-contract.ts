import {
  columnOf,
  numbers,
  strings,
  type BlobStore,
  type ContentHash,
  type DatasetQuery,
  type ProjectId,
  type Table,
} from '@twinloop/kernel';
import { createWriteStream, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { freshDirectory } from './workspace.js';

const project = 'shop' as ProjectId;
const table: Table = {
  rows: 3,
  columns: [
    { name: 'temp', type: 'number', values: Float64Array.of(1.5, Number.NaN, -3) },
    { name: 'night', type: 'boolean', values: Float64Array.of(1, 0, Number.NaN) },
    { name: 'at', type: 'time', values: Float64Array.of(1357016400000, Number.NaN, 0) },
    { name: 'a "name"', type: 'string', values: ['2013-01-01', null, "it's ünicode"] },
  ],
};

export function datasetQueryContract(
  name: string,
  open: (directory: string) => Promise<{ readonly query: DatasetQuery; readonly blobs: BlobStore }>,
): void {
  const given = async (file: string, text: string | Uint8Array) => {
    const directory = freshDirectory();
    const path = join(directory, file);
    writeFileSync(path, text);
    return { path, directory, ...(await open(directory)) };
  };
  const refusal = async (work: Promise<unknown>) => {
    const error = (await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )) as
      | { code?: string; message?: string; field?: string; details?: readonly { line?: number }[] }
      | undefined;
    return {
      code: error?.code,
      message: error?.message,
      field: error?.field,
      line: error?.details?.[0]?.line,
    };
  };

  describe(`dataset query: ${name}`, () => {
    test('a CSV file is typed by all of its values; missing ones are NaN or null', async () => {
      const text =
        'temp,late,when,code,note,half\n1.5,true,2013-01-01 06:00,UA,"a, ""b""\nc",1\n,FALSE,2013-07-01T12:00:00Z,12,,x\n-2e3,,,1_000,z,\n';
      const { path, query } = await given('a.csv', text);
      expect(await query.schema(path, { format: 'csv' })).toEqual([
        { name: 'temp', type: 'number', nullable: true },
        { name: 'late', type: 'boolean', nullable: true },
        { name: 'when', type: 'time', nullable: true },
        { name: 'code', type: 'string', nullable: false },
        { name: 'note', type: 'string', nullable: true },
        { name: 'half', type: 'string', nullable: true },
      ]);
      const read = await query.read(path, { format: 'csv' });
      expect([...numbers(read, 'temp')]).toEqual([1.5, Number.NaN, -2000]);
      expect([...numbers(read, 'late')]).toEqual([1, 0, Number.NaN]);
      expect([...numbers(read, 'when')]).toEqual([
        Date.UTC(2013, 0, 1, 6),
        Date.UTC(2013, 6, 1, 12),
        Number.NaN,
      ]);
      expect(strings(read, 'note')).toEqual(['a, "b"\nc', null, 'z']);
    });

    test('times without a zone are read in the given one, across its summer time', async () => {
      const { path, query } = await given(
        'a.csv',
        'at,day\n2013-01-01 06:00,2013-07-01\n2013-07-01 06:00,2013-01-01\n',
      );
      const read = await query.read(path, { format: 'csv', timezone: 'America/New_York' });
      expect([...numbers(read, 'at')]).toEqual([Date.UTC(2013, 0, 1, 11), Date.UTC(2013, 6, 1, 10)]);
      expect([...numbers(read, 'day')]).toEqual([Date.UTC(2013, 6, 1, 4), Date.UTC(2013, 0, 1, 5)]);
      expect(await refusal(query.read(path, { format: 'csv', timezone: 'Mars/Olympus' }))).toMatchObject({
        code: 'dataset_unreadable',
        field: 'timezone',
      });
    });

    test('declared types win over inference', async () => {
      const { path, query } = await given('a.csv', 'code,at,flag\n007,1357016400000,1\n8,1357016400001,0\n');
      const read = await query.read(path, {
        format: 'csv',
        types: { code: 'string', at: 'time', flag: 'boolean' },
      });
      expect(strings(read, 'code')).toEqual(['007', '8']);
      expect([...numbers(read, 'at')]).toEqual([1357016400000, 1357016400001]);
      expect(columnOf(read, 'flag')?.type).toBe('boolean');
    });

    test('columns, interval and order are applied; equal rows keep the order of the file', async () => {
      const { path, query } = await given('a.csv', 'k,v,w\n2,a,1\n1,b,2\n2,c,3\n,d,4\n5,e,5\n');
      const read = await query.read(path, {
        format: 'csv',
        columns: ['v'],
        within: { column: 'k', interval: { until: 5 } },
        orderBy: ['k'],
      });
      expect(read.columns.map(column => column.name)).toEqual(['v']);
      expect(strings(read, 'v')).toEqual(['b', 'a', 'c']);
      expect(await refusal(query.read(path, { format: 'csv', columns: ['v', 'x'] }))).toMatchObject({
        code: 'dataset_column_missing',
        field: 'x',
      });
      expect(
        (await refusal(query.read(path, { format: 'csv', within: { column: 'v', interval: {} } }))).code,
      ).toBe('dataset_unreadable');
    });

    test('JSON lines keep their own types; times are recognised, texts of digits stay texts', async () => {
      const lines = [
        { a: 1, b: true, t: '2013-01-01T00:00:00Z', s: '5', n: { q: 1 } },
        { a: 2.5, b: null, t: '2013-01-01 00:00', s: 'x' },
      ];
      const { path, query } = await given('a.jsonl', lines.map(line => JSON.stringify(line)).join('\n'));
      const read = await query.read(path, { format: 'jsonl', timezone: 'Europe/Berlin' });
      expect(read.columns.map(column => column.type)).toEqual([
        'number',
        'boolean',
        'time',
        'string',
        'string',
      ]);
      expect([...numbers(read, 'a')]).toEqual([1, 2.5]);
      expect([...numbers(read, 't')]).toEqual([Date.UTC(2013, 0, 1), Date.UTC(2012, 11, 31, 23)]);
      expect(strings(read, 's')).toEqual(['5', 'x']);
    });

    test('a stored table loads again equal, and its version is its content', async () => {
      const { query } = await open(freshDirectory());
      const { version, blob } = await query.store(project, table);
      expect(await query.load(project, blob)).toEqual(table);
      expect((await query.load(project, blob, ['night'])).columns).toEqual([table.columns[1]]);
      expect((await query.store(project, await query.load(project, blob))).version).toBe(version);
      // Pinned: the version of the same content must be the same on every machine and after every upgrade.
      expect(version).toBe('b60aaa75e9a2d382ad4091eeaa3edaeaee97ddb7fa1759da4f5d20db090c9abb');
      const changed: Table = { ...table, columns: table.columns.slice(0, 3) };
      expect((await query.store(project, changed)).version).not.toBe(version);
      expect(await refusal(query.load('other' as ProjectId, blob))).toMatchObject({ code: 'not_found' });
      expect(await refusal(query.load(project, '0'.repeat(64) as ContentHash))).toMatchObject({
        code: 'not_found',
      });
    });

    test('a stored blob is a Parquet file that can be read like any other', async () => {
      const directory = freshDirectory();
      const { query, blobs } = await open(directory);
      const { blob } = await query.store(project, table);
      const path = join(directory, 'copy.parquet');
      writeFileSync(path, await blobs.get(project, blob));
      expect(await query.read(path, { format: 'parquet' })).toEqual(table);
    });

    test.each([
      ['missing file', undefined, 'dataset_file_missing'],
      ['empty file', '', 'dataset_empty'],
      ['header only', 'a,b\n', 'dataset_empty'],
      ['header without a line end', 'a,b', 'dataset_empty'],
      ['not a text file', Uint8Array.of(0x50, 0, 0xff, 0xfe, 0x0a), 'dataset_unreadable'],
    ])('CSV: %s', async (_case, text, code) => {
      const { path, query } = await given('a.csv', text ?? '');
      const file = text === undefined ? `${path}.gone` : path;
      expect((await refusal(query.read(file, { format: 'csv' }))).code).toBe(code);
    });

    test('a declared number that turns to text is named with its column and line', async () => {
      const rows = Array.from({ length: 30_000 }, (_, i) => `${i},"two\nlines"`);
      rows[25_000] = 'warm,x';
      const { path, query } = await given('a.csv', `temp,note\n${rows.join('\n')}\n`);
      const error = await refusal(query.read(path, { format: 'csv', types: { temp: 'number' } }));
      expect(error).toMatchObject({ code: 'dataset_unreadable', field: 'temp', line: 50_002 });
      expect(error.message).toContain('column temp, line 50002: "warm" is not a number');
    });

    test.each([
      ['a row too short', 'a,b\n1,2\n3\n', 3, undefined],
      ['a quote that is not closed', 'a,b\n1,"2\n3,4\n', 2, undefined],
      ['two columns of one name', 'a,b,A\n1,2,3\n', 1, 'A'],
      ['a column without a name', 'a,,c\n1,2,3\n', 1, undefined],
      ['infinity', 'a\n1\nInfinity\n', 3, 'a'],
      ['a number beyond doubles', 'a\n1\n1e999\n', 3, 'a'],
    ])('CSV: %s', async (_case, text, line, field) => {
      const { path, query } = await given('a.csv', text);
      expect(await refusal(query.read(path, { format: 'csv' }))).toMatchObject({
        code: 'dataset_unreadable',
        line,
        field,
      });
    });

    test('NaN in a number column is missing', async () => {
      const { path, query } = await given('a.csv', 'a,b\n1,x\nNaN,y\n');
      expect([...numbers(await query.read(path, { format: 'csv' }), 'a')]).toEqual([1, Number.NaN]);
    });

    test('byte order mark, CRLF, semicolons and a missing last line end are read', async () => {
      const { path, query } = await given('a.csv', '\uFEFFa;b\r\n1;x\r\n2;y');
      const read = await query.read(path, { format: 'csv' });
      expect([...numbers(read, 'a')]).toEqual([1, 2]);
      expect(strings(read, 'b')).toEqual(['x', 'y']);
    });

    test('a line of 100 MB is refused by its number, in CSV and in JSON', async () => {
      const { path, directory, query } = await given('a.csv', '');
      const block = 'x'.repeat(1 << 20);
      for (const [file, head, tail] of [
        ['a.csv', 'a,b\n1,2\n3,', '\n'],
        ['a.jsonl', '{"a":1}\n{"a":1}\n{"a":"', '"}\n'],
      ] as const) {
        const out = createWriteStream(join(directory, file));
        out.write(head);
        for (let i = 0; i < 100; i++) if (!out.write(block)) await once(out, 'drain');
        out.end(tail);
        await once(out, 'close');
      }
      expect(await refusal(query.read(path, { format: 'csv' }))).toMatchObject({
        code: 'dataset_line_too_long',
        line: 3,
      });
      const json = join(directory, 'a.jsonl');
      expect(await refusal(query.read(json, { format: 'jsonl' }))).toMatchObject({
        code: 'dataset_line_too_long',
        line: 3,
      });
    });

    test('a truncated Parquet file, a Parquet file named CSV and broken JSON are unreadable', async () => {
      const directory = freshDirectory();
      const { query, blobs } = await open(directory);
      const { blob } = await query.store(project, table);
      const bytes = await blobs.get(project, blob);
      const truncated = join(directory, 'a.parquet');
      writeFileSync(truncated, bytes.subarray(0, bytes.length - 20));
      const named = join(directory, 'a.csv');
      writeFileSync(named, bytes);
      const broken = join(directory, 'a.jsonl');
      writeFileSync(broken, '{"a":1}\n{"a":\n');
      expect((await refusal(query.read(truncated, { format: 'parquet' }))).code).toBe('dataset_unreadable');
      expect((await refusal(query.read(named, { format: 'csv' }))).code).toBe('dataset_unreadable');
      expect(await refusal(query.read(broken, { format: 'jsonl' }))).toMatchObject({
        code: 'dataset_unreadable',
        line: 3,
      });
      expect((await refusal(query.read(directory, { format: 'csv' }))).code).toBe('dataset_unreadable');
    });

    test('files outside the allowed directories cannot be read, not even through a link', async () => {
      const { query, directory } = await given('a.csv', 'a\n1\n');
      const elsewhere = join(freshDirectory(), 'secret.csv');
      writeFileSync(elsewhere, 'a\n1\n');
      mkdirSync(join(directory, 'sub'));
      symlinkSync(elsewhere, join(directory, 'sub', 'link.csv'));
      for (const path of [elsewhere, join(directory, 'sub', 'link.csv'), join(directory, '..', 'x.csv')]) {
        const { code } = await refusal(query.read(path, { format: 'csv' }));
        expect(['dataset_unreadable', 'dataset_file_missing']).toContain(code);
      }
    });

    test('a file is read in pieces, in order, whole, typed by all of its values', async () => {
      const text = `n,s\n${Array.from({ length: 5000 }, (_, i) => `${i},${i === 4999 ? 'x' : i}`).join('\n')}\n`;
      const { path, query } = await given('a.csv', text);
      const pieces: Table[] = [];
      await query.scan(path, { format: 'csv' }, 1000, async piece => void pieces.push(piece));
      expect(pieces.length).toBeGreaterThan(1);
      expect(pieces.flatMap(piece => [...numbers(piece, 'n')])).toEqual(
        Array.from({ length: 5000 }, (_, i) => i),
      );
      expect(strings(pieces[0]!, 's')[0]).toBe('0');
      const failed = query.scan(path, { format: 'csv' }, 1000, async () => {
        throw new RangeError('mine');
      });
      await expect(failed).rejects.toThrow(new RangeError('mine'));
    });

    test.each(['csv', 'jsonl', 'parquet'] as const)(
      'what is written as %s reads back the same',
      async format => {
        const directory = freshDirectory();
        const { query } = await open(directory);
        const path = join(directory, `out.${format}`);
        const writer = await query.create(path, format);
        await writer.write(table);
        await writer.write(table);
        expect(readdirSync(directory)).not.toContain(`out.${format}`);
        await writer.close();
        const read = await query.read(path, { format, types: { 'a "name"': 'string' } });
        expect(read.rows).toBe(6);
        expect([...numbers(read, 'temp')]).toEqual([1.5, Number.NaN, -3, 1.5, Number.NaN, -3]);
        expect([...numbers(read, 'night')]).toEqual([1, 0, Number.NaN, 1, 0, Number.NaN]);
        expect([...numbers(read, 'at')]).toEqual([
          1357016400000,
          Number.NaN,
          0,
          1357016400000,
          Number.NaN,
          0,
        ]);
        expect(strings(read, 'a "name"').slice(0, 3)).toEqual(['2013-01-01', null, "it's ünicode"]);
        expect(readdirSync(directory).filter(name => name.includes('part'))).toEqual([]);
      },
    );

    test('formulas in text are escaped in CSV, numbers are not; an abandoned file leaves nothing', async () => {
      const directory = freshDirectory();
      const { query } = await open(directory);
      const path = join(directory, 'out.csv');
      const values = ['=cmd()', '-5', '@x', '+1+1', 'plain'];
      const piece: Table = { rows: 5, columns: [{ name: 's', type: 'string', values }] };
      const writer = await query.create(path, 'csv');
      await writer.write(piece);
      await writer.close();
      expect(readFileSync(path, 'utf8')).toBe("s\n'=cmd()\n-5\n'@x\n'+1+1\nplain\n");
      const other = await query.create(join(directory, 'other.csv'), 'csv');
      await other.write(piece);
      await other.abort();
      expect(readdirSync(directory).some(name => name.startsWith('other'))).toBe(false);
    });

    test('nothing is written outside the directories', async () => {
      const { query } = await open(freshDirectory());
      expect((await refusal(query.create(join(freshDirectory(), 'x.csv'), 'csv'))).code).toBe(
        'dataset_unreadable',
      );
    });
  });
}
