import type { GuardrailReading } from '@twinloop/client';
import { figure, interval, whole } from '../../format/numbers.js';
import { Wide } from '../../parts/layout/wide.js';
import { StatusMark } from '../../parts/status-mark.js';

/** What ends a rollout whatever the losses say: each reading against its limit. */
export function Guardrails({ readings, label }: { readings: readonly GuardrailReading[]; label: string }) {
  if (readings.length === 0) return null;
  return (
    <Wide label={label}>
      <table className="table">
        <thead>
          <tr>
            <th>Guardrail</th>
            <th>Reading</th>
            <th className="num">Value</th>
            <th className="num">Interval</th>
            <th className="num">Limit</th>
            <th className="num">n</th>
            <th>Method</th>
          </tr>
        </thead>
        <tbody>
          {readings.map(({ guardrail, tripped, evidence }) => (
            <tr key={guardrail}>
              <td className="whitespace-nowrap">
                <StatusMark mark={tripped ? 'fail' : 'ok'} /> {guardrail}{' '}
                {tripped ? (
                  <b className="font-semibold">tripped</b>
                ) : (
                  <span className="text-soft">holds</span>
                )}
              </td>
              <td className="min-w-[140px]">{evidence.statistic}</td>
              <td className="num font-semibold">{figure(evidence.value)}</td>
              <td className="num">{interval(evidence.interval, figure)}</td>
              <td className="num">{evidence.threshold === undefined ? '–' : figure(evidence.threshold)}</td>
              <td className="num">{whole(evidence.n)}</td>
              <td className="min-w-[140px] text-soft">
                {evidence.method}
                {evidence.wallTime === true ? ' (timed on this machine)' : ''}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
