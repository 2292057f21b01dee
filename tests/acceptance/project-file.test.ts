import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TwinloopApiError } from '@twinloop/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallYaml, writeSmallProject, type SmallProject } from '../support/small-project.js';
import { runToEnd, scratch, ServerProcess } from '../support/server-process.js';

let directory: Awaited<ReturnType<typeof scratch>>;
let server: ServerProcess;
let project: SmallProject;
beforeAll(async () => {
  directory = await scratch();
  project = await writeSmallProject(join(directory.path, 'project'));
  server = await ServerProcess.start(join(directory.path, 'data'));
});
afterAll(async () => {
  await server.kill();
  await directory.remove();
});

const GOOD = smallYaml();

interface Broken {
  readonly what: string;
  readonly replace: readonly [string, string];
  /** The one finding: where (a text that stands there), which field, what it says and what it advises. */
  readonly at: string;
  readonly field: string | undefined;
  readonly message: string;
  readonly hint?: string;
}

const BROKEN: readonly Broken[] = [
  {
    what: 'an unknown field',
    replace: ['holdout:', 'holdut:'],
    at: 'holdut:',
    field: 'train.holdut',
    message: 'unknown field "holdut"',
    hint: 'Did you mean "holdout"?',
  },
  {
    what: 'a text for a number',
    replace: ['holdout: 0.15', 'holdout: much'],
    at: 'holdout:',
    field: 'train.holdout',
    message: 'must be number, found string',
  },
  {
    what: 'a dataset that is not declared',
    replace: ['train:\n', 'train:\n  dataset: flight\n'],
    at: 'dataset: flight',
    field: 'train.dataset',
    message: 'no dataset "flight"',
    hint: 'Did you mean "flights"?',
  },
  {
    what: 'expectations of a dataset that is not declared',
    replace: ['expectations:\n  flights:', 'expectations:\n  flihgts:'],
    at: 'flihgts:',
    field: 'expectations.flihgts',
    message: 'no dataset "flihgts"',
    hint: 'Did you mean "flights"?',
  },
  {
    what: 'an unknown trainer',
    replace: ['[linear]', '[lineer]'],
    at: 'lineer',
    field: 'train.candidates.algorithms[0]',
    message: 'must be one of linear, gbt, command, found "lineer"',
    hint: 'Did you mean "linear"?',
  },
  {
    what: 'a candidate that cannot go first',
    replace: ['takes: 6h', 'takes: 6h\n  first: gbt'],
    at: 'first:',
    field: 'train.first',
    message: '"gbt" is not a candidate',
    hint: 'Candidates: linear.',
  },
  {
    what: 'a trainer without its command',
    replace: ['[linear]', '[command]'],
    at: 'train:',
    field: 'train',
    message: 'candidate "command" needs `train.command`',
  },
  {
    what: 'a duration that is none',
    replace: ['takes: 6h', 'takes: soon'],
    at: 'takes:',
    field: 'train.takes',
    message: '"soon" is not a duration',
    hint: 'For example 90s, 20m, 6h, 14d or 2w.',
  },
  {
    what: 'an unknown rule',
    replace: ['rule: range,', 'rule: ranges,'],
    at: 'rule: ranges',
    field: 'expectations.flights[3].rule',
    message:
      'must be one of rows, schema, nulls, unique, range, length, set, pattern, type, outliers, monotonic, reference, sql, statistic, sql-value, freshness, distribution, found "ranges"',
    hint: 'Did you mean "range"?',
  },
  {
    what: 'a rule without its column',
    replace: ['{ rule: range, column: hour, min: 0, max: 23 }', '{ rule: range, min: 0, max: 23 }'],
    at: '{ rule: range, min',
    field: 'expectations.flights[3]',
    message: '"column" is missing',
  },
  {
    what: 'a gate whose bound is no number',
    replace: ['metric: auc, min: 0.5', 'metric: auc, min: high'],
    at: 'min: high',
    field: 'gates[0].min',
    message: 'must be number, found string',
  },
  {
    what: 'a time zone that is none',
    replace: ['timezone: UTC', 'timezone: Mars/Olympus'],
    at: 'timezone:',
    field: 'timezone',
    message: '"Mars/Olympus" is not an IANA time zone',
    hint: 'For example Europe/Zurich or UTC.',
  },
  {
    what: 'a day that no calendar has',
    replace: ['until: 2024-02-15', 'until: 2024-02-30'],
    at: 'until:',
    field: 'datasets.flights.until',
    message: 'The request is not valid: "2024-02-30" is not an ISO date or time',
  },
  {
    what: 'an expression that cannot be read',
    replace: ['humid]\n', 'humid]\n  derive: { odd: hour +* 2 }\n'],
    at: 'odd:',
    field: 'features.derive.odd',
    message: 'Expression "hour +* 2" is not valid: unexpected "*" at column 7',
  },
  {
    what: 'a key that is given twice',
    replace: ['timezone: UTC', 'timezone: UTC\ntimezone: Europe/Zurich'],
    at: 'timezone: Europe',
    field: 'timezone',
    message: '"timezone" is given twice',
    hint: 'Keep one of them.',
  },
  {
    what: 'what is not YAML',
    replace: ['timezone: UTC', 'timezone: "UTC'],
    at: '',
    field: undefined,
    message: 'Missing closing "quote',
    hint: 'The file must be valid YAML.',
  },
];

