import { type DataCheck, type Figure, type RowTest } from '@twinloop/kernel';
import { type DataColumn, numberOf, textOf, valueOf } from './columns.js';
import { all, double, type RowSql, rowTestSql } from './row-test-sql.js';

/** The number of a row, from 0; no column of a file is called so. */
export const ROW = '"$row$"';
export const NUMBERED = `(select *, row_number() over () - 1 as ${ROW} from data) as data`;

/** A check as aggregates over a relation. Checks over the same relation share a pass. */
export interface Plan {
  readonly from: string;
  readonly rows: string;
  readonly tested: string;
  readonly broken: string;
  readonly figure: string;
  /** SQL of the column that groups it. */
  readonly by?: string;
  /** Of a row test: true of a row of {@link NUMBERED} that breaks it. */
  readonly flag?: string;
  /** Of a row test: the offender, as SQL. */
  readonly offender?: string;
  /** Whether the least and the greatest value belong to the message. */
  readonly span?: boolean;
}

export interface PlanScope {
  /** @throws Error with the words for people when there is no such column */
  readonly column: (name: string) => DataColumn;
  /** The columns of a stored table, and its relation. */
  readonly stored: (blob: string) => {
    readonly relation: string;
    readonly column: (name: string) => DataColumn;
  };
  /** Mean and sample standard deviation of a slice, found in a pass of their own. */
  readonly spread: (
    column: string,
    where: string | undefined,
  ) => { readonly mean: number; readonly deviation: number };
}

const count = (condition: string): string => (condition === '' ? 'count(*)' : `count_if(${condition})`);

/** Translates one check. @throws Error whose message says why it cannot be evaluated */
export function planCheck(check: DataCheck, scope: PlanScope): Plan {
  const where = check.where === undefined ? undefined : `${check.where}\n`;
  const by = check.by === undefined ? {} : { by: groupText(scope.column(check.by)) };
  if ('figure' in check) return { ...figurePlan(check.figure, where, scope), ...by };
  const { test } = check;
  const offender = 'column' in test ? { offender: valueOf(scope.column(test.column)) } : {};
  const rows = count(all(where));
  const local = (sql: RowSql, from = 'data', flag = all(where, sql.broken)): Plan => ({
    from,
    rows,
    tested: count(all(where, sql.tested)),
    broken: count(all(where, sql.broken)),
    figure: 'null',
    flag,
    ...offender,
    ...by,
  });
  switch (test.kind) {
    case 'unique': {
      const columns = test.columns.map(scope.column);
      const there = columns.map(({ sql }) => `${sql} is not null`).join(' and ');
      const keys = columns.map(valueOf);
      const key = keys.length === 1 ? keys[0]! : `(${keys.join(', ')})`;
      const tested = all(where, there);
      const slice = [
        ...keys,
        ...(by.by === undefined ? [] : [by.by]),
        ...(where === undefined ? [] : [`(${where})`]),
      ];
      return {
        from: 'data',
        rows,
        tested: count(tested),
        broken: `count_if(${tested}) - count(distinct ${key}) filter (where ${tested})`,
        figure: 'null',
        flag: `(${tested}) and row_number() over (partition by ${slice.join(', ')} order by ${ROW}) > 1`,
        ...(keys.length === 1 ? { offender: keys[0]! } : {}),
        ...by,
      };
    }
    case 'ordered':
      return orderedPlan(test, where, by, scope);
    case 'near-mean': {
      const about = scope.column(test.column);
      if (about.type === 'string') throw new Error('it is text, and outliers need numbers');
      const { mean, deviation } = scope.spread(test.column, check.where);
      const tested = `${about.sql} is not null`;
      const far = `abs(${numberOf(about)} - ${double(mean)}) >= ${double(test.z * deviation)}`;
      return local({ tested, broken: deviation > 0 ? far : 'false' });
    }
    case 'refers': {
      const stored = scope.stored(test.blob);
      const pairs = test.columns.map((name, i) => {
        const [here, there] = [scope.column(name), stored.column(test.to[i]!)];
        if ((here.type === 'string') !== (there.type === 'string'))
          throw new Error(`${name} is a ${here.type} and ${there.name} a ${there.type}`);
        return { there: here.sql, here: valueOf(here), known: valueOf(there) };
      });
      const tested = pairs.map(pair => `${pair.there} is not null`).join(' and ');
      const [left, right] = [pairs.map(pair => pair.here), pairs.map(pair => pair.known)];
      const known = right.map(each => `${each} is not null`).join(' and ');
      const tuple = (parts: readonly string[]): string =>
        parts.length === 1 ? parts[0]! : `row(${parts.join(', ')})`;
      const broken = `(${tested}) and ${tuple(left)} not in (select ${tuple(right)} from ${stored.relation} where ${known})`;
      // A subquery cannot stand inside an aggregate: the flag is a column first.
      const from = `(select *, ${broken} as "$broken$" from data) as data`;
      return { ...local({ tested, broken: '"$broken$"' }, from, all(where, broken)) };
    }
    default: {
      const plan = local(rowTestSql(test, scope.column));
      return test.kind === 'between' && scope.column(test.column).type !== 'string'
        ? { ...plan, span: true }
        : plan;
    }
  }
}

