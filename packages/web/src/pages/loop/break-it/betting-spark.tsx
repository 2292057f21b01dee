import { useState } from 'react';
import { fixed, whole } from '../../../format/numbers.js';
import { useWidth } from '../../../parts/layout/use-width.js';
import type { Betting } from './doing.js';

const HEIGHT = 48;

/** The e-value as it grew while this page looked, on a logarithmic scale, against the one that decides. */
export function BettingSpark({ now }: { now: Betting }) {
  const [ref, width] = useWidth(380);
  const [seen, setSeen] = useState<readonly Betting[]>([now]);
  const last = seen.at(-1)!;
  if (last.n !== now.n || last.value !== now.value) setSeen([...seen, now]);
  const most = Math.max(1, now.n) * 1.1;
  const top = Math.log(Math.max(now.boundary, ...seen.map(p => p.value))) * 1.15;
  const x = (n: number): number => 2 + (n / most) * (width - 4);
  const y = (value: number): number =>
    HEIGHT - 3 - (Math.max(0, Math.log(Math.max(1, value))) / top) * (HEIGHT - 6);
  const path = [{ ...now, n: 0, value: 1 }, ...seen]
    .map((p, i) => `${i === 0 ? 'M' : 'L'}${x(p.n).toFixed(1)} ${y(p.value).toFixed(1)}`)
    .join('');
  const boundary = y(now.boundary);
  return (
    <div ref={ref} className="mt-1 min-w-0">
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`Evidence by label: e-value ${fixed(now.value, 1)} over ${whole(now.n)} labels; ${fixed(now.boundary, 0)} decides`}
        className="block"
      >
        <path d={`M0 ${boundary}H${width}`} stroke="var(--color-ink)" strokeDasharray="5 4" />
        <text x={2} y={boundary + 13} fontSize="12" fill="var(--color-soft)">
          decides at {fixed(now.boundary, 0)}
        </text>
        <path d={path} fill="none" stroke="var(--color-accent)" strokeWidth="1.75" />
        <circle cx={x(now.n)} cy={y(now.value)} r="2.5" fill="var(--color-accent)" />
      </svg>
    </div>
  );
}
