import type {
  DataCheckView,
  ExpectationHistoryView,
  ExpectationResultView,
  QuarantineView,
  SuggestionsView,
} from '@twinloop/client';
import {
  actorName,
  TwinloopError,
  type Column,
  type ContentHash,
  type Json,
  type Principal,
  type Table,
} from '@twinloop/kernel';
import {
  acceptVersion,
  APART_REASONS,
  APART_ROW,
  checksOf,
  type DatasetConfig,
  profileTable,
  type DatasetProfile,
  quarantineOf,
  type RuleCheck,
  ruleWords,
  suggestionsYaml,
  suggestRules,
} from '@twinloop/loop/data';
import type { ExpectationsService } from '../app.js';
import { acceptPorts, pastRows } from '../runtime/building/accept-ports.js';
import type { Datasets, DatasetsParts } from './datasets.js';

const HEX = '0123456789abcdef';

/** What rules say of the data of one project, over its versions and of files that are no version yet. */
export class ExpectationDesk implements ExpectationsService {
  readonly #parts: DatasetsParts;
  readonly #datasets: Datasets;

  constructor(parts: DatasetsParts, datasets: Datasets) {
    this.#parts = parts;
    this.#datasets = datasets;
  }

  get #config() {
    return this.#parts.loaded.config;
  }

  #declared(dataset: string): DatasetConfig {
    const found = this.#config.datasets[dataset];
    if (found !== undefined) return found;
    throw new TwinloopError('not_found', {
      field: 'dataset',
      values: { what: `Dataset ${dataset}` },
      hint: `Declared: ${Object.keys(this.#config.datasets).join(', ')}.`,
    });
  }

  async history(dataset: string): Promise<ExpectationHistoryView> {
    const declared = this.#declared(dataset);
    const versions = [
      ...(await this.#parts.shared.metadata.datasets.list(this.#config.project, dataset)),
    ].reverse();
    const rules = new Map<string, Omit<RuleCheck, 'result'>>();
    for (const rule of this.#config.expectations[dataset] ?? []) {
      const words = ruleWords(rule, declared.quarantine);
      rules.set(words.text, words);
    }
    const current = new Set(rules.keys());
    const results = versions.map(record => {
      const checks = checksOf(record);
      for (const check of checks) if (!rules.has(check.text)) rules.set(check.text, check);
      return new Map(checks.map(({ text, result }) => [text, result]));
    });
    return {
      dataset,
      versions: versions.map(record => ({
        version: record.version,
        createdAt: record.createdAt,
        rows: record.rows,
        status: record.status,
        quarantined: quarantineOf(record)?.rows ?? 0,
      })),
      rules: [...rules.values()].map(({ rule, subject, text, where, severity, quarantines }) => ({
        rule,
        subject,
        text,
        where,
        severity,
        quarantines,
        current: current.has(text),
        results: results.map(of => resultView(of.get(text))),
      })),
    };
  }

  async quarantine(dataset: string, version: string, limit = 100): Promise<QuarantineView> {
    const record = await this.#datasets.record(dataset, version);
    const apart = quarantineOf(record);
    const view = {
      dataset,
      version: record.version,
      quarantined: apart?.rows ?? 0,
      kept: apart?.kept ?? record.rows,
    };
    const columns = record.schema.map(({ name }) => name);
    if (apart === undefined) return { ...view, reasons: [], columns, rows: [] };
    const table = await this.#parts.datasets.load(this.#config.project, apart.blob);
    const [numbers, reasons, ...cells] = ordered(table);
    return {
      ...view,
      reasons: apart.reasons,
      columns: cells.map(({ name }) => name),
      rows: Array.from({ length: Math.min(limit, table.rows) }, (_, row) => ({
        row: Number(numbers!.values[row]),
        values: cells.map(column => cellOf(column, row)),
        reasons: String(reasons!.values[row] ?? '').split('\n'),
      })),
    };
  }

  async suggestions(dataset: string, version: string): Promise<SuggestionsView> {
    const record = await this.#datasets.record(dataset, version);
    return this.#suggest(dataset, record.version, record.profile as unknown as DatasetProfile);
  }

  async suggestFor(dataset: string, source: string, principal: Principal): Promise<SuggestionsView> {
    const config = this.#config.datasets[dataset] ?? { source };
    const table = await this.#datasets.read(config, source, {}, principal.kind !== 'local');
    return this.#suggest(dataset, source, profileTable(table));
  }

  async #suggest(dataset: string, version: string, profile: DatasetProfile): Promise<SuggestionsView> {
    const { key, time, quarantine } = this.#config.datasets[dataset] ?? {};
    const past = await pastRows(this.#parts.shared.metadata, this.#config.project, dataset);
    const declared = new Set(
      (this.#config.expectations[dataset] ?? []).map(rule => ruleWords(rule, quarantine).text),
    );
    const rules = suggestRules(profile, {
      history: past.length > 1,
      ...(key === undefined ? {} : { key }),
      ...(time === undefined ? {} : { time }),
    });
    return {
      dataset,
      version,
      rules: rules.map(({ text, why }) => ({ text, why, declared: declared.has(text) })),
      yaml: suggestionsYaml(dataset, rules),
    };
  }

  /** The very way in of a version, with stores that forget. */
  async check(dataset: string, source: string, principal: Principal): Promise<DataCheckView> {
    const declared = this.#declared(dataset);
    const { shared, datasets, clock } = this.#parts;
    const { project } = this.#config;
    const table = await this.#datasets.read(declared, source, {}, principal.kind !== 'local');
    const kept: Table[] = [];
    const { keep: _, ...ports } = acceptPorts(project, shared.metadata, datasets, shared.blobs);
    const rules = this.#config.expectations[dataset] ?? [];
    const previous = await this.#datasets.newest(dataset);
    const { record, findings } = await acceptVersion(
      {
        ...ports,
        store: async whole => {
          const name = HEX[kept.push(whole)]!.repeat(64) as ContentHash;
          return { version: name, blob: name };
        },
        check: async (of, checks, options) => {
          const held = 'blob' in of ? kept[HEX.indexOf(of.blob[0]!) - 1] : undefined;
          return ports.check(held === undefined ? of : { table: held }, checks, options);
        },
      },
      {
        project,
        dataset,
        table,
        rules,
        source,
        at: clock.now(),
        actor: actorName(principal),
        history: await pastRows(shared.metadata, project, dataset),
        ...(previous === undefined ? {} : { previous }),
        ...(declared.time === undefined ? {} : { time: declared.time }),
        ...(declared.quarantine === undefined ? {} : { quarantine: declared.quarantine }),
      },
    );
    return {
      dataset,
      source,
      rows: table.rows,
      quarantined: quarantineOf(record)?.rows ?? 0,
      status: record.status,
      findings,
      rules: checksOf(record).map(({ rule, subject, text, severity, quarantines, result }) => ({
        rule,
        subject,
        text,
        severity,
        quarantines,
        result: resultView(result)!,
      })),
    };
  }
}

const resultView = (result: RuleCheck['result'] | undefined): ExpectationResultView | null =>
  result === undefined
    ? null
    : {
        passed: result.passed,
        count: result.count,
        rows: result.rows,
        observed: result.observed,
        message: result.message,
      };

/** The number and the reasons first, whatever order the store keeps. */
function ordered({ columns }: Table): readonly Column[] {
  const named = (name: string): Column => columns.find(column => column.name === name)!;
  return [
    named(APART_ROW),
    named(APART_REASONS),
    ...columns.filter(({ name }) => name !== APART_ROW && name !== APART_REASONS),
  ];
}

function cellOf(column: Column, row: number): Json {
  if (column.type === 'string') return column.values[row] ?? null;
  const value = column.values[row]!;
  if (Number.isNaN(value)) return null;
  if (column.type === 'boolean') return value !== 0;
  if (column.type === 'time') return new Date(value).toISOString();
  return Number.isFinite(value) ? value : String(value);
}
