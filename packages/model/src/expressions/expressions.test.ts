import { type Row, type Scalar, TwinloopError } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf } from './ast.js';
import { compileExpression } from './compile.js';
import { parseExpression } from './parse.js';
import { zoneOffset } from './timezone.js';

const value = (text: string, row: Row = {}, timezone = 'UTC'): Scalar =>
  compileExpression(parseExpression(text), { timezone })(row);

const cases: readonly (readonly [text: string, row: Row, expected: Scalar])[] = [
  ['1 + 2 * 3', {}, 7],
  ['-2 ** 2', {}, -4],
  ['2 ** 3 ** 2', {}, 512],
  ['2 ** -1', {}, 0.5],
  ['-7 % 3', {}, 2],
  ['10 - 3 - 2', {}, 5],
  ['x / 0', { x: 1 }, null],
  ['log(0 - 1)', {}, null],
  ['x + 1', { x: null }, null],
  ['x + 1', {}, null],
  ["'a' + 1", {}, null],
  ['true + 1', {}, 2],
  ["'b' > 'a'", {}, true],
  ["1 == '1'", {}, null],
  ['null == null', {}, null],
  ['null and false', {}, false],
  ['null or true', {}, true],
  ['null and true', {}, null],
  ['not a == b', { a: 1, b: 2 }, true],
  ['not a or b', { a: true, b: true }, true],
  ["if(t < 32, 'ice', 'dry')", { t: 20 }, 'ice'],
  ["if(t < 32, 'ice', 'dry')", { t: null }, null],
  ['coalesce(a, b, 3)', { a: null, b: null }, 3],
  ['is_null(a)', { a: Number.NaN }, true],
  ['min(3, 1, 2) + max(1, 5)', {}, 6],
  ['floor(sched / 100)', { sched: 1859 }, 18],
  ['round(2.5)', {}, 3],
  ['bucket(x, 0, 10, 20)', { x: 10 }, 2],
  ['bucket(x, -5, 5)', { x: -6 }, 0],
  ["concat(upper(trim(' ab ')), 1)", {}, 'AB1'],
  ['length(name)', { name: '🙂é' }, 2],
  ["contains(s, 'x') or starts_with(s, 'a')", { s: 'abc' }, true],
  ["'it\\'s'", {}, "it's"],
  ['`odd name` * 2', { 'odd name': 4 }, 8],
  ['weather.temp > 1e2', { 'weather.temp': 101 }, true],
  ['(a < b) == (b < c)', { a: 1, b: 2, c: 3 }, true],
];

describe('expressions', () => {
  it.each(cases)('%s on %j is %j', (text, row, expected) => {
    expect(value(text, row)).toBe(expected);
  });

  it('reads the wall clock of the zone on both sides of a clock change', () => {
    // New York put its clocks forward at 2013-03-10T07:00Z.
    const before = Date.UTC(2013, 2, 10, 6, 59);
    expect(value('hour(t) * 100 + minute(t)', { t: before }, 'America/New_York')).toBe(159);
    expect(value('hour(t)', { t: before + 60_000 }, 'America/New_York')).toBe(3);
    expect(value('dayofweek(t)', { t: Date.UTC(2013, 0, 1) })).toBe(1);
    expect(value('dayofyear(t)', { t: Date.UTC(2012, 11, 31) })).toBe(366);
    expect(value('month(t) * 100 + day(t)', { t: Date.UTC(2013, 0, 1, 2) }, 'America/New_York')).toBe(1231);
  });

  it('remembers offsets without changing them', () => {
    const zones = ['America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Europe/Berlin'];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 2e12 }), (zone, time) => {
        const wall = new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', hour: '2-digit' });
        const offset = zoneOffset(zone);
        offset(time - 3_600_000);
        expect(new Date(time + offset(time)).getUTCHours()).toBe(Number(wall.format(time)));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['1 +', 4],
    ['foo(1)', 1],
    ['a < b < c', 7],
    ["'open", 1],
    ['a ; b', 3],
    ['log(1, 2)', 1],
    ['bucket(x, 2, 1)', 1],
    ['and', 1],
    ['', 1],
    [`${'('.repeat(200)}1${')'.repeat(200)}`, 101],
  ])('refuses %s at column %i', (text, column) => {
    let caught: unknown;
    try {
      parseExpression(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(TwinloopError);
    expect((caught as TwinloopError).code).toBe('expression_invalid');
    expect((caught as TwinloopError).details[0]?.column).toBe(column);
  });

  it('names the columns it reads', () => {
    expect(columnsOf(parseExpression('if(a > 1, b.c, a) + `odd name`'))).toEqual(['a', 'b.c', 'odd name']);
  });

  it('never throws anything else, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      '1',
      '+',
      '(',
      ')',
      ',',
      'if',
      'not',
      'and',
      "'x'",
      '`q`',
      '<',
      '**',
      ' ',
      '.',
      '-',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), pieces => {
        try {
          compileExpression(parseExpression(pieces.join('')))({ a: 1 });
        } catch (error) {
          expect(error).toMatchObject({ code: 'expression_invalid' });
        }
      }),
    );
  });
});
