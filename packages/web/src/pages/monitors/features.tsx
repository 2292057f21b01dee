import type { DriftView } from '@twinloop/client';
import { Link } from '@tanstack/react-router';
import { fixed, percent, pValue, whole } from '../../format/numbers.js';
import { Bar } from '../../parts/histogram.js';
import { StatusMark } from '../../parts/status-mark.js';
import { Wide } from '../../parts/layout/wide.js';
import { changeWords } from './ranking.js';

/** The features by what matters: effect against what matters, corrected p, n, importance, one sentence. */
export function Features(props: {
  project: string;
  endpoint: string;
  drift: readonly DriftView[];
  chosen: string | undefined;
}) {
  const { project, endpoint, drift, chosen } = props;
  return (
    <Wide label="Features">
      <table className="table">
        <thead>
          <tr>
            <th>Feature</th>
            <th>State</th>
            <th colSpan={2}>Effect, and what matters</th>
            <th className="num">Adjusted p</th>
            <th className="num">n</th>
            <th className="num">Importance</th>
            <th>In words</th>
          </tr>
        </thead>
        <tbody>
          {drift.map(d => (
            <tr key={d.feature} className={d.feature === chosen ? 'bg-accent-wash' : ''}>
              <td>
                <Link
                  to="/p/$project/monitors/$endpoint"
                  params={{ project, endpoint }}
                  search={{ feature: d.feature }}
                  replace
                  resetScroll={false}
                  aria-current={d.feature === chosen ? 'true' : undefined}
                  className="link"
                >
                  <code>{d.feature}</code>
                </Link>
              </td>
              <td>
                <span className="flex items-center gap-1.5 whitespace-nowrap">
                  <StatusMark mark={d.drifted ? 'attention' : d.n === 0 ? 'idle' : 'ok'} />
                  {d.drifted ? 'drifted' : d.n === 0 ? 'not read yet' : 'within'}
                </span>
              </td>
              <td className="w-[88px] min-w-[88px] pt-[9px]!">
                <EffectBar drift={d} />
              </td>
              <td className="num">
                {fixed(d.effect, 2)} <span className="text-soft">/ {fixed(d.tolerance, 2)}</span>
              </td>
              <td className="num">{pValue(d.adjustedP)}</td>
              <td className="num">{whole(d.n)}</td>
              <td className="num">{percent(d.importance)}</td>
              <td className="min-w-[220px] max-md:whitespace-nowrap">{changeWords(d.sentence)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

/** The bar ends at four times what matters: everything beyond is simply far. */
function EffectBar({ drift }: { drift: DriftView }) {
  const share = drift.effect / Math.max(drift.tolerance, 1e-12) / 4;
  return <Bar share={share} limit={0.25} colour={drift.drifted ? 'attention' : 'line-strong'} width={72} />;
}
