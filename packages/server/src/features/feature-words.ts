import { formatDuration } from '@twinloop/kernel';
import type { AggregateSpec, JoinSpec } from '@twinloop/model';

const keys = ({ by }: JoinSpec | AggregateSpec): string =>
  Object.entries(by)
    .map(([ours, theirs]) => (ours === theirs ? ours : `${ours} = ${theirs}`))
    .join(', ');

/** What a lookup computes: `mean of late over 3h by carrier, origin`. */
export function inWords(spec: JoinSpec | AggregateSpec): string {
  if ('columns' in spec) {
    const within = spec.within === undefined ? '' : `, at most ${formatDuration(spec.within)} old`;
    return `latest ${spec.columns.join(', ')} by ${keys(spec)}${within}`;
  }
  const value = spec.value === undefined ? 'rows' : spec.value;
  const filter = spec.filter === undefined ? '' : ` where ${spec.filter}`;
  return `${spec.function} of ${value} over ${formatDuration(spec.over)} by ${keys(spec)}${filter}`;
}

/** When a row counts: `landed, at the next full 1h, 1m later`. */
export function availableInWords({ available, at }: JoinSpec | AggregateSpec): string {
  const { column = at, every, lag } = available;
  const parts = [column];
  if (every !== undefined) parts.push(`at the next full ${formatDuration(every)}`);
  if (lag > 0) parts.push(`${formatDuration(lag)} later`);
  return parts.join(', ');
}
