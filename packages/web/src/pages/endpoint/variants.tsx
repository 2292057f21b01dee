import type { EndpointDetail, SplitView } from '@twinloop/client';
import { Link } from '@tanstack/react-router';
import { percent } from '../../format/numbers.js';
import { Wide } from '../../parts/layout/wide.js';
import { Status } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { nameOf } from './standing.js';

/** Who answers, who answers in shadow, and which share each has: the stream, and the same as a table. */
export function Variants({ project, detail }: { project: string; detail: EndpointDetail }) {
  const arms = detail.split.length > 0 ? detail.split : championAlone(detail);
  if (arms.length === 0)
    return (
      <p className="text-soft">
        No model of this project answers here: the first run that passes its gates is put into service.
      </p>
    );
  return (
    <>
      <Stream detail={detail} arms={arms} />
      <Wide label="Variants">
        <table className="table">
          <thead>
            <tr>
              <th>Variant</th>
              <th>Stage</th>
              <th>Traffic</th>
              <th>Model</th>
              <th>Algorithm</th>
              <th className="num">Version</th>
              <th>Since</th>
            </tr>
          </thead>
          <tbody>
            {arms.map(arm => {
              const known = [detail.champion, detail.challenger].find(v => v?.model === arm.model) ?? null;
              return (
                <tr key={`${arm.variant} ${arm.role}`}>
                  <td className="font-semibold">{arm.variant}</td>
                  <td>
                    <Status status={arm.role} />
                  </td>
                  <td className="min-w-[160px]">
                    {arm.role === 'live'
                      ? `${percent(arm.weight, 0)} of answers`
                      : '0 % of answers, a copy of every request'}
                  </td>
                  <td>
                    <Link
                      to="/p/$project/models/$model"
                      params={{ project, model: arm.model }}
                      className="link"
                    >
                      <code>{arm.model}</code>
                    </Link>
                  </td>
                  <td>{known?.algorithm ?? '–'}</td>
                  <td className="num">{arm.version}</td>
                  <td>{known === null ? '–' : <Time at={known.since} />}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Wide>
    </>
  );
}

function championAlone({ champion }: EndpointDetail): readonly SplitView[] {
  return champion === null
    ? []
    : [{ variant: 'champion', model: champion.model, version: champion.version, role: 'live', weight: 1 }];
}

const FILL = ['bg-accent', 'bg-ok', 'bg-line-strong'] as const;

/** The requests as one bar, parted by who answers; shadows run below it. */
function Stream({ detail, arms }: { detail: EndpointDetail; arms: readonly SplitView[] }) {
  const live = arms.filter(arm => arm.role === 'live');
  const shadows = arms.filter(arm => arm.role === 'shadow');
  const words = live.map(arm => `${nameOf(detail, arm)} ${percent(arm.weight, 0)}`).join(', ');
  return (
    <div className="mb-4" role="img" aria-label={`Requests: ${words === '' ? 'nobody answers' : words}`}>
      <div className="flex h-2 gap-px">
        {live.map((arm, i) => (
          <div
            key={arm.variant}
            className={`min-w-[3px] transition-[flex-grow] duration-150 ${FILL[i % FILL.length]}`}
            style={{ flexGrow: Math.max(arm.weight, 0.001), flexBasis: 0 }}
          />
        ))}
      </div>
      {shadows.map(arm => (
        <div key={arm.variant} className="mt-1 border-t border-dashed border-line-strong" />
      ))}
      <p className="mt-1.5 flex flex-wrap gap-x-5 text-xs" aria-hidden="true">
        {live.map((arm, i) => (
          <span key={arm.variant} className="flex items-center gap-1.5">
            <span className={`inline-block h-2 w-2 ${FILL[i % FILL.length]}`} />
            {nameOf(detail, arm)} <b className="font-semibold">{percent(arm.weight, 0)}</b>
          </span>
        ))}
        {shadows.map(arm => (
          <span key={arm.variant} className="flex items-center gap-1.5 text-soft">
            <span className="inline-block w-3 border-t border-dashed border-line-strong" />
            {nameOf(detail, arm)} in shadow
          </span>
        ))}
      </p>
    </div>
  );
}
