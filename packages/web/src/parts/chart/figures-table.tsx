import { useState } from 'react';
import { fixed, whole } from '../../format/numbers.js';
import { dayYear } from '../../format/time.js';
import type { ChartData } from './model.js';

/** The chart's figures as a table, made when it is asked for. */
export function FiguresTable(props: { data: ChartData; time: boolean; xLabel: string; decimals: number }) {
  const { data, time, xLabel, decimals } = props;
  const [open, setOpen] = useState(false);
  const cell = (value: number | null | undefined) => (value == null ? '–' : fixed(value, decimals));
  return (
    <details className="mt-1 text-xs text-soft" onToggle={event => setOpen(event.currentTarget.open)}>
      <summary className="w-fit">Figures as a table</summary>
      {open && (
        <div className="scroll-x max-h-[280px] text-ink" tabIndex={0} role="region" aria-label="Figures">
          <table className="table">
            <thead>
              <tr>
                <th>{time ? 'Date' : xLabel}</th>
                {data.lines.map(line => (
                  <th key={line.label} className="num">
                    {line.label}
                  </th>
                ))}
                {data.bands?.map(band => (
                  <th key={band.label} className="num">
                    {band.label}
                  </th>
                ))}
                {data.n !== undefined && <th className="num">n</th>}
              </tr>
            </thead>
            <tbody>
              {data.x.map((x, i) => (
                <tr key={x}>
                  <td>{time ? dayYear(x) : whole(x)}</td>
                  {data.lines.map(line => (
                    <td key={line.label} className="num">
                      {cell(line.values[i])}
                    </td>
                  ))}
                  {data.bands?.map(band => (
                    <td key={band.label} className="num">
                      [{cell(band.low[i])}, {cell(band.high[i])}]
                    </td>
                  ))}
                  {data.n !== undefined && (
                    <td className="num">{data.n[i] == null ? '–' : whole(data.n[i])}</td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
