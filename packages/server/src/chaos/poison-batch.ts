import {
  columnOf,
  concatTables,
  seededRng,
  takeRows,
  TwinloopError,
  type Column,
  type Rng,
  type Table,
} from '@twinloop/kernel';
import type { ExpectationsConfig } from '@twinloop/loop/data';
import { trainingDataset } from '../config/check-project.js';
import type { FaultKind } from './fault-kind.js';

type Expectation = ExpectationsConfig[string][number];

/** Rows of the newest version that are poisoned. */
const MOST_ROWS = 5000;

type Poison = (table: Table, rng: Rng) => Table;

function change(
  table: Table,
  name: string,
  one: (value: unknown, row: number) => number | string | null,
): Table {
  const columns = table.columns.map((column): Column => {
    if (column.name !== name) return column;
    if (column.type === 'string')
      return { ...column, values: column.values.map((value, i) => one(value, i) as string | null) };
    return {
      ...column,
      values: column.values.map((value, i) => (one(value, i) as number | null) ?? Number.NaN),
    };
  });
  return { rows: table.rows, columns };
}

/** What breaks one expectation, in words and as a change of the table; undefined when this rule is not poisoned. */
function poisonOf(
  rule: Expectation,
  table: Table,
): { readonly told: string; readonly poison: Poison } | undefined {
  // A rule that warns, or keeps rows apart, refuses nothing.
  if (rule.severity === 'warning' || ('quarantine' in rule && rule.quarantine === true)) return undefined;
  switch (rule.rule) {
    case 'nulls': {
      const { max = 1 - (rule.mostly ?? 1) } = rule;
      const share = Math.max(0.2, Math.min(1, max * 2));
      if (columnOf(table, rule.column) === undefined || max >= 1) return undefined;
      return {
        told: `\`${rule.column}\` missing in ${Math.round(share * 100)} % of the rows`,
        poison: (whole, rng) =>
          change(whole, rule.column, value =>
            rng.next() < share ? null : (value as number | string | null),
          ),
      };
    }
    case 'range': {
      const column = columnOf(table, rule.column);
      if (column === undefined || column.type === 'string') return undefined;
      // A limit is exceeded as a broken export does it: hour 99.
      const wrong = rule.max !== undefined ? rule.max * 4 + 7 : rule.min! - 99;
      return {
        told: `\`${rule.column}\` ${wrong}`,
        poison: (whole, rng) =>
          change(whole, rule.column, value => (rng.next() < 0.01 ? wrong : (value as number))),
      };
    }
    case 'set': {
      if (columnOf(table, rule.column)?.type !== 'string') return undefined;
      return {
        told: `\`${rule.column}\` “???”`,
        poison: (whole, rng) =>
          change(whole, rule.column, value => (rng.next() < 0.01 ? '???' : (value as string | null))),
      };
    }
    case 'unique':
      return {
        told: 'rows that stand twice',
        poison: whole =>
          concatTables([
            whole,
            takeRows(
              whole,
              Array.from({ length: Math.ceil(whole.rows / 50) }, (_, i) => (i * 7) % whole.rows),
            ),
          ]),
      };
    default:
      return undefined;
  }
}

/** Breaks up to three expectations of a table; the words say how. */
export function poison(
  table: Table,
  rules: readonly Expectation[],
  rng: Rng,
): { readonly table: Table; readonly told: readonly string[] } {
  const chosen = rules.flatMap(rule => poisonOf(rule, table) ?? []).slice(0, 3);
  return {
    table: chosen.reduce((whole, { poison: apply }) => apply(whole, rng), table),
    told: chosen.map(({ told }) => told),
  };
}

/** Offers spoilt rows as a new version of the training data; the expectations are expected to refuse them. */
export const poisonBatch: FaultKind = {
  kind: 'poison-batch',
  title: 'Poison a batch',
  description:
    'Offers the newest rows once more as a new version of the training data, spoilt in the ways that the expectations of the project name. They are refused at once; nothing is trained on them.',
  undo: null,
  transforms: [],
  needsTraffic: false,
  unavailable({ loaded: { config } }) {
    const dataset = trainingDataset(config);
    const rules = dataset === undefined ? [] : (config.expectations[dataset] ?? []);
    return rules.some(({ rule }) => ['nulls', 'range', 'set', 'unique'].includes(rule))
      ? null
      : 'the project declares no expectation that a poisoned batch would break';
  },
  targets: async () => [],

  async plan(ports, { chaos }) {
    const { told } = await poisoned(ports, chaos);
    const dataset = trainingDataset(ports.loaded.config)!;
    return {
      target: dataset,
      sentence: `a batch of ${dataset} with ${told.join(', ')} was offered for training`,
      detail: { source: `poisoned on purpose: ${chaos}` },
    };
  },

  async begin(ports, fault) {
    // Offered before a restart, and not yet said to have ended.
    if (fault.ending !== null) return;
    const { table } = await poisoned(ports, fault.chaos);
    await ports.desk.offer(
      trainingDataset(ports.loaded.config)!,
      table,
      String(fault.detail['source']),
      'chaos',
    );
  },
  takeBack: async () => undefined,
};

async function poisoned(
  { loaded: { config }, metadata, datasets }: Parameters<FaultKind['plan']>[0],
  chaos: string,
): Promise<ReturnType<typeof poison>> {
  const dataset = trainingDataset(config)!;
  const versions = await metadata.datasets.list(config.project, dataset);
  const newest = versions.find(({ status }) => status === 'accepted');
  if (newest === undefined)
    throw new TwinloopError('chaos_unavailable', {
      values: { reason: `${dataset} has no accepted version` },
    });
  const whole = await datasets.load(config.project, newest.blob);
  const from = Math.max(0, whole.rows - MOST_ROWS);
  const recent = takeRows(
    whole,
    Array.from({ length: whole.rows - from }, (_, i) => from + i),
  );
  // Another fault spoils other rows: the same batch twice would be known already.
  const rng = seededRng(Number(chaos.replace(/\D/g, '')));
  return poison(recent, config.expectations[dataset] ?? [], rng);
}
