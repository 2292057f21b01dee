import { seededRng, type Probe } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDraft } from './check-draft.js';
import { clockReport } from './clock.js';
import { lookAt } from './look.js';
import { readMoments } from './moments.js';
import { findSuspects } from './suspects.js';
import { writeProject } from './write-project.js';

const HOUR = 36e5;

function probeOf(columns: Readonly<Record<string, readonly (string | number | null)[]>>): Probe {
  const rows = Object.values(columns)[0]!.length;
  return {
    format: 'csv',
    reading: { delimiter: ',' },
    notes: [],
    rows,
    rowNumbers: Float64Array.from({ length: rows }, (_, i) => i + 1),
    zoned: [],
    findings: [],
    sample: {
      rows,
      columns: Object.entries(columns).map(([name, values]) => ({
        name,
        type: 'string',
        values: values.map(value => (value === null ? null : String(value))),
      })),
    },
  };
}

describe('times', () => {
  it.each<[text: string, iso: string, pattern: string]>([
    ['2013-02-03', '2013-02-03T00:00', 'iso'],
    ['2013-02-03T04:05:06Z', '2013-02-03T04:05', 'iso'],
    ['2013-02-03 04:05+02:00', '2013-02-03T02:05', 'iso'],
    ['25/12/2013', '2013-12-25T00:00', '%d/%m/%Y'],
    ['12/25/2013 7:30 PM', '2013-12-25T19:30', '%m/%d/%Y %I:%M %p'],
    ['3.2.2013 04:05:06', '2013-02-03T04:05', '%d.%m.%Y %H:%M:%S'],
    ['20130203', '2013-02-03T00:00', '%Y%m%d'],
    ['1359849600', '2013-02-03T00:00', 'epoch-s'],
    ['1359849600000', '2013-02-03T00:00', 'epoch-ms'],
  ])('%s is read', (text, iso, pattern) => {
    const { values, forms } = readMoments([text]);
    expect(new Date(values[0]!).toISOString().slice(0, 16)).toBe(iso);
    expect(forms[0]!.pattern).toBe(pattern);
  });

  it.each(['2013-02-30', '25:00', '13/13/2013', '2013-02-03 24:30', 'soon'])('%s is no time', text => {
    expect(readMoments([text]).unread).toMatchObject({ count: 1, example: text });
  });

  it('one day beyond the twelfth settles the order of the whole column, two that disagree settle nothing', () => {
    expect(readMoments(['01/02/2013', '13/02/2013']).ambiguous.count).toBe(0);
    expect(readMoments(['01/02/2013', '13/02/2013']).values[0]).toBe(Date.UTC(2013, 1, 1));
    expect(readMoments(['01/02/2013', '02/13/2013']).values[0]).toBe(Date.UTC(2013, 0, 2));
    expect(readMoments(['01/02/2013', '13/02/2013', '02/13/2013']).ambiguous.count).toBe(1);
    expect(readMoments(['01/02/2013'], true).ambiguous.count).toBe(0);
  });
});

describe('clocks', () => {
  it('names the hours that a zone leaves out or has twice, and counts their rows', () => {
    const wall = Float64Array.from({ length: 24 * 366 }, (_, i) => Date.UTC(2024, 0, 1) + i * HOUR);
    const report = clockReport(wall, 'Europe/Zurich');
    expect(report.skipped).toEqual([{ local: '2024-03-31 02:00', rows: 1 }]);
    expect(report.doubled).toEqual([{ local: '2024-10-27 02:00', rows: 1 }]);
    expect(report.findings[0]!.message).toBe(
      '2024-03-31 02:00 does not exist in Europe/Zurich: 1 row moved to 03:00',
    );
    expect(clockReport(wall, 'UTC')).toMatchObject({ skipped: [], doubled: [], findings: [] });
  });
});

