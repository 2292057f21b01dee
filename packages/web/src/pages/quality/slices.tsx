import type { QualityView } from '@twinloop/client';
import { pValue, whole } from '../../format/numbers.js';
import { Wide } from '../../parts/layout/wide.js';
import { Range } from '../../parts/range.js';
import { Time } from '../../parts/time.js';
import { told, toldWithin } from './figures.js';

/** The parts of the answers that do worse than the rest beyond chance. */
export function Slices({ view }: { view: QualityView }) {
  const { slices } = view;
  const [metric] = view.metrics;
  if (slices === null || metric === undefined)
    return <p className="text-soft">With 200 labels the worst parts of the answers are searched.</p>;
  const { found, overall, rows } = slices;
  const span = (
    <>
      {whole(rows)} labelled answers, <Time at={slices.from} form="day" /> to{' '}
      <Time at={slices.until} form="day" />
    </>
  );
  if (found.length === 0)
    return (
      <p>
        No part does worse than the rest beyond chance. <span className="text-soft">Looked at: {span}.</span>
      </p>
    );
  const from = Math.min(overall.low, ...found.map(({ loss }) => loss.low));
  const until = Math.max(...found.map(({ loss }) => loss.high));
  return (
    <>
      <Wide label="Worst slices">
        <table className="table">
          <thead>
            <tr>
              <th>Slice</th>
              <th colSpan={2}>{metric.title} with its interval; line: all answers</th>
              <th className="num">All the others</th>
              <th className="num">Answers</th>
              <th className="num">Adjusted p</th>
            </tr>
          </thead>
          <tbody>
            {found.map(slice => (
              <tr key={slice.text}>
                <td className="min-w-[180px]">
                  {slice.predicates.map(({ column, value }, i) => (
                    <span key={column}>
                      {i > 0 && <span className="text-soft"> and </span>}
                      <code>{column}</code> {value}
                    </span>
                  ))}
                </td>
                <td className="w-[160px]">
                  <Range
                    {...slice.loss}
                    from={from}
                    until={until}
                    reference={overall.value}
                    colour="attention"
                  />
                </td>
                <td className="num">{toldWithin(metric, slice.loss)}</td>
                <td className="num">{told(metric, slice.rest)}</td>
                <td className="num">{whole(slice.loss.n)}</td>
                <td className="num">{pValue(slice.adjustedP)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <p className="mt-2 text-xs text-soft">{span}.</p>
    </>
  );
}
