import {
  type AnyNewFact,
  type BrokenRow,
  type Canonicalizable,
  canonicalJson,
  type ContentHash,
  type DatasetVersionRecord,
  type EpochMs,
  type ExpectationFinding,
  fact,
  formatCount,
  formatShare,
  type Json,
  type ProjectId,
  type Table,
  TwinloopError,
} from '@twinloop/kernel';
import { type ExpectationPorts, checkExpectations, findingsOf } from './check-expectations.js';
import type { Expectation, QuarantineConfig } from './config.js';
import { LARGEST_APART, type Quarantine, quarantining, separate } from './quarantine.js';
import { ruleChecks } from './rules/rule-check.js';
import type { RuleResult } from './rules/judge-rule.js';
import { profileOf } from './profile/profile.js';
import {
  mergeable,
  mergeProfiles,
  type ProfileSketch,
  type ProfileSketchJson,
  profileSketchToJson,
  rowsFrom,
  sketchTable,
} from './profile/profile-sketch.js';
import { compareSchemas, type SchemaChange, schemaOf } from './schema.js';

export interface AcceptPorts extends ExpectationPorts {
  /** Hashes a table's content and keeps it (`DatasetQuery.store`). */
  readonly store: (table: Table) => Promise<{ readonly version: ContentHash; readonly blob: ContentHash }>;
  /** Keeps the sketches of a profile beside the rows; without it the profile has none. */
  readonly keep?: (sketch: ProfileSketchJson) => Promise<ContentHash>;
  /** SHA-256 of a text. */
  readonly digest: (text: string) => ContentHash;
}

export interface AcceptRequest {
  readonly project: ProjectId;
  readonly dataset: string;
  readonly table: Table;
  readonly rules: readonly Expectation[];
  /** Where the rows came from, as people name it: a path, a URL, `predictions of late`. */
  readonly source: string;
  /** The version that this one continues; its columns are expected again, with their types. */
  readonly previous?: Pick<DatasetVersionRecord, 'version' | 'schema'>;
  /** Row counts of the last accepted versions, newest first. */
  readonly history?: readonly number[];
  readonly quarantine?: QuarantineConfig;
  /** The sketch of the table's first rows, where it is known: only the rows after them are read for the profile. */
  readonly known?: ProfileSketch;
  /** The column that dates a row, for the version's span. */
  readonly time?: string;
  /** Domain time of the check. */
  readonly at: EpochMs;
  readonly actor: string;
  readonly causation?: string;
  readonly correlation?: string;
}

export interface AcceptedVersion {
  readonly record: DatasetVersionRecord;
  /** The rows of the version: those that were kept. */
  readonly table: Table;
  readonly findings: readonly ExpectationFinding[];
  /** DatasetVersionRegistered, RowsQuarantined where there are any, and ExpectationsChecked: to be appended after the record is kept. */
  readonly facts: readonly AnyNewFact[];
}

function schemaFinding(change: SchemaChange, rows: number): ExpectationFinding {
  const { column, kind, before, after } = change;
  const message =
    kind === 'vanished'
      ? `${column}: the column has vanished (it was ${before})`
      : kind === 'appeared'
        ? `${column}: a new column (${after})`
        : `${column}: was ${before} and is now ${after}`;
  const severity = kind === 'appeared' ? 'warning' : 'error';
  return { rule: 'schema', column, count: rows, rows, severity, message };
}

function spanOf(table: Table, time: string | undefined): { from?: EpochMs; until?: EpochMs } {
  const column = table.columns.find(candidate => candidate.name === time);
  if (column === undefined || column.type === 'string') return {};
  let from = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  for (const value of column.values) {
    if (value < from) from = value;
    if (value > until) until = value;
  }
  return from <= until ? { from, until } : {};
}

interface Judged {
  readonly table: Table;
  readonly stored: { readonly version: ContentHash; readonly blob: ContentHash };
  readonly results: readonly RuleResult[];
  readonly quarantine?: Quarantine;
  /** More rows break a rule than may be kept apart. */
  readonly tooMany?: ExpectationFinding;
}

/** Parts the rows where rules ask for it, stores what goes on, and judges it. */
async function judge(ports: AcceptPorts, request: AcceptRequest): Promise<Judged> {
  const { dataset, table, rules, time, history, at, quarantine = {} } = request;
  const asked = {
    dataset,
    at,
    ...(time === undefined ? {} : { time }),
    ...(history === undefined ? {} : { history }),
  };
  const apartRules = quarantining(rules, quarantine);
  if (apartRules.length === 0) {
    const stored = await ports.store(table);
    const { results } = await checkExpectations(ports, { ...asked, table, rules, blob: stored.blob });
    return { table, stored, results };
  }
  const { max = LARGEST_APART } = quarantine;
  const limit = Math.floor(max * table.rows);
  const first = await checkExpectations(ports, {
    ...asked,
    table,
    rules,
    apart: { rules: apartRules, limit },
  });
  // Nothing may be left to make a version of.
  if (first.apartMore || first.apart.length === table.rows) {
    const share = formatShare(max);
    const more = `${first.apartMore ? `more than ${formatCount(limit)}` : 'all'} of ${formatCount(table.rows)} rows`;
    const tooMany: ExpectationFinding = {
      rule: 'quarantine',
      count: first.apartMore ? limit + 1 : table.rows,
      rows: table.rows,
      severity: 'error',
      message: `${more} break a rule that keeps rows apart, ${share} allowed; the whole batch is refused`,
    };
    return { table, stored: await ports.store(table), results: first.results, tooMany };
  }
  if (first.apart.length === 0) return { table, stored: await ports.store(table), results: first.results };
  const { good, bad, reasons } = separate(table, first.apart, rules);
  const stored = await ports.store(good);
  const { blob } = await ports.store(bad);
  // Rules that kept nothing apart are asked again of what is left: the others hold there now.
  const again = rules.map((_, i) => i).filter(i => !apartRules.includes(i));
  const second = await checkExpectations(ports, {
    ...asked,
    table: good,
    rules: again.map(i => rules[i]!),
    blob: stored.blob,
  });
  const results = first.results.map((result, i) => {
    const position = again.indexOf(i);
    return position === -1 ? keptApart(result, rules[i]!, first.apart, i) : second.results[position]!;
  });
  return {
    table: good,
    stored,
    results,
    quarantine: { blob, rows: bad.rows, kept: good.rows, reasons },
  };
}

