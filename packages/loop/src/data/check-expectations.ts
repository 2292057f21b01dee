import {
  type BrokenRow,
  type CheckOptions,
  type ChecksResult,
  type Column,
  columnOf,
  type ContentHash,
  type DataCheck,
  type EpochMs,
  type ExpectationFinding,
  type Json,
  type Schema,
  type Table,
  TwinloopError,
} from '@twinloop/kernel';
import type { Expectation } from './config.js';
import { columnsOf, compileRule, subjectOf } from './rules/compile-rule.js';
import type { ProfileSketch } from './profile/profile-sketch.js';
import { type HeldColumn, heldRows, heldSketch, judgeDistribution } from './rules/distribution.js';
import { failed, judgeRule, type RuleResult } from './rules/judge-rule.js';
import { judgeSchema } from './rules/judge-schema.js';

export interface ExpectationPorts {
  /** Runs checks over a table in memory or a stored one (`DatasetQuery.check`). */
  readonly check: (
    source: { readonly table: Table } | { readonly blob: ContentHash },
    checks: readonly DataCheck[],
    options?: CheckOptions,
  ) => Promise<ChecksResult>;
  /** The newest accepted version of a dataset brought in from outside, or the one whose name begins so. */
  readonly version: (
    dataset: string,
    which: 'newest' | (string & {}),
  ) => Promise<
    | {
        readonly version: ContentHash;
        readonly blob: ContentHash;
        readonly schema: Schema;
        readonly profile?: Json;
      }
    | undefined
  >;
  /** The sketches of a version's profile; undefined when it has none. */
  readonly sketch?: (profile: Json) => Promise<ProfileSketch | undefined>;
  /** One column of a stored table. */
  readonly column: (blob: ContentHash, name: string) => Promise<Column>;
}

export interface ExpectationRequest {
  readonly dataset: string;
  readonly table: Table;
  /** Where the table lies, when it is stored: a stored table need not be laid out again. */
  readonly blob?: ContentHash;
  readonly rules: readonly Expectation[];
  /** The column that dates a row. */
  readonly time?: string;
  /** Row counts of the last accepted versions, newest first. */
  readonly history?: readonly number[];
  readonly at: EpochMs;
  /** Rows that break one of these rules (positions) are to be named, so many at most. */
  readonly apart?: { readonly rules: readonly number[]; readonly limit: number };
}

export interface ExpectationsResult {
  /** In the order of the rules. */
  readonly results: readonly RuleResult[];
  /** Rows that break a rule of `apart`; `checks` are positions of rules. */
  readonly apart: readonly BrokenRow[];
  readonly apartMore: boolean;
}

/**
 * Checks every rule against a table. What can be asked of the rows is asked in one go, whatever the number of rules. A
 * rule that names an unknown column, or that cannot be evaluated, is broken and says why; a failing store throws.
 */
export async function checkExpectations(
  ports: ExpectationPorts,
  request: ExpectationRequest,
): Promise<ExpectationsResult> {
  const { table, rules, history = [], at, time, blob } = request;
  const schema = table.columns.map(({ name, type }) => ({ name, type, nullable: true }));
  const referenced = new Map<string, { readonly blob: ContentHash }>();
  for (const rule of rules) {
    if (rule.rule !== 'reference' || referenced.has(rule.dataset)) continue;
    const found = await ports.version(rule.dataset, 'newest');
    if (found !== undefined) referenced.set(rule.dataset, found);
  }
  const results: (RuleResult | undefined)[] = new Array(rules.length).fill(undefined);
  const checks: DataCheck[] = [];
  /** Position of the rule that a check is of. */
  const owner: number[] = [];
  for (const [i, rule] of rules.entries()) {
    const problem = columnProblem(rule, table);
    if (problem !== undefined) results[i] = failed(table.rows, problem);
    else if (rule.rule === 'schema') results[i] = judgeSchema(rule, table);
    else if (rule.rule === 'distribution') results[i] = await distribution(ports, rule, request);
    else
      try {
        const check = compileRule(rule, { referenced, ...(time === undefined ? {} : { time }) });
        if (check !== undefined) {
          owner.push(i);
          checks.push(check);
        }
      } catch (error) {
        const words = error instanceof Error ? error.message : String(error);
        results[i] = failed(table.rows, `${subjectOf(rule) || rule.rule}: cannot be evaluated: ${words}`);
      }
  }
  const none = { outcomes: [], apart: [], apartMore: false };
  const asked = request.apart && {
    checks: owner.flatMap((rule, i) => (request.apart!.rules.includes(rule) ? [i] : [])),
    limit: request.apart.limit,
  };
  const { outcomes, apart, apartMore } =
    checks.length === 0
      ? none
      : await ports.check(blob === undefined ? { table } : { blob }, checks, asked && { apart: asked });
  const scope = { schema, rows: table.rows, history, at };
  for (const [k, outcome] of outcomes.entries())
    results[owner[k]!] = judgeRule(rules[owner[k]!]!, outcome, scope);
  return {
    results: results as readonly RuleResult[],
    apart: apart.map(({ row, checks: of }) => ({ row, checks: of.map(k => owner[k]!) })),
    apartMore,
  };
}

