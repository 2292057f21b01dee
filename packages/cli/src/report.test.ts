import { TwinloopApiError } from '@twinloop/client';
import { TwinloopError } from '@twinloop/kernel';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { ExitStatus } from './exit.js';
import { asksForJson, report } from './report.js';

function reported(thrown: unknown, json = false): { status: number; text: string } {
  let text = '';
  const status = report(thrown, json, more => {
    text += more;
  });
  return { status, text };
}

describe('report', () => {
  it('writes code, message, field, findings and hint', () => {
    const error = new TwinloopError('project_invalid', {
      field: 'twinloop.yaml',
      values: { file: 'twinloop.yaml', count: 1 },
      details: [
        { message: 'unknown field', field: 'trian', line: 7, column: 1, hint: 'Did you mean train?' },
      ],
    });
    const { status, text } = reported(error);
    expect(status).toBe(1);
    expect(text.split('\n')).toEqual([
      `error project_invalid: ${error.message}`,
      'field: twinloop.yaml',
      '  7:1 trian: unknown field (Did you mean train?)',
      `hint: ${error.hint}`,
      '',
    ]);
  });

  it('writes one JSON object when asked', () => {
    const { text } = reported(new TwinloopError('port_in_use', { values: { port: 4600 } }), true);
    expect(JSON.parse(text)).toMatchObject({
      error: { code: 'port_in_use', message: 'Port 4600 is in use', hint: expect.stringContaining('--port') },
    });
  });

  it('tells usage from failure', () => {
    expect(reported(new TwinloopError('usage', { values: { reason: 'no' } })).status).toBe(64);
    expect(
      reported(new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'")).status,
    ).toBe(64);
    expect(reported(new CommanderError(0, 'commander.helpDisplayed', '')).status).toBe(0);
    expect(reported(new ExitStatus(2))).toEqual({ status: 2, text: '' });
  });

  it('shows a stack for defects only', () => {
    expect(reported(new Error('boom')).text).toMatch(/^error internal: Error: boom\n {4}at /);
    expect(reported(new TwinloopError('usage', { values: { reason: 'no' } })).text).not.toContain('    at ');
  });

  it('names the request of a failure inside the server, for its log', () => {
    const problem = { code: 'internal', message: 'm', hint: 'h', requestId: 'r-1', docs: '' };
    expect(reported(new TwinloopApiError({ ...problem, status: 500 })).text).toContain('request: r-1');
    expect(reported(new TwinloopApiError({ ...problem, status: 404 })).text).not.toContain('r-1');
  });
});

it.each([
  [['status', '-o', 'json'], true],
  [['--output', 'json', 'status'], true],
  [['--output=json'], true],
  [['-ojson'], true],
  [['-o', 'text'], false],
  [['model', 'export', 'json'], false],
])('%j asks for JSON: %s', (args, expected) => {
  expect(asksForJson(args)).toBe(expected);
});