/** A rule whose breaking rows were kept apart no longer refuses, unless fewer hold than it asks for by `mostly`. */
function keptApart(
  result: RuleResult,
  rule: Expectation,
  apart: readonly BrokenRow[],
  position: number,
): RuleResult {
  const count = apart.filter(({ checks }) => checks.includes(position)).length;
  if (result.passed || count === 0 || ('mostly' in rule && rule.mostly !== undefined)) return result;
  return { ...result, severity: 'warning', message: `${result.message}; kept apart` };
}

/** In one pass over the rows that are not profiled yet; over all, when some were kept apart. */
function sketchOf({ known, table: offered }: AcceptRequest, table: Table): ProfileSketch {
  if (known === undefined || table !== offered || known.table.rows > table.rows) return sketchTable(table);
  if (known.table.rows === table.rows) return known;
  const rest = sketchTable(rowsFrom(table, known.table.rows));
  return mergeable(known, rest) ? mergeProfiles(known, rest) : sketchTable(table);
}

/**
 * Makes a dataset version of a table: stored by content, profiled, and checked. A refused version keeps its record,
 * so that people can look at what was refused; training on it is refused by `building`.
 * The same table under the same rules gives the same facts, whose idempotency keys make a second append harmless.
 * @throws dataset_empty · whatever the store throws
 */
export async function acceptVersion(ports: AcceptPorts, request: AcceptRequest): Promise<AcceptedVersion> {
  const { project, dataset, rules, source, previous, at, actor } = request;
  if (request.table.rows === 0) throw new TwinloopError('dataset_empty', { values: { file: source } });
  const { table, stored, results, quarantine, tooMany } = await judge(ports, request);
  const { version, blob } = stored;
  const schema = schemaOf(table);
  const changes = previous === undefined ? [] : compareSchemas(previous.schema, schema);
  const findings = [
    ...changes.map(change => schemaFinding(change, table.rows)),
    ...(tooMany === undefined ? [] : [tooMany]),
    ...findingsOf(rules, results),
  ];
  const status = findings.some(finding => finding.severity === 'error') ? 'refused' : 'accepted';
  // A re-reading of the same content has itself as its previous version; that is no lineage.
  const parent = previous === undefined || previous.version === version ? null : previous.version;

  const sketch = sketchOf(request, table);
  const kept = await ports.keep?.(profileSketchToJson(sketch));
  const rest = {
    at,
    actor,
    ...(request.causation === undefined ? {} : { causation: request.causation }),
    ...(request.correlation === undefined ? {} : { correlation: request.correlation }),
  };
  const key = `dataset/${dataset}/${version}`;
  const judged = ports.digest(
    canonicalJson({
      rules,
      findings,
      parent,
      ...(quarantine === undefined ? {} : { quarantine: quarantine.blob }),
    } as unknown as Canonicalizable),
  );
  return {
    record: {
      project,
      dataset,
      version,
      rows: table.rows,
      schema,
      profile: { ...profileOf(sketch), ...(kept === undefined ? {} : { sketch: kept }) } as unknown as Json,
      blob,
      source,
      parent,
      createdAt: at,
      status,
      findings: findings as unknown as Json,
      checks: ruleChecks(rules, results, request.quarantine) as unknown as Json,
      quarantine: (quarantine ?? null) as unknown as Json,
    },
    table,
    findings,
    facts: [
      fact(
        'DatasetVersionRegistered',
        {
          dataset,
          version,
          rows: table.rows,
          columns: table.columns.length,
          source,
          ...spanOf(table, request.time),
          ...(parent === null ? {} : { parent }),
        },
        { ...rest, idempotencyKey: `${key}/registered` },
      ),
      ...(quarantine === undefined
        ? []
        : [
            fact(
              'RowsQuarantined',
              {
                dataset,
                version,
                rows: quarantine.rows,
                kept: quarantine.kept,
                blob: quarantine.blob,
                reasons: quarantine.reasons.map(({ rule, subject, count }) => ({
                  rule,
                  ...(subject === '' ? {} : { column: subject }),
                  count,
                })),
              },
              { ...rest, idempotencyKey: `${key}/quarantined/${judged}` },
            ),
          ]),
      fact(
        'ExpectationsChecked',
        { dataset, version, status, checked: rules.length, findings },
        { ...rest, idempotencyKey: `${key}/checked/${judged}` },
      ),
    ],
  };
}
