import type { ProjectId, Table } from '@twinloop/kernel';
import { memoryBlobs, openDatasetQuery } from '@twinloop/storage';
import { describe, expect, test } from 'vitest';
import { checkInMemory } from '../../packages/loop/src/data/rules/checks.fixture.js';
import { dataChecksContract, numeric, text } from './data-checks-contract.js';

const project = 'shop' as ProjectId;
const oracle: Parameters<typeof dataChecksContract>[2] = (table, checks, meaning, options) =>
  checkInMemory(table, checks, meaning, options);

async function duckdb() {
  const query = await openDatasetQuery({ blobs: memoryBlobs(), allowedDirectories: [] });
  return { query, keep: async (table: Table) => (await query.store(project, table)).blob };
}

dataChecksContract(
  'DuckDB, a table in memory',
  async () => {
    const { query, keep } = await duckdb();
    return {
      keep,
      check: (table, checks, _meaning, options) => query.check({ project, table }, checks, options),
    };
  },
  oracle,
);
dataChecksContract(
  'DuckDB, a stored table',
  async () => {
    const { query, keep } = await duckdb();
    return {
      keep,
      check: async (table, checks, _meaning, options) =>
        query.check({ project, blob: await keep(table) }, checks, options),
    };
  },
  oracle,
);

describe('SQL of people', () => {
  const table: Table = { rows: 2, columns: [numeric('x', 'number', [1, 2]), text('s', ['a', 'b'])] };
  const check = async (expression: string, kind: 'holds' | 'value') => {
    const { query } = await duckdb();
    const { outcomes } = await query.check({ project, table }, [
      kind === 'holds' ? { test: { kind, expression } } : { figure: { kind, expression } },
    ]);
    return outcomes[0]!;
  };

  test.each([
    ["(select count(*) from read_csv('/etc/passwd')) > 0", 'subquery'],
    ["true) from read_csv('/etc/passwd') where (true", 'escape from the parentheses'],
    ["true); attach '/tmp/x.db'; select (true", 'two statements'],
    ["true); copy data to '/tmp/x.csv'; select (true", 'copy'],
    ['true); pragma database_list; select (true', 'pragma'],
    ["current_setting('memory_limit') = ''", 'setting'],
    ['exists (from duckdb_settings())', 'exists'],
    ['random() > 0.5', 'random'],
    ['row_number() over () > 1', 'window'],
    ['"$row$" > 1', 'a name of the compiler'],
  ])('%j is refused (%s)', async expression => {
    expect((await check(expression, 'holds')).problem).toBeDefined();
    expect((await check(`count_if(${expression})`, 'value')).problem).toBeDefined();
  });

  test('an error that only the rows bring out is the problem of its rule alone', async () => {
    const { query } = await duckdb();
    const { outcomes } = await query.check({ project, table }, [
      { test: { kind: 'holds', expression: 'cast(s as integer) > 0' } },
      { test: { kind: 'holds', expression: 'x < 2' } },
      { figure: { kind: 'value', expression: 'sum(x)' } },
    ]);
    expect(outcomes[0]!.problem).toMatch(/convert/i);
    expect(outcomes[1]).toMatchObject({ broken: 1 });
    expect(outcomes[2]).toMatchObject({ figure: 3 });
  });

  test('a pattern that backtracks elsewhere costs nothing here', async () => {
    const { query } = await duckdb();
    const long: Table = { rows: 1, columns: [text('s', [`${'a'.repeat(50_000)}!`])] };
    const started = process.cpuUsage();
    const { outcomes } = await query.check({ project, table: long }, [
      { test: { kind: 'matches', column: 's', regex: '^(a+)+$' } },
    ]);
    expect(outcomes[0]!.broken).toBe(1);
    expect(process.cpuUsage(started).user).toBeLessThan(5e6);
  });

  test('what was found is shown: the most frequent offenders, and the ends of a range', async () => {
    const { query } = await duckdb();
    const some: Table = {
      rows: 7,
      columns: [
        numeric('x', 'number', [9, 9, 8, 7, 6, 1, null]),
        text('s', ['q', 'q', 'r', 's', 't', 'ok', null]),
      ],
    };
    const { outcomes } = await query.check({ project, table: some }, [
      { test: { kind: 'between', column: 'x', max: 5 } },
      { test: { kind: 'among', column: 's', values: ['ok'] } },
    ]);
    expect(outcomes[0]).toMatchObject({
      found: [1, 9],
      examples: [
        [9, 2],
        [6, 1],
        [7, 1],
      ],
      more: true,
    });
    expect(outcomes[1]).toMatchObject({
      examples: [
        ['q', 2],
        ['r', 1],
        ['s', 1],
      ],
      more: true,
    });
  });
});
