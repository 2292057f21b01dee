import type { Stage } from '@twinloop/client';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Where each stage sits on the lemniscate, as its parameter in units of π, in the order of the work:
 * data, build and test on the left loop; deploy where the loops cross; serve, monitor and learn on the right.
 */
export const STAGES: readonly (readonly [Stage, number])[] = [
  ['data', 0.8],
  ['build', 1],
  ['test', 1.2],
  ['deploy', 1.5],
  ['serve', 1.8],
  ['monitor', 2],
  ['learn', 2.2],
];

export interface FigureEight {
  readonly width: number;
  readonly height: number;
  readonly compact: boolean;
  readonly track: string;
  readonly nodes: Readonly<Record<Stage, Point>>;
  /** From one stage to the next, the last one back to data. */
  readonly segments: Readonly<Record<Stage, string>>;
  /** Small arrow heads halfway along the segments, with their direction in degrees. */
  readonly arrows: readonly (Point & { readonly angle: number })[];
  readonly dataDrift: Arc;
  readonly modelDrift: Arc;
}

export interface Arc {
  readonly path: string;
  readonly label: Point;
  readonly head: Point & { readonly angle: number };
}

const NARROW = 560;

/** The figure for a width in pixels: a lemniscate of Bernoulli, stretched upright where there is little room. */
export function figureEight(width: number): FigureEight {
  const compact = width < NARROW;
  const height = compact ? 232 : 312;
  const centre = { x: width / 2, y: height / 2 };
  const reach = Math.min(width / 2 - (compact ? 22 : 30), 400);
  const rise = compact ? 58 * 2.83 : 94 * 2.83;
  const at = (t: number): Point => {
    const sin = Math.sin(t * Math.PI);
    const cos = Math.cos(t * Math.PI);
    const scale = 1 / (1 + sin * sin);
    return { x: centre.x + reach * cos * scale, y: centre.y + rise * sin * cos * scale };
  };
  const nodes = Object.fromEntries(STAGES.map(([stage, t]) => [stage, at(t)])) as Record<Stage, Point>;
  const segments = Object.fromEntries(
    STAGES.map(([stage, t], i) => [stage, polyline(at, t, STAGES[i + 1]?.[1] ?? 2.8)]),
  ) as Record<Stage, string>;
  const arrows = STAGES.filter(([stage]) => stage !== 'learn').map(([, t]) => heading(at, t + 0.14));
  const gap = 13;
  const { data, build, monitor } = nodes;
  return {
    width,
    height,
    compact,
    track: `${polyline(at, 0, 2)}Z`,
    nodes,
    segments,
    arrows,
    dataDrift: arc(monitor, data, -1, 12, gap),
    modelDrift: arc(monitor, build, 1, height - 12, gap),
  };
}

/** From the monitor over (or under) the whole figure to the stage that answers; `limit` is the height it touches. */
function arc(from: Point, to: Point, side: 1 | -1, limit: number, gap: number): Arc {
  const start = { x: from.x, y: from.y + side * gap };
  const end = { x: to.x, y: to.y + side * gap };
  // The middle of a cubic is (start + 3·control + 3·control + end) / 8.
  const control = (8 * limit - start.y - end.y) / 6;
  // The label sits where the arc is highest: past the middle when the arc ends higher than it starts.
  const t = (end.y - start.y) * side > -1 ? 0.5 : 0.62;
  const along = (p0: number, p1: number, p2: number, p3: number): number =>
    (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t ** 2 * p2 + t ** 3 * p3;
  const label = { x: along(start.x, from.x, to.x, end.x), y: along(start.y, control, control, end.y) };
  return {
    path: `M${round(start.x)} ${round(start.y)}C${round(from.x)} ${round(control)} ${round(to.x)} ${round(control)} ${round(end.x)} ${round(end.y)}`,
    label,
    head: { ...end, angle: side < 0 ? 90 : -90 },
  };
}

function polyline(at: (t: number) => Point, from: number, until: number): string {
  const steps = Math.max(2, Math.ceil((until - from) * 48));
  return Array.from({ length: steps + 1 }, (_, i) => at(from + ((until - from) * i) / steps))
    .map((p, i) => `${i === 0 ? 'M' : 'L'}${round(p.x)} ${round(p.y)}`)
    .join('');
}

function heading(at: (t: number) => Point, t: number): Point & { angle: number } {
  const before = at(t - 0.01);
  const after = at(t + 0.01);
  return { ...at(t), angle: (Math.atan2(after.y - before.y, after.x - before.x) * 180) / Math.PI };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
