import type { ColumnType, Scalar } from '@twinloop/kernel';

const LONG = 'x'.repeat(10_000);

const NUMBERS: readonly Scalar[] = [
  null,
  Number.NaN,
  0,
  -0,
  -1,
  1e-9,
  Number.MIN_VALUE,
  2 ** 53,
  -(2 ** 53),
  1e308,
  -1e308,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
];

const BY_TYPE: Readonly<Record<ColumnType, readonly Scalar[]>> = {
  number: NUMBERS,
  boolean: [null, true, false],
  // The ends of what a date can be, and a year that a careless form lets through.
  time: [null, Number.NaN, 0, -1, Date.UTC(9999, 11, 31), 8.64e15, -8.64e15],
  string: [
    null,
    '',
    ' ',
    'never seen before',
    LONG,
    'Zürich 東京 ✈️ \u202eevah',
    'e\u0301',
    '\u0000',
    '\ud800',
    '__proto__',
    'constructor',
    'null',
    '-1',
    "'; drop table",
  ],
};

/** Values of a type that real inputs rarely have, and that a client may send all the same; `null` is missing. */
export function extremesOf(type: ColumnType): readonly Scalar[] {
  return BY_TYPE[type];
}

const CUT = 40;

/** `{ temp: 1.7976931348623157e+308, dest: "xxxx…" (10,000 characters) }`, with what JSON cannot say. */
export function inputInWords(change: Readonly<Record<string, Scalar>>): string {
  const told = Object.entries(change).map(([name, value]) => {
    if (typeof value !== 'string') return `${name}: ${Object.is(value, -0) ? '-0' : String(value)}`;
    return value.length <= CUT
      ? `${name}: ${JSON.stringify(value)}`
      : `${name}: ${JSON.stringify(value.slice(0, CUT))}… (${value.length} characters)`;
  });
  return told.length === 0 ? '{}' : `{ ${told.join(', ')} }`;
}
