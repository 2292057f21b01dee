import type { Evidence } from '@twinloop/client';
import type { ReactNode } from 'react';
import { figure, interval, pValue, whole } from '../format/numbers.js';
import { Facts } from './page.js';
import { Wide } from './layout/wide.js';

/** The numbers that verdicts rest on, one row each: whose, statistic, value, interval, threshold, n, method. */
export function EvidenceTable({
  rows,
}: {
  rows: readonly { readonly head: ReactNode; readonly evidence: readonly Evidence[] }[];
}) {
  return (
    <Wide label="Gates">
      <table className="table">
        <thead>
          <tr>
            <th>Gate</th>
            <th>Statistic</th>
            <th className="num">Value</th>
            <th className="num">Interval</th>
            <th className="num">Threshold</th>
            <th className="num">n</th>
            <th>Method</th>
          </tr>
        </thead>
        <tbody>
          {rows.flatMap(({ head, evidence }, r) =>
            (evidence.length === 0 ? [undefined] : evidence).map((e, i) => (
              <tr key={`${r} ${i}`}>
                <td className="min-w-[220px]">{i === 0 && head}</td>
                <td className="min-w-[140px]">{e?.statistic ?? '–'}</td>
                <td className="num font-semibold">{e === undefined ? '–' : figure(e.value)}</td>
                <td className="num">{interval(e?.interval, figure)}</td>
                <td className="num">{e?.threshold === undefined ? '–' : figure(e.threshold)}</td>
                <td className="num">{e === undefined ? '–' : whole(e.n)}</td>
                <td className="min-w-[140px] text-soft">{e === undefined ? '–' : methodOf(e)}</td>
              </tr>
            )),
          )}
        </tbody>
      </table>
    </Wide>
  );
}

/** The same numbers where there is no room for a table. */
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
