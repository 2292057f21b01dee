import type { ColumnType, RowTest } from '@twinloop/kernel';
import { sqlText } from '../sandbox.js';
import { type DataColumn, numberOf, textOf, valueOf } from './columns.js';

/** A test as SQL over one row of `data`. */
export interface RowSql {
  /** True where the row is judged; undefined: always. */
  readonly tested?: string;
  /** True where it breaks the test; null or false elsewhere. */
  readonly broken: string;
}

/** Tests whose answer is in the row alone. */
export type LocalTest = Exclude<RowTest, { kind: 'unique' | 'ordered' | 'near-mean' | 'refers' }>;

export const double = (value: number): string => `(${value})::double`;
const LARGEST = double(Number.MAX_VALUE);

const between = (value: string, least: string, most: string): string =>
  `${value} between ${least} and ${most}`;

function bounds(value: string, test: Extract<RowTest, { kind: 'between' }>): string {
  const { min, max, above, below } = test;
  const inside = between(
    value,
    min === undefined ? `-${LARGEST}` : double(min),
    max === undefined ? LARGEST : double(max),
  );
  const beyond = [
    ...(above === undefined ? [] : [`${value} > ${double(above)}`]),
    ...(below === undefined ? [] : [`${value} < ${double(below)}`]),
  ];
  return [inside, ...beyond].join(' and ');
}

/** RE2 has no `\uXXXX`. */
export const re2 = (regex: string): string =>
  regex.replaceAll(/\\u\{?([0-9A-Fa-f]{4,6})\}?/g, (_, code: string) => `\\x{${code}}`);

/** Values of a text that can be read as another type; the reader's own rules. */
const READS: Readonly<Record<Exclude<ColumnType, 'string'>, (text: string) => string>> = {
  number: text => `try_cast(case when contains(${text}, '_') then null else ${text} end as double)`,
  boolean: text => `try_cast(${text} as boolean)`,
  time: text => `try_cast(${text} as timestamptz)`,
};

export function rowTestSql(test: LocalTest, column: (name: string) => DataColumn): RowSql {
  if (test.kind === 'holds') return { broken: `(${test.expression}\n) is false` };
  const about = column(test.column);
  const there = `${about.sql} is not null`;
  switch (test.kind) {
    case 'present':
      return { broken: `${about.sql} is null` };
    case 'between':
      return {
        tested: there,
        broken: about.type === 'string' ? there : `not (${bounds(numberOf(about), test)})`,
      };
    case 'among': {
      const text = about.type === 'string';
      const allowed = test.values
        .filter(value => (typeof value === 'string') === text)
        .map(value => (typeof value === 'string' ? sqlText(value) : double(value)));
      return {
        tested: there,
        broken: allowed.length === 0 ? there : `${valueOf(about)} not in (${allowed.join(', ')})`,
      };
    }
    case 'matches':
      return {
        tested: there,
        broken: `not regexp_matches(${textOf(about)}, ${sqlText(re2(test.regex))})`,
      };
    case 'length': {
      const length = `length(${textOf(about)})`;
      return {
        tested: there,
        broken: `not (${between(length, String(test.min ?? 0), String(test.max ?? Number.MAX_SAFE_INTEGER))})`,
      };
    }
    case 'reads-as': {
      if (about.type === test.type) return { tested: there, broken: 'false' };
      if (about.type !== 'string' || test.type === 'string') return { tested: there, broken: there };
      return { tested: there, broken: `${there} and ${READS[test.type](about.sql)} is null` };
    }
  }
}

/** SQL AND of the conditions that there are. */
export const all = (...conditions: readonly (string | undefined)[]): string =>
  conditions
    .filter(each => each !== undefined)
    .map(each => `(${each})`)
    .join(' and ');
