import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { readJUnit } from './junit.js';
import { runCommand } from './run-command.js';

const job = (
  script: string,
  rest: { timeoutMs?: number; environment?: Record<string, string>; signal?: AbortSignal } = {},
) => ({
  command: [process.execPath, '-e', script],
  directory: tmpdir(),
  environment: {},
  timeoutMs: 10_000,
  ...rest,
});

test('streams lines of both outputs and passes only the given environment', async () => {
  process.env['TWINLOOP_TEST_SECRET'] = 'hidden';
  const lines: string[] = [];
  await runCommand(
    job('console.log(process.env.GIVEN); console.error(String(process.env.TWINLOOP_TEST_SECRET))', {
      environment: { GIVEN: 'yes' },
    }),
    line => lines.push(line),
  );
  expect(lines.sort()).toEqual(['undefined', 'yes']);
});

test.each([
  ['a non-zero exit', job('process.exit(3)'), /exit code 3/],
  ['a hanging program', job('setInterval(() => {}, 1000)', { timeoutMs: 150 }), /time limit/],
  ['an unknown program', { ...job(''), command: ['no-such-program-here'] }, /ENOENT/],
  ['an abort', job('setInterval(() => {}, 1000)', { signal: AbortSignal.timeout(100) }), /stop/],
])('%s is command_failed', async (_name, given, reason) => {
  await expect(runCommand(given, () => undefined)).rejects.toMatchObject({
    code: 'command_failed',
    message: expect.stringMatching(reason),
  });
});

test('JUnit is read back case by case, nested suites and lying totals included', () => {
  const summary =
    readJUnit(`<testsuites tests="99"><testsuite name="a"><testcase name="ok"/><testcase classname="C" name="bad"><failure>no</failure></testcase>
    <testsuite><testcase name="skip"><skipped/></testcase><testcase name="err"><error message="x"/></testcase></testsuite></testsuite></testsuites>`);
  expect(summary).toEqual({ tests: 4, failures: 2, skipped: 1, failed: ['C › bad', 'err'] });
});

test.each(['<x/>', 'not xml <', ''])('%j is not JUnit', text => {
  expect(() => readJUnit(text)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});
