import type { OutcomeCase, StatedOutcome } from '@twinloop/kernel';
import type { EndpointTables } from '../registry.js';
import type { TelemetryDatabase } from '../telemetry-database.js';

/** More placeholders in one statement cost more than a second statement. */
const CHUNK = 500;

/** The place of a case among the outcomes: a prediction id alone says which case is meant. */
function placeOf({ predictionId, key, time }: OutcomeCase): string {
  return predictionId === null ? `key\n${time}\n${key}` : `id\n${predictionId}`;
}

/** What was said of each case, by one query for up to 500 of them. */
export async function readStated(
  database: Pick<TelemetryDatabase, 'select'>,
  { outcome }: EndpointTables,
  metric: number,
  cases: readonly OutcomeCase[],
): Promise<readonly (StatedOutcome | null)[]> {
  const found = new Map<string, StatedOutcome>();
  for (let start = 0; start < cases.length; start += CHUNK) {
    const some = cases.slice(start, start + CHUNK);
    const ids = some.flatMap(({ predictionId }) => predictionId ?? []);
    const keys = some.flatMap(({ predictionId, key }) => (predictionId === null ? (key ?? []) : []));
    const among = (column: string, names: readonly string[]): string =>
      names.length === 0 ? 'false' : `${column} in (${names.map(() => '?').join(', ')})`;
    const { rows, columns } = await database.select(
      `select coalesce(id, ''), coalesce(key, ''), time, value, revision, (id is not null)::double from ${outcome}
       where metric = ? and (${among('id', ids)} or (id is null and ${among('key', keys)}))
       qualify row_number() over (partition by id, key, time order by revision desc, known desc, value desc) = 1`,
      [metric, ...ids, ...keys],
      ['VARCHAR', 'VARCHAR', 'DOUBLE', 'DOUBLE', 'DOUBLE', 'DOUBLE'],
    );
    for (let row = 0; row < rows; row++) {
      const [id, key, time, value, revision, byId] = columns.map(column => column[row]!);
      const predictionId = byId === 1 ? (id as string) : null;
      const place = placeOf({ predictionId, key: key as string, time: time as number });
      found.set(place, { value: value as number, revision: revision as number });
    }
  }
  return cases.map(each => found.get(placeOf(each)) ?? null);
}
