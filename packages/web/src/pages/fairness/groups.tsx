import type { Estimated, FairnessAttributeView } from '@twinloop/client';
import { percent, whole } from '../../format/numbers.js';
import { Wide } from '../../parts/layout/wide.js';
import { Range } from '../../parts/range.js';
import { titleOf } from './answer.js';

/** Every figure of every group with its interval; a group that is too small to compare is grey. */
export function Groups({ view, minGroup }: { view: FairnessAttributeView; minGroup: number }) {
  const { metrics, groups } = view;
  const sorted = groups.toSorted((a, b) => b.n - a.n);
  return (
    <Wide label={`Figures by ${view.attribute}`}>
      <table className="table">
        <thead>
          <tr>
            <th>{view.attribute}</th>
            <th className="num">Labels</th>
            {metrics.map(metric => {
              const [title, meaning] = titleOf(metric);
              return (
                <th key={metric} title={meaning}>
                  {title}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ group, n, metrics: figures }) => {
            const small = n < minGroup;
            return (
              <tr key={group} className={small ? 'text-soft' : ''}>
                <td className="whitespace-nowrap">
                  {group === '' ? <i>missing</i> : group}
                  {small && <span className="ml-1.5 text-xs">too small</span>}
                </td>
                <td className="num">{whole(n)}</td>
                {metrics.map(metric => (
                  <td key={metric} className="min-w-[132px]">
                    <Figure figure={figures[metric]} small={small} />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Wide>
  );
}

function Figure({ figure, small }: { figure: Estimated | undefined; small: boolean }) {
  if (figure === undefined) return <>–</>;
  const { value, low, high, n } = figure;
  return (
    <span title={`${percent(value)} [${percent(low)}, ${percent(high)}] of ${whole(n)}`}>
      <span className="whitespace-nowrap">
        {percent(value)}{' '}
        <span className="text-xs text-soft">
          [{percent(low, 0).replace(' %', '')}, {percent(high, 0).replace(' %', '')}]
        </span>
      </span>
      <Range {...figure} from={0} until={1} colour={small ? 'line-strong' : 'accent'} width={120} />
    </span>
  );
}