/** Line and column of a text, from 1. */
function placeOf(text: string, part: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(part)).split('\n');
  return { line: before.length, column: before.at(-1)!.length + 1 };
}

describe.each(BROKEN)('a file with $what', ({ replace: [good, bad], at, field, message, hint }) => {
  const text = GOOD.replace(good, bad);
  const place = at === '' ? {} : placeOf(text, at);

  it('is refused by the API with the place and what to do', async () => {
    expect(text).not.toBe(GOOD);
    const refused = await server
      .client()
      .plan({ file: text, directory: '/' })
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(TwinloopApiError);
    const { status, code, details } = refused as TwinloopApiError;
    expect({ status, code, details }).toEqual({
      status: 422,
      code: 'project_invalid',
      details: [
        {
          message: at === '' ? expect.stringContaining(message) : message,
          line: expect.any(Number),
          column: expect.any(Number),
          ...place,
          ...(field === undefined ? {} : { field }),
          ...(hint === undefined
            ? details[0]?.hint === undefined
              ? {}
              : { hint: expect.any(String) }
            : { hint }),
        },
      ],
    });
  });
});

describe('the command line', () => {
  let file: string;
  beforeAll(async () => {
    file = join(directory.path, 'broken.yaml');
    await writeFile(file, GOOD.replace('holdout:', 'holdut:').replace('takes: 6h', 'takes: soon'));
  });

  it.each(['plan', 'apply'])(
    '`%s` of a broken file prints every finding with its place and exits 1',
    async verb => {
      const { code, stdout, stderr } = await server.cli([verb, file]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('error project_invalid: twinloop.yaml has 2 error(s)');
      expect(stderr).toMatch(/22:3 train\.holdut: unknown field "holdut" \(Did you mean "holdout"\?\)/);
      expect(stderr).toMatch(/21:3 train\.takes: "soon" is not a duration/);
    },
  );

  it('prints the same as JSON when asked', async () => {
    const { code, stderr } = await server.cli(['plan', file, '-o', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: 'project_invalid',
        details: expect.arrayContaining([expect.objectContaining({ line: 22 })]),
      },
    });
  });

  it('names a file that is not there', async () => {
    const { code, stderr } = await server.cli(['apply', join(directory.path, 'nothing.yaml')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error [a-z_]+: .*nothing\.yaml/);
  });

  it('says when no server answers', async () => {
    const { code, stderr } = await server.cli(['--server', 'http://127.0.0.1:9', 'plan', project.file]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error server_unreachable: /);
  });
});

describe('plan and apply', () => {
  const exit = async (...args: string[]) => (await server.cli([...args, project.file])).code;
  const write = (text: string) => writeFile(project.file, text);

  it('planning a new project creates everything (exit 2) and changes nothing', async () => {
    expect(await exit('plan')).toBe(2);
    expect(await exit('plan')).toBe(2);
    expect(await server.client().projects()).toEqual([]);
  });

  it('applying twice changes nothing the second time', async () => {
    const first = await server.cli(['apply', project.file]);
    expect(first.code).toBe(0);
    expect(await exit('plan')).toBe(0);
    const before = await server.client().ledger();
    const second = await server.cli(['apply', project.file]);
    expect(second).toMatchObject({ code: 0, stdout: 'small: no changes\n' });
    expect(await server.client().ledger()).toEqual(before);
  });

  it('white space, comments and the order of keys are no change', async () => {
    const [head, ...rest] = GOOD.split('\n');
    await write(['# a comment', ...rest, '', head].join('\n'));
    expect(await exit('plan')).toBe(0);
    await write(GOOD);
  });

  it('a run makes state, and state is no difference', async () => {
    expect(await runToEnd(server.client())).toMatchObject({ status: 'passed' });
    expect(await exit('plan')).toBe(0);
  });

  it('a changed policy is one change; champion, datasets and ledger stay', async () => {
    const client = server.client();
    const before = await client.status();
    const entries = (await client.ledger({ limit: 1000 })).length;
    await write(GOOD.replace('coolDown: 8d', 'coolDown: 9d'));
    const planned = await server.cli(['plan', project.file]);
    expect(planned.code).toBe(2);
    expect(planned.stdout).toContain('~ policy.coolDown: "8d" → "9d"');
    expect(await exit('apply')).toBe(0);
    const after = await client.status();
    expect(after.endpoint).toEqual(before.endpoint);
    expect(after.endpoint?.champion).not.toBeNull();
    const news = (await client.ledger({ after: entries })).map(({ type }) => type);
    expect(news).toEqual(['ProjectApplied']);
    expect(await client.datasets()).toHaveLength(1);
  });

  it('a restart keeps what was applied', async () => {
    expect(await server.stop()).toBe(0);
    server = await ServerProcess.start(server.data);
    expect(await exit('plan')).toBe(0);
    expect((await server.client().status()).endpoint?.champion).not.toBeNull();
  });

  it('a broken file changes nothing of what serves', async () => {
    await expect(
      server.client().apply({ file: GOOD.replace('holdout:', 'holdut:'), directory: project.directory }),
    ).rejects.toMatchObject({ code: 'project_invalid' });
    expect((await server.client().status()).endpoint?.champion).not.toBeNull();
  });
});
