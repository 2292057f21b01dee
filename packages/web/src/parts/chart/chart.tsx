import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useDark } from '../../app/theme.js';
import { fixed, whole } from '../../format/numbers.js';
import { dayYear } from '../../format/time.js';
import { useWidth } from '../layout/use-width.js';
import { resolveColours } from './colours.js';
import { FiguresTable } from './figures-table.js';
import { type ChartData, lastShown, type Threshold, type VerticalMark } from './model.js';
import { makeOptions, toColumns } from './options.js';

export interface ChartProps {
  /** What is drawn, in one sentence, for those who cannot see it. */
  readonly title: string;
  readonly data: ChartData;
  readonly thresholds?: readonly Threshold[];
  readonly marks?: readonly VerticalMark[];
  readonly time?: boolean;
  /** What x counts, when it is not time. */
  readonly xLabel?: string;
  readonly height?: number;
  readonly decimals?: number;
  /** Charts with the same key share one crosshair. */
  readonly sync?: string;
}

const NONE: readonly never[] = [];

/** Lines with bands, thresholds and marks over time or a count. Its figures stand above it: the last ones, or those pointed at. */
export function Chart(props: ChartProps) {
  const {
    title,
    data,
    thresholds = NONE,
    marks = NONE,
    time = true,
    xLabel = '',
    height = 240,
    decimals = 3,
    sync,
  } = props;
  const [box, width] = useWidth(640);
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef({ data, thresholds, marks });
  const pointing = useRef(false);
  const [index, setIndex] = useState<number | null>(null);
  const dark = useDark();
  const shape = JSON.stringify([
    data.lines.map(l => [l.label, l.colour, l.width, l.dash]),
    data.bands?.length ?? 0,
    time,
  ]);
  latest.current = { data, thresholds, marks };

  // A plot is made anew only when its shape or the colours change; new values are put into it.
  useEffect(() => {
    if (host.current === null) return;
    const options = makeOptions({
      width: host.current.clientWidth,
      height,
      time,
      xLabel,
      drawn: () => latest.current,
      colour: resolveColours(host.current),
      sync,
      onPoint: setIndex,
    });
    plot.current = new uPlot(options, toColumns(latest.current.data, time), host.current);
    return () => plot.current?.destroy();
  }, [shape, dark, time, xLabel, height, sync]);

  useEffect(() => plot.current?.setSize({ width, height }), [width, height]);
  useEffect(() => {
    // While someone points at a value it must not slide away; it catches up when they leave.
    if (!pointing.current) plot.current?.setData(toColumns(data, time));
  }, [data, thresholds, marks, time]);

  const at = (index !== null && index < data.x.length ? index : undefined) ?? lastShown(data);
  return (
    <figure className="min-w-0" ref={box}>
      <figcaption className="sr-only">{title}</figcaption>
      <Readout data={data} at={at} time={time} xLabel={xLabel} decimals={decimals} marks={marks} />
      <div
        ref={host}
        role="img"
        aria-label={title}
        style={{ height }}
        onPointerEnter={() => {
          pointing.current = true;
        }}
        onPointerLeave={() => {
          pointing.current = false;
          plot.current?.setData(toColumns(latest.current.data, time));
        }}
      />
      <FiguresTable data={data} time={time} xLabel={xLabel} decimals={decimals} />
    </figure>
  );
}

function Readout(props: {
  data: ChartData;
  at: number | undefined;
  time: boolean;
  xLabel: string;
  decimals: number;
  marks: readonly VerticalMark[];
}) {
  const { data, at, time, xLabel, decimals, marks } = props;
  if (at === undefined) return <p className="h-5 text-xs text-soft">No figures yet</p>;
  const x = data.x[at]!;
  const reach = ((data.x.at(-1)! - data.x[0]!) / Math.max(1, data.x.length)) * 0.6;
  const near = marks.filter(mark => Math.abs(mark.at - x) <= reach);
  return (
    <>
      <p className="flex min-h-5 flex-wrap gap-x-4 text-xs">
        <span className="text-soft">{time ? dayYear(x) : `${whole(x)} ${xLabel}`}</span>
        {data.lines.map(line =>
          line.quiet === true || line.values[at] == null ? null : (
            <span key={line.label} className="whitespace-nowrap">
              <span
                className="mr-1 inline-block h-0.5 w-3 align-middle"
                style={{ background: `var(--color-${line.colour})` }}
              />
              {line.label}{' '}
              <b className="font-semibold">{fixed(line.values[at], line.decimals ?? decimals)}</b>
            </span>
          ),
        )}
        {data.bands?.map(band =>
          band.low[at] == null || band.high[at] == null ? null : (
            <span key={band.label} className="whitespace-nowrap text-soft">
              {band.label} [{fixed(band.low[at], decimals)}, {fixed(band.high[at], decimals)}]
            </span>
          ),
        )}
        {data.n?.[at] != null && <span className="text-soft">n = {whole(data.n[at])}</span>}
      </p>
      {marks.length > 0 && (
        // Always there, so that the chart does not move when a mark is pointed at.
        <p className="h-4 truncate text-xs">
          {near.map(mark => (
            <span key={`${mark.at}${mark.label}`} className="mr-4" title={mark.label}>
              <span style={{ color: `var(--color-${mark.colour})` }}>▼</span> {mark.label}
            </span>
          ))}
        </p>
      )}
    </>
  );
}
