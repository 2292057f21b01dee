import type { EvidencePoint } from '@twinloop/client';
import { useWidth } from './layout/use-width.js';

const HEIGHT = 48;

/** A small curve of evidence: the mean, its always-valid interval, and the boundary at zero that the interval must leave. */
export function EvidenceSpark({ curve, label }: { curve: readonly EvidencePoint[]; label: string }) {
  const [ref, width] = useWidth(380);
  // The first looks have no bounds yet, and some methods have none at all.
  const bounded = curve.filter(p => Number.isFinite(p.low) && Number.isFinite(p.high));
  const last = curve.at(-1);
  // Set by the newest look: bounds of the first are so wide that nothing else could be seen.
  const reach =
    last === undefined
      ? 1
      : 1.15 *
        Math.max(
          ...[last.low, last.high, 2.2 * last.mean].filter(Number.isFinite).map(Math.abs),
          ...(bounded.length === 0 ? curve.map(p => Math.abs(p.mean)) : []),
          1e-9,
        );
  const most = Math.max(1, last?.n ?? 1);
  const x = (n: number): number => 2 + (n / most) * (width - 4);
  const y = (value: number): number =>
    HEIGHT / 2 - (Math.max(-reach, Math.min(reach, value)) / reach) * (HEIGHT / 2 - 3);
  const path = (value: (p: EvidencePoint) => number, points: readonly EvidencePoint[]): string =>
    points.map((p, i) => `${i === 0 ? 'M' : 'L'}${x(p.n).toFixed(1)} ${y(value(p)).toFixed(1)}`).join('');
  return (
    <div ref={ref} className="min-w-0">
      <svg width={width} height={HEIGHT} role="img" aria-label={label} className="block">
        {bounded.length > 1 && (
          <path
            d={`${path(p => p.high, bounded)}${path(p => p.low, [...bounded].reverse()).replace('M', 'L')}Z`}
            fill="var(--color-accent)"
            opacity="0.16"
          />
        )}
        <path d={`M0 ${HEIGHT / 2}H${width}`} stroke="var(--color-ink)" strokeDasharray="5 4" />
        <path d={path(p => p.mean, curve)} fill="none" stroke="var(--color-accent)" strokeWidth="1.75" />
        {last !== undefined && <circle cx={x(last.n)} cy={y(last.mean)} r="2.5" fill="var(--color-accent)" />}
      </svg>
    </div>
  );
}
