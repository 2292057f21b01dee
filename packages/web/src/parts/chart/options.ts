import uPlot from 'uplot';
import { fixed, whole } from '../../format/numbers.js';
import { type Colour, faded } from './colours.js';
import { type ChartData, decimalsOf, extent, type Threshold, timeTicks, type VerticalMark } from './model.js';

export interface Drawn {
  readonly data: ChartData;
  readonly thresholds: readonly Threshold[];
  readonly marks: readonly VerticalMark[];
}

const FONT = '12px -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';

/** uPlot's arrays: x, then each band's low and high, then the lines. Times in seconds, as uPlot wants them. */
export function toColumns(data: ChartData, time: boolean): uPlot.AlignedData {
  const x = time ? data.x.map(at => at / 1000) : [...data.x];
  const bands = (data.bands ?? []).flatMap(band => [[...band.low], [...band.high]]);
  return [x, ...bands, ...data.lines.map(line => [...line.values])] as uPlot.AlignedData;
}

export function makeOptions(input: {
  width: number;
  height: number;
  time: boolean;
  xLabel: string;
  drawn: () => Drawn;
  colour: (name: Colour) => string;
  sync: string | undefined;
  onPoint: (index: number | null) => void;
}): uPlot.Options {
  const { colour, drawn, time } = input;
  const { data } = drawn();
  const bands = data.bands ?? [];
  const axis = {
    stroke: colour('soft'),
    font: FONT,
    grid: { stroke: colour('line'), width: 1 },
    ticks: { show: false },
  };
  const label = data.lines.some(line => line.direct === true);
  return {
    width: input.width,
    height: input.height,
    legend: { show: false },
    padding: [10, label ? 84 : 8, 0, 0],
    cursor: {
      drag: { x: false, y: false },
      y: false,
      points: { size: 6 },
      ...(input.sync === undefined ? {} : { sync: { key: input.sync, setSeries: false } }),
    },
    scales: {
      x: { time },
      y: { range: () => extent(drawn().data, drawn().thresholds) ?? [0, 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        gap: 6,
        ...(input.xLabel === '' ? {} : { label: input.xLabel, labelSize: 18, labelFont: FONT }),
        values: (_: uPlot, ticks: number[]) =>
          time ? timeTicks(ticks.map(tick => tick * 1000)) : ticks.map(whole),
      },
      {
        ...axis,
        size: 52,
        gap: 8,
        values: (_: uPlot, ticks: number[], _axis: number, _space: number, step: number) =>
          ticks.map(tick => fixed(tick, decimalsOf(step))),
      },
    ],
    series: [
      {},
      ...bands.flatMap(() => [
        { stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } },
        { stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } },
      ]),
      ...data.lines.map(line => ({
        stroke: colour(line.colour),
        width: line.width ?? 1.75,
        spanGaps: true,
        ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
        points: { show: line.points === true, size: 5, fill: colour(line.colour) },
      })),
    ],
    bands: bands.map((band, i) => ({
      series: [2 * i + 2, 2 * i + 1],
      fill: faded(colour(band.colour), 0.16),
    })),
    hooks: {
      drawClear: [plot => drawMarks(plot, drawn(), colour, time)],
      draw: [plot => drawOver(plot, drawn(), colour)],
      setCursor: [plot => input.onPoint(plot.cursor.idx ?? null)],
    },
  };
}

/** Vertical marks lie behind the lines. */
function drawMarks(plot: uPlot, { marks }: Drawn, colour: (name: Colour) => string, time: boolean): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  ctx.save();
  for (const mark of marks) {
    const x = Math.round(plot.valToPos(time ? mark.at / 1000 : mark.at, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = faded(colour(mark.colour), 0.4);
    ctx.fillStyle = colour(mark.colour);
    ctx.lineWidth = ratio;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.beginPath();
    ctx.moveTo(x - 4 * ratio, bbox.top - 6 * ratio);
    ctx.lineTo(x + 4 * ratio, bbox.top - 6 * ratio);
    ctx.lineTo(x, bbox.top);
    ctx.fill();
  }
  ctx.restore();
}

/** Thresholds as dashes with their word, and the labels at the ends of lines, kept apart. */
function drawOver(plot: uPlot, { data, thresholds }: Drawn, colour: (name: Colour) => string): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.font = FONT.replace('12px', `${12 * ratio}px`);
  ctx.lineWidth = ratio;
  for (const threshold of thresholds) {
    const y = Math.round(plot.valToPos(threshold.value, 'y', true)) + 0.5;
    ctx.strokeStyle = colour('ink');
    ctx.setLineDash([5 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    // At the right end, below the line if there is room: curves that start wide have become narrow. A halo keeps it readable.
    const x = bbox.left + bbox.width - 6 * ratio;
    const room = y + 18 * ratio < bbox.top + bbox.height;
    const below = room ? y + 14 * ratio : y - 6 * ratio;
    ctx.setLineDash([]);
    ctx.textAlign = 'right';
    ctx.lineWidth = 4 * ratio;
    ctx.strokeStyle = colour('page');
    ctx.strokeText(threshold.label, x, below);
    ctx.fillStyle = colour('ink');
    ctx.fillText(threshold.label, x, below);
    ctx.textAlign = 'left';
    ctx.lineWidth = ratio;
  }
  const ends = data.lines
    .filter(line => line.direct === true)
    .flatMap(line => {
      const last = line.values.findLastIndex(value => value !== null);
      const x = plot.data[0][last];
      return last < 0 || x === undefined
        ? []
        : [{ line, x: plot.valToPos(x, 'x', true), y: plot.valToPos(line.values[last]!, 'y', true) }];
    })
    .sort((a, b) => a.y - b.y);
  let free = Number.NEGATIVE_INFINITY;
  ctx.textBaseline = 'middle';
  for (const { line, x, y } of ends) {
    const at = Math.max(y, free);
    free = at + 15 * ratio;
    ctx.fillStyle = colour(line.colour);
    ctx.fillText(line.label, x + 6 * ratio, at);
  }
  ctx.restore();
}
