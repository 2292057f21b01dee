import { fixed } from '../../format/numbers.js';
import { Wide } from '../../parts/layout/wide.js';
import { Range } from '../../parts/range.js';
import { Status } from '../../parts/status-mark.js';
import { type Disparity, points, pointsWithin, scaleOf } from './answer.js';

/** How far groups are apart, by criterion, against what is allowed. */
export function Disparities({ disparities }: { disparities: readonly Disparity[] }) {
  const until = scaleOf(disparities);
  return (
    <Wide label="Differences between groups">
      <table className="table">
        <thead>
          <tr>
            <th>Criterion</th>
            <th>Verdict</th>
            <th>
              0 to {fixed(100 * until, 0)} points<span className="max-md:sr-only">; dashes: the limit</span>
            </th>
            <th className="num">Difference</th>
            <th className="num">Allowed</th>
            <th>Between</th>
            <th>In words</th>
          </tr>
        </thead>
        <tbody>
          {disparities.map(each => (
            <tr key={each.metric}>
              <td className="min-w-[120px]">{each.title.replace(/ difference$/, '')}</td>
              <td>
                {each.status === null ? (
                  <span className="text-soft">{each.limit === null ? 'no limit' : 'not compared'}</span>
                ) : (
                  <Status status={each.status} />
                )}
              </td>
              <td className="w-[160px] pt-[7px]!">
                {each.value !== null && (
                  <Range
                    value={each.value}
                    low={each.low ?? each.value}
                    high={each.high ?? each.value}
                    from={0}
                    until={until}
                    limit={each.limit}
                    colour={
                      each.status === 'fail'
                        ? 'fail'
                        : each.status === 'inconclusive'
                          ? 'attention'
                          : 'accent'
                    }
                  />
                )}
              </td>
              <td className="num">
                {each.value === null ? (
                  '–'
                ) : (
                  <>
                    {points(each.value)} <span className="text-soft">{pointsWithin(each)}</span>
                  </>
                )}
              </td>
              <td className="num">{each.limit === null ? '–' : points(each.limit)}</td>
              <td className="whitespace-nowrap">
                {each.between === null ? '–' : `${each.between[0]} and ${each.between[1]}`}
              </td>
              <td className="min-w-[240px] max-md:whitespace-nowrap">{each.sentence}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
