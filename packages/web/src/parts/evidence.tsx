import type { Evidence } from '@twinloop/client';
import { figure, interval, pValue, whole } from '../format/numbers.js';
import { Facts } from './page.js';

/** The numbers that a decision rests on, where there is no room for a table. */
export function EvidenceList({ evidence }: { evidence: readonly Evidence[] }) {
  return (
    <ul className="grid gap-3">
      {evidence.map((e, i) => (
        <li key={`${e.statistic}${i}`} className="border-l-2 border-line pl-3">
          <p>
            {e.statistic} <b className="font-semibold">{figure(e.value)}</b>
          </p>
          <div className="my-1">
            <Facts
              min={112}
              items={[
                ['n', whole(e.n)],
                ...(e.interval === undefined ? [] : ([['interval', interval(e.interval, figure)]] as const)),
                ...(e.threshold === undefined ? [] : ([['threshold', figure(e.threshold)]] as const)),
                ...(e.pValue === undefined ? [] : ([['p', pValue(e.pValue)]] as const)),
              ]}
            />
          </div>
          <p className="text-xs text-soft">{methodOf(e)}</p>
        </li>
      ))}
    </ul>
  );
}

function methodOf(evidence: Evidence): string {
  return evidence.wallTime === true ? `${evidence.method} (timed on this machine)` : evidence.method;
}
