import { describe, expect, test } from 'vitest';
import { figureEight, STAGES } from './geometry.js';

describe.each([358, 560, 768, 1100])('the figure at %i px', width => {
  const figure = figureEight(width);

  test('every stage and every arc lies inside', () => {
    for (const { x, y } of [
      ...Object.values(figure.nodes),
      ...figure.arrows,
      figure.dataDrift.label,
      figure.modelDrift.label,
    ]) {
      expect(x).toBeGreaterThanOrEqual(12);
      expect(x).toBeLessThanOrEqual(width - 12);
      expect(y).toBeGreaterThanOrEqual(8);
      expect(y).toBeLessThanOrEqual(figure.height - 8);
    }
  });

  test('deploy is where the loops cross; three stages stand on either side, mirrored', () => {
    const { data, build, test: gates, deploy, serve, monitor, learn } = figure.nodes;
    expect(deploy.x).toBeCloseTo(width / 2, 6);
    expect(deploy.y).toBeCloseTo(figure.height / 2, 6);
    for (const [left, right] of [
      [data, serve],
      [build, monitor],
      [gates, learn],
    ] as const) {
      expect(left.x + right.x).toBeCloseTo(width, 6);
      expect(left.y).toBeCloseTo(right.y, 6);
    }
  });

  test('the work goes round both loops: each segment starts where the one before ends', () => {
    const ends = STAGES.map(([stage]) => figure.segments[stage].match(/-?[\d.]+ -?[\d.]+/g)!);
    ends.forEach((points, i) => expect(points.at(-1)).toBe(ends[(i + 1) % ends.length]![0]));
  });
});
