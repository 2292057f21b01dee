import {
  TwinloopError,
  type Matcher,
  type ProjectId,
  type Sample,
  type Series,
  type SeriesStore,
} from '@twinloop/kernel';
import { openRecordStore, type TelemetryStoreOptions } from './open-record-store.js';

interface SampleRecord {
  readonly project: ProjectId;
  /** Labels as JSON with sorted names: the identity of the series. */
  readonly labels: string;
  readonly at: number;
  readonly value: number | null;
}

/** Series in order of their labels, samples in order of time; of two samples of one moment the later append counts. @throws invalid_request for a pattern that is no regular expression */
export async function openSeriesStore(
  options: TelemetryStoreOptions,
): Promise<SeriesStore & { close(): Promise<void> }> {
  const store = await openRecordStore<SampleRecord>(options, {
    name: 'sample',
    columns: [
      ['project', 'VARCHAR'],
      ['labels', 'VARCHAR'],
      ['time', 'DOUBLE'],
      ['value', 'DOUBLE'],
    ],
    toColumns: samples => [
      samples.map(sample => sample.project),
      samples.map(sample => sample.labels),
      Float64Array.from(samples, sample => sample.at),
      Float64Array.from(samples, sample => sample.value ?? Number.NaN),
    ],
  });
  return {
    close: store.close,
    async append(project, series) {
      const records = series.flatMap(({ labels, samples }) => {
        const identity = identityOf(labels);
        return samples.map(({ at, value }): SampleRecord => ({ project, labels: identity, at, value }));
      });
      await store.append(records);
    },
    async select({ project, matchers, range }) {
      const tests = matchers.map(testOf);
      const database = await store.fed();
      const known = await database.select(
        'select distinct labels from sample where project = ? and time >= ? and time < ? order by labels',
        [project, range.from, range.until],
        ['VARCHAR'],
      );
      const chosen = (known.columns[0] as string[])
        .map(text => ({ text, labels: JSON.parse(text) as Record<string, string> }))
        .filter(({ labels }) => tests.every(matches => matches(labels)));
      if (chosen.length === 0) return [];
      const { rows, columns } = await database.select(
        `select labels, time, arg_max(value, rowid) from sample
         where project = ? and time >= ? and time < ? and labels in (${chosen.map(() => '?').join(', ')})
         group by labels, time order by labels, time`,
        [project, range.from, range.until, ...chosen.map(({ text }) => text)],
        ['VARCHAR', 'DOUBLE', 'DOUBLE'],
      );
      const samples = new Map<string, Sample[]>(chosen.map(({ text }) => [text, []]));
      for (let i = 0; i < rows; i++) {
        const [labels, at, value] = columns.map(column => column[i]);
        samples.get(labels as string)!.push({ at: at as number, value: value as number });
      }
      return chosen.map(({ text, labels }): Series => ({ labels, samples: samples.get(text)! }));
    },
  };
}

function identityOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** As in Prometheus: an absent label is the empty text, and a pattern must match the whole value. */
function testOf({ label, op, value }: Matcher): (labels: Readonly<Record<string, string>>) => boolean {
  const of = (labels: Readonly<Record<string, string>>): string => labels[label] ?? '';
  if (op === '=') return labels => of(labels) === value;
  if (op === '!=') return labels => of(labels) !== value;
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${value})$`, 's');
  } catch (error) {
    throw new TwinloopError('invalid_request', {
      field: label,
      values: { reason: `${value} is not a regular expression` },
      cause: error,
    });
  }
  return op === '=~' ? labels => pattern.test(of(labels)) : labels => !pattern.test(of(labels));
}