/** What is wrong with the columns that a rule names. */
function columnProblem(rule: Expectation, table: Table): string | undefined {
  const names = table.columns.map(({ name }) => name);
  const missing = columnsOf(rule).filter(name => !names.includes(name));
  if (missing.length > 0) {
    const listed = names.slice(0, 12).join(', ') + (names.length > 12 ? ', …' : '');
    return `${missing.join(', ')}: no such column; the data has ${listed}`;
  }
  const twice = columnsOf(rule).find(name => names.indexOf(name) !== names.lastIndexOf(name));
  return twice === undefined ? undefined : `${twice}: two columns have this name`;
}

async function distribution(
  ports: ExpectationPorts,
  rule: Extract<Expectation, { rule: 'distribution' }>,
  { dataset, table }: ExpectationRequest,
): Promise<RuleResult> {
  const { against = 'previous', column } = rule;
  const version = await ports.version(dataset, against === 'previous' ? 'newest' : against);
  const held = { passed: true, count: 0, rows: table.rows, observed: null, message: null };
  if (version === undefined)
    return against === 'previous' ? held : failed(table.rows, `${column}: there is no version ${against}`);
  const name = `version ${version.version.slice(0, 12)}`;
  if (!version.schema.some(each => each.name === column))
    return failed(table.rows, `${column}: ${name} has no such column`);
  const reference = await heldColumn(ports, version, column);
  if (reference === undefined)
    return failed(
      table.rows,
      `${column}: the rows of ${name} are gone, and its profile does not tell its values`,
    );
  return judgeDistribution(rule, reference, columnOf(table, column)!, name);
}

/** From the profile where it tells enough, else from the rows; from the profile again when the rows are gone. */
async function heldColumn(
  ports: ExpectationPorts,
  { blob, profile }: { readonly blob: ContentHash; readonly profile?: Json },
  name: string,
): Promise<HeldColumn | undefined> {
  const sketch = profile === undefined ? undefined : await ports.sketch?.(profile);
  const column = sketch?.table.column(name);
  const held = column && heldSketch(column);
  if (held !== undefined && !(held.type === 'string' && held.other)) return held;
  try {
    return heldRows(await ports.column(blob, name));
  } catch (error) {
    if (sketch === undefined || !(error instanceof TwinloopError && error.code === 'not_found')) throw error;
    return held;
  }
}

/** What the rules that are broken say, for people and for the ledger. */
export function findingsOf(
  rules: readonly Expectation[],
  results: readonly RuleResult[],
): readonly ExpectationFinding[] {
  return rules.flatMap((rule, i): readonly ExpectationFinding[] => {
    const { passed, count, rows, message, severity } = results[i]!;
    if (passed) return [];
    const column = subjectOf(rule);
    return [
      {
        rule: rule.rule,
        ...(column === '' ? {} : { column }),
        count,
        rows,
        severity: severity ?? rule.severity ?? 'error',
        message: message ?? '',
      },
    ];
  });
}
