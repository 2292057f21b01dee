import type { ProjectId, RecordRemoval } from '@twinloop/kernel';
import type { Kysely } from 'kysely';
import type { Tables } from './tables.js';

/** Everything of a project stands in these. */
const OF_PROJECT = [
  'delivery',
  'cursor_value',
  'step_result',
  'model',
  'run',
  'dataset_version',
  'api_key',
  'project',
] as const;

/** Removes what is named, inside the caller's transaction; returns how many rows went. */
export async function removeRecords(
  on: Kysely<Tables>,
  project: ProjectId,
  what: RecordRemoval,
): Promise<number> {
  let removed = 0;
  const from = async (table: (typeof OF_PROJECT)[number], column?: string, values?: readonly string[]) => {
    let query = on.deleteFrom(table as 'run').where('project', '=', project);
    if (column !== undefined) query = query.where(column as 'run', 'in', values as string[]);
    const [result] = await query.execute();
    removed += Number(result?.numDeletedRows ?? 0);
  };
  if (what === 'everything') {
    for (const table of OF_PROJECT) await from(table);
    return removed;
  }
  const { datasets = [], runs = [], models = [], steps = [] } = what;
  for (const { dataset, version } of datasets) {
    const [result] = await on
      .deleteFrom('dataset_version')
      .where('project', '=', project)
      .where('dataset', '=', dataset)
      .where('version', '=', version)
      .execute();
    removed += Number(result?.numDeletedRows ?? 0);
  }
  if (runs.length > 0) await from('run', 'run', runs);
  if (models.length > 0) await from('model', 'model', models);
  if (steps.length > 0) await from('step_result', 'step_key', steps);
  return removed;
}
