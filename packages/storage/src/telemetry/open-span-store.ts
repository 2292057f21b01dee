import type { Attributes, SpanRecord, SpanStore } from '@twinloop/kernel';
import { openRecordStore, type TelemetryStoreOptions } from './open-record-store.js';

/** Spans in order of (startedAt, spanId); `range` bounds the start, `limit` keeps the newest. A span that is sent twice is kept once. */
export async function openSpanStore(
  options: TelemetryStoreOptions,
): Promise<SpanStore & { close(): Promise<void> }> {
  const store = await openRecordStore<SpanRecord>(options, {
    name: 'span',
    columns: [
      ['project', 'VARCHAR'],
      ['trace_id', 'VARCHAR'],
      ['span_id', 'VARCHAR'],
      ['parent_id', 'VARCHAR'],
      ['name', 'VARCHAR'],
      ['started', 'DOUBLE'],
      ['ended', 'DOUBLE'],
      ['status', 'VARCHAR'],
      ['attributes', 'VARCHAR'],
    ],
    toColumns: spans => [
      spans.map(span => span.project),
      spans.map(span => span.traceId),
      spans.map(span => span.spanId),
      spans.map(span => span.parentId),
      spans.map(span => span.name),
      Float64Array.from(spans, span => span.startedAt),
      Float64Array.from(spans, span => span.endedAt),
      spans.map(span => span.status),
      spans.map(span => JSON.stringify(span.attributes)),
    ],
  });
  return {
    append: store.append,
    close: store.close,
    async select({ project, range, traceId, name, limit }) {
      const where = ['project = ?', 'started >= ?', 'started < ?'];
      const parameters: (string | number)[] = [project, range.from, range.until];
      if (traceId !== undefined) {
        where.push('trace_id = ?');
        parameters.push(traceId);
      }
      if (name !== undefined) {
        where.push('name = ?');
        parameters.push(name);
      }
      const database = await store.fed();
      const { rows, columns } = await database.select(
        `select * from (
           select trace_id, span_id, parent_id, name, started, ended, status, attributes from span
           where ${where.join(' and ')}
           qualify row_number() over (partition by trace_id, span_id order by rowid) = 1
           order by started desc, span_id desc ${limit === undefined ? '' : `limit ${Math.max(0, Math.floor(limit))}`}
         ) order by started, span_id`,
        parameters,
        ['VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR', 'DOUBLE', 'DOUBLE', 'VARCHAR', 'VARCHAR'],
      );
      return Array.from({ length: rows }, (_, i): SpanRecord => {
        const [trace, span, parent, spanName, started, ended, status, attributes] = columns.map(
          column => column[i],
        );
        return {
          project,
          traceId: trace as string,
          spanId: span as string,
          parentId: parent as string | null,
          name: spanName as string,
          startedAt: started as number,
          endedAt: ended as number,
          status: status as SpanRecord['status'],
          attributes: JSON.parse(attributes as string) as Attributes,
        };
      });
    },
  };
}
