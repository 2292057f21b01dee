import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseWireJson } from './wire-json.js';

/** What `JSON.parse` would have made of the same digits. */
function rounded(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(rounded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]));
}

describe('parseWireJson', () => {
  it('reads all JSON like JSON.parse, by the exact path too', () => {
    fc.assert(
      fc.property(fc.json(), text => {
        expect(rounded(parseWireJson(text))).toEqual(JSON.parse(text));
        const [exact] = parseWireJson(`[ ${text} , 18446744073709551615 ]`) as unknown[];
        expect(rounded(exact)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps every integer exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), value => {
        const [read] = parseWireJson(`[${value}]`) as [number | bigint];
        expect(BigInt(read)).toBe(value);
        const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
        expect(typeof read).toBe(safe ? 'number' : 'bigint');
      }),
    );
  });

  it.each([
    ['0.30000000000000004', 0.30000000000000004],
    ['1234567890123456789.5', 1234567890123456789.5],
    ['12345678901234567890e-19', 1.2345678901234567],
    ['"12345678901234567890"', '12345678901234567890'],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
    ['"NaN"', 'NaN'],
  ])('%s', (text, value) => {
    expect(parseWireJson(`{"x":${text}}`)).toEqual({ x: value });
  });

  it.each([
    '[NaN',
    '[1,]',
    '{"NaN" 1}',
    '{NaN:1}',
    '["NaN',
    '[12345678901234567890 1]',
    '[01,12345678901234567890]',
    '["\n",NaN]',
    '[Nan]',
    '[NaN]]',
  ])('refuses %s', text => {
    expect(() => parseWireJson(text)).toThrow(SyntaxError);
  });

  it('reads or refuses endless digits without harm', () => {
    const digits = '9'.repeat(1_000_000);
    expect(parseWireJson(`[${digits}]`)).toEqual([Number.POSITIVE_INFINITY]);
    expect(parseWireJson(`[NaN,${digits}]`)).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
    expect(parseWireJson(`["${digits}e"]`)).toEqual([`${digits}e`]);
  });

  it('keeps a __proto__ member as data', () => {
    const read = parseWireJson('{"__proto__":{"id":12345678901234567890}}') as object;
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.keys(read)).toEqual(['__proto__']);
  });
});
