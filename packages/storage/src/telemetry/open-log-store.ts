import type { Attributes, LogRecord, LogStore } from '@twinloop/kernel';
import { openRecordStore, type TelemetryStoreOptions } from './open-record-store.js';

/** Log records in order of time, equal times as they were appended; `limit` keeps the newest. `contains` is a plain text, in the case given. */
export async function openLogStore(
  options: TelemetryStoreOptions,
): Promise<LogStore & { close(): Promise<void> }> {
  const store = await openRecordStore<LogRecord>(options, {
    name: 'log',
    columns: [
      ['project', 'VARCHAR'],
      ['time', 'DOUBLE'],
      ['severity', 'DOUBLE'],
      ['body', 'VARCHAR'],
      ['trace_id', 'VARCHAR'],
      ['attributes', 'VARCHAR'],
    ],
    toColumns: logs => [
      logs.map(log => log.project),
      Float64Array.from(logs, log => log.at),
      Float64Array.from(logs, log => log.severity),
      logs.map(log => log.body),
      logs.map(log => log.traceId),
      logs.map(log => JSON.stringify(log.attributes)),
    ],
  });
  return {
    append: store.append,
    close: store.close,
    async select({ project, range, minSeverity, contains, limit }) {
      const where = ['project = ?', 'time >= ?', 'time < ?'];
      const parameters: (string | number)[] = [project, range.from, range.until];
      if (minSeverity !== undefined) {
        where.push('severity >= ?');
        parameters.push(minSeverity);
      }
      if (contains !== undefined) {
        where.push('contains(body, ?)');
        parameters.push(contains);
      }
      const database = await store.fed();
      const { rows, columns } = await database.select(
        `select * exclude (place) from (
           select time, severity, body, trace_id, attributes, rowid as place from log
           where ${where.join(' and ')}
           order by time desc, place desc ${limit === undefined ? '' : `limit ${Math.max(0, Math.floor(limit))}`}
         ) order by time, place`,
        parameters,
        ['DOUBLE', 'DOUBLE', 'VARCHAR', 'VARCHAR', 'VARCHAR'],
      );
      return Array.from({ length: rows }, (_, i): LogRecord => {
        const [at, severity, body, traceId, attributes] = columns.map(column => column[i]);
        return {
          project,
          at: at as number,
          severity: severity as number,
          body: body as string,
          traceId: traceId as string | null,
          attributes: JSON.parse(attributes as string) as Attributes,
        };
      });
    },
  };
}