function orderedPlan(
  test: Extract<RowTest, { kind: 'ordered' }>,
  where: string | undefined,
  by: { readonly by?: string },
  scope: PlanScope,
): Plan {
  const about = scope.column(test.column);
  const value = valueOf(about);
  const tested = all(where, `${about.sql} is not null`);
  const parts = [
    ...(test.per === undefined ? [] : [scope.column(test.per).sql]),
    ...(by.by === undefined ? [] : [by.by]),
    ...(where === undefined ? [] : [`(${where})`]),
  ];
  const wrong = `${test.direction === 'increasing' ? '<' : '>'}${test.strictly ? '=' : ''}`;
  const partition = parts.length === 0 ? '' : `partition by ${parts.join(', ')} `;
  const broken = `(${tested}) and ${value} ${wrong} lag(${value} ignore nulls) over (${partition}order by ${ROW})`;
  return {
    from: `(select *, ${broken} as "$broken$" from ${NUMBERED}) as data`,
    rows: count(all(where)),
    tested: count(tested),
    broken: 'count_if("$broken$")',
    figure: 'null',
    flag: broken,
    offender: value,
    ...by,
  };
}

function figurePlan(figure: Figure, where: string | undefined, scope: PlanScope): Plan {
  const rows = count(all(where));
  const base = { from: 'data', rows, tested: rows, broken: '0' };
  if (figure.kind === 'rows') return { ...base, figure: rows };
  if (figure.kind === 'value') {
    const slice = where === undefined ? 'data' : `(select * from data where ${where}) as data`;
    return {
      from: slice,
      rows: 'count(*)',
      tested: 'count(*)',
      broken: '0',
      figure: `(${figure.expression}\n)`,
    };
  }
  const about = scope.column(figure.column);
  const there = all(where, `${about.sql} is not null`);
  const tested = count(there);
  const value = valueOf(about);
  const filter = where === undefined ? '' : ` filter (where ${where})`;
  const distinct = `count(distinct ${value})${filter}`;
  if (figure.of === 'distinct') return { ...base, tested, figure: distinct };
  if (figure.of === 'unique-share') return { ...base, tested, figure: `${distinct} / nullif(${tested}, 0)` };
  if (about.type === 'string') throw new Error(`it is text and has no ${figure.of}`);
  const finite = all(where, `isfinite(${value})`);
  const sql = {
    mean: `favg(${value})${filter}`,
    median: `median(${value})${filter}`,
    // DuckDB throws at an infinite value, where the deviation is undefined.
    stdev: `case when count_if(${all(where, `isinf(${value})`)}) = 0 then stddev_samp(${value}) filter (where ${finite}) end`,
    min: `min(${value})${filter}`,
    max: `max(${value})${filter}`,
    sum: `fsum(${value})${filter}`,
  }[figure.of];
  return { ...base, tested, figure: sql };
}

/** Groups are named by text, a missing value by null. */
const groupText = (column: DataColumn): string => textOf(column);