describe('suspects', () => {
  const rng = seededRng(1);
  const n = 400;
  const noise = Array.from({ length: n }, () => Math.round(rng.next() * 100));
  const part = Array.from({ length: n }, () => Math.round(rng.next() * 100));
  const sum = noise.map((value, i) => value + part[i]!);
  const yes = noise.map(value => (value + rng.next() * 60 > 80 ? 1 : 0));

  const suspected = (
    columns: Parameters<typeof probeOf>[0],
    label: string,
    task: 'binary' | 'regression',
  ) => {
    const probe = probeOf(columns);
    const { columns: looked } = lookAt(probe);
    const own = looked.find(({ name }) => name === label)!;
    return findSuspects(
      looked.filter(column => column !== own),
      { name: label, task, values: own.numbers!, classes: 2, texts: own.texts },
      probe.rowNumbers,
    ).suspects.map(({ kind, columns: names }) => [kind, ...names]);
  };

  it('names what adds up, what is the same, what is affine, what is there only for some, and what counts rows', () => {
    expect(suspected({ noise, part, sum }, 'sum', 'regression')).toEqual([['sum', 'noise', 'part']]);
    expect(suspected({ copy: sum, sum }, 'sum', 'regression')).toEqual([['equal', 'copy']]);
    expect(suspected({ double: sum.map(x => 2 * x + 3), sum }, 'sum', 'regression')).toEqual([
      ['affine', 'double'],
    ]);
    expect(suspected({ left: yes.map(x => (x === 1 ? 'x' : null)), yes }, 'yes', 'binary')).toEqual([
      ['presence', 'left'],
    ]);
    expect(suspected({ row: sum.map((_, i) => i + 1), sum }, 'sum', 'regression')).toEqual([
      ['counter', 'row'],
    ]);
    expect(suspected({ told: yes.map((x, i) => x * 5 + (i % 3)), yes }, 'yes', 'binary')).toEqual([
      ['alone', 'told'],
    ]);
  });

  it('a good feature, noise and an id of a text for every row are none', () => {
    expect(suspected({ noise, part, yes }, 'yes', 'binary')).toEqual([]);
    expect(suspected({ noise, sum }, 'sum', 'regression')).toEqual([]);
    expect(suspected({ id: sum.map((_, i) => `u${i}`), yes }, 'yes', 'binary')).toEqual([]);
  });
});

it('whatever columns are called, the project file names them so again and has no line too many', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1, unit: 'binary' }), { minLength: 2, maxLength: 5 }),
      names => {
        const [label, ...inputs] = names;
        const yaml = writeProject({
          project: 'p',
          origin: names.join(' '),
          timezone: 'UTC',
          dataset: 'd',
          source: 'd.csv',
          reading: {},
          types: {},
          time: { order: 'rows' },
          label: { column: label! },
          expectations: [],
          features: {
            inputs,
            derive: {},
            drop: [],
            excluded: inputs.map(column => ({ column, why: column })),
          },
          task: 'regression',
          windows: ['all'],
          gates: [],
          rollout: {},
          monitors: {},
          answers: {},
        });
        const line = yaml.split('\n').find(each => each.startsWith('    label: '))!;
        const said = /column: (.*) \}$/.exec(line)![1]!;
        expect(said.startsWith('"') ? JSON.parse(said) : said).toBe(label);
        expect(yaml.split('\n').filter(each => /^\S/.test(each) && !each.startsWith('#'))).toHaveLength(7);
      },
    ),
  );
});

it('an unknown zone is refused by name', () => {
  const probe = probeOf({ t: ['2024-01-01', '2024-01-02'], y: [1, 2] });
  expect(() =>
    checkDraft(
      lookAt(probe),
      { label: 'y', time: { column: 't' }, timezone: 'Mars/Base' },
      { project: 'p', name: 'a.csv', source: 'a.csv', tasks: ['binary', 'regression'] },
    ),
  ).toThrow(/no time zone "Mars\/Base"/);
});
