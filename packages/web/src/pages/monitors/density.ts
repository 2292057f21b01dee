/**
 * A histogram as a closed step path: bins may differ in width, so heights are densities (share / width),
 * scaled so that `top` (a share of a bin of mean width) touches the upper edge.
 */
export function areaPath(
  shares: readonly number[],
  edges: readonly number[],
  width: number,
  base: number,
  top: number,
): string {
  const low = edges[0];
  const high = edges.at(-1);
  if (low === undefined || high === undefined || high <= low) return '';
  const mean = (high - low) / Math.max(1, shares.length);
  const x = (value: number): number => round(((value - low) / (high - low)) * width);
  const steps = shares.map((share, i) => {
    const from = edges[i]!;
    const until = edges[i + 1] ?? high;
    const density = until > from ? (share * mean) / (until - from) : 0;
    const y = round(base - (density / top) * (base - 4));
    return `V${y}H${x(until)}`;
  });
  return `M0 ${base}${steps.join('')}V${base}Z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
