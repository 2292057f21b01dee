import { columnOf, formatCount, type Column, type Table, takeRows, type Verdict } from '@twinloop/kernel';
import { lookedUpColumns } from '@twinloop/model';
import type { ProjectConfig } from '../config/project-config.js';
import type { FeatureSources } from './feature-sources.js';
import { recompute } from './offline-features.js';

/** Of the newest requests so many are looked at, evenly spread. */
const NEWEST = 5000;
const SAMPLE = 500;
/** Share of the sampled requests that may differ, and how much is no difference. */
const MOST_DIFFERENT = 0.01;
const RELATIVE = 1e-6;

function differs(a: Column, b: Column, row: number): boolean {
  if (a.type === 'string') return b.type !== 'string' || (a.values[row] ?? null) !== (b.values[row] ?? null);
  if (b.type === 'string') return true;
  const x = a.values[row]!;
  const y = b.values[row]!;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) !== Number.isNaN(y);
  return Math.abs(x - y) > RELATIVE * Math.max(1, Math.abs(x), Math.abs(y));
}

/**
 * Gate `skew`: what sampled requests were told, against what the same moments are told from all that is known of the past
 * now. They differ when a source was known later than it says, or was changed afterwards; a model trained on the one
 * would be served the other.
 */
export async function judgeSkew(
  config: ProjectConfig,
  sources: FeatureSources,
  logged: Table,
  time: string,
): Promise<Verdict> {
  const from = Math.max(0, logged.rows - NEWEST);
  const count = Math.min(SAMPLE, logged.rows - from);
  const step = (logged.rows - from) / count;
  const sample = takeRows(
    logged,
    Int32Array.from({ length: count }, (_, i) => from + Math.floor(i * step)),
  );
  const made = await recompute(config, sources, sample, time);
  const shares = lookedUpColumns(config.lookups).map(name => {
    const seen = columnOf(sample, name)!;
    const now = made.find(column => column.name === name)!;
    let different = 0;
    for (let row = 0; row < sample.rows; row++) if (differs(seen, now, row)) different++;
    return { name, different };
  });
  const worst = shares.reduce((most, one) => (one.different > most.different ? one : most), shares[0]!);
  const status = worst.different > MOST_DIFFERENT * sample.rows ? 'fail' : 'pass';
  const of = `of ${formatCount(sample.rows)} sampled requests`;
  return {
    gate: 'skew',
    status,
    evidence: [],
    reason:
      worst.different === 0
        ? `every looked-up value ${of} is what the past gives now`
        : `"${worst.name}" of ${formatCount(worst.different)} ${of} is not what the past gives now${
            status === 'fail'
              ? ': its rows were known later than `available` says, or were changed afterwards'
              : ''
          }`,
  };
}
