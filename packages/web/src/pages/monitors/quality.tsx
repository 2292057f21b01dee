import type { MonitorsView } from '@twinloop/client';
import { useMemo, useState } from 'react';
import { lossDecimals, lossTitle } from '../../format/loss.js';
import { counted, fixed, signed } from '../../format/numbers.js';
import { Chart } from '../../parts/chart/chart.js';
import type { VerticalMark } from '../../parts/chart/model.js';
import { byMonth, compared, monthlyAt } from './ranking.js';
import { Wide } from '../../parts/layout/wide.js';

/** Loss over time with its interval, against what other policies would have scored on the same rows. */
export function LossOverTime({ view, marks }: { view: MonitorsView; marks: readonly VerticalMark[] }) {
  const { quality, baselines } = view;
  const decimals = lossDecimals(quality.at(-1)?.loss ?? 0);
  const mean = (value: number | undefined): string => (value === undefined ? '–' : fixed(value, decimals));
  const [lit, setLit] = useState<string>();
  const data = useMemo(
    () => ({
      x: quality.map(p => (p.from + p.until) / 2),
      n: quality.map(p => p.n),
      bands: [
        {
          label: 'interval',
          low: quality.map(p => p.low),
          high: quality.map(p => p.high),
          colour: 'accent' as const,
        },
      ],
      lines: [
        ...baselines.map(b => ({
          label: b.title,
          values: monthlyAt(quality, b.months),
          colour: b.name === lit ? ('ink' as const) : ('line-strong' as const),
          width: b.name === lit ? 2 : 1,
          dash: b.name === lit ? [] : [2, 3],
          quiet: b.name !== lit,
        })),
        {
          label: 'this loop',
          values: quality.map(p => p.loss),
          colour: 'accent' as const,
          width: 2,
          direct: true,
        },
      ],
    }),
    [quality, baselines, lit],
  );
  const {
    own,
    baselines: means,
    months,
  } = useMemo(
    () => compared(byMonth(quality, view.loss.metric), baselines),
    [quality, baselines, view.loss.metric],
  );
  return (
    <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1fr)_360px]">
      <Chart
        title={`${lossTitle(view.loss)} of the loop by week with its interval, and by month of other policies`}
        decimals={decimals}
        data={data}
        marks={marks}
        sync="monitors"
        height={280}
      />
      <Wide label="Policies" className="self-start">
        <table className="table">
          <thead>
            <tr>
              <th>Policy</th>
              <th className="num">Mean</th>
              <th className="num">Against the loop</th>
            </tr>
          </thead>
          <tbody>
            <tr className="font-semibold">
              <td>
                <span className="mr-2 inline-block h-0.5 w-3 bg-accent align-middle" />
                this loop
              </td>
              <td className="num">{mean(own ?? undefined)}</td>
              <td className="num" />
            </tr>
            {baselines.map(b => (
              <tr key={b.name} onPointerEnter={() => setLit(b.name)} onPointerLeave={() => setLit(undefined)}>
                <td>
                  <button
                    type="button"
                    className="text-left"
                    aria-pressed={lit === b.name}
                    onFocus={() => setLit(b.name)}
                    onBlur={() => setLit(undefined)}
                  >
                    {b.title}
                  </button>
                </td>
                <td className="num">{mean(means.get(b.name))}</td>
                <td className="num">
                  {own === null ? '–' : signed((means.get(b.name) ?? Number.NaN) - own, decimals)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p className="mt-2 text-xs text-soft">
          Mean {view.loss.title}
          {view.loss.unit === null ? '' : ` (${view.loss.unit})`} of the {counted(months, 'month')} that all
          have, lower is better; the loop's weeks are grouped by the month in which they start. Point at a
          policy to see its line.
        </p>
      </Wide>
    </div>
  );
}

/** Does the model still know how often it happens, or how much? */
export function RateOverTime({ view, marks }: { view: MonitorsView; marks: readonly VerticalMark[] }) {
  const { quality } = view;
  const rates = view.task !== 'regression';
  const data = useMemo(
    () => ({
      x: quality.map(p => (p.from + p.until) / 2),
      n: quality.map(p => p.n),
      lines: [
        {
          label: 'observed',
          values: quality.map(p => p.observed * (rates ? 100 : 1)),
          colour: 'ink' as const,
          direct: true,
        },
        {
          label: 'predicted',
          values: quality.map(p => p.predicted * (rates ? 100 : 1)),
          colour: 'accent' as const,
          direct: true,
        },
      ],
    }),
    [quality, rates],
  );
  return (
    <Chart
      title={
        rates
          ? 'Observed and predicted rate of the label by week, in percent'
          : `Observed and predicted mean of the label by week${view.loss.unit === null ? '' : `, in ${view.loss.unit}`}`
      }
      data={data}
      marks={marks}
      sync="monitors"
      height={200}
      decimals={1}
    />
  );
}
