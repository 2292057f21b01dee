import type { DriftView } from '@twinloop/client';
import { percent } from '../../format/numbers.js';
import { useWidth } from '../../parts/layout/use-width.js';
import { areaPath } from './density.js';

const HEIGHT = 168;
const BASE = HEIGHT - 20;

/** Then and now over the same bins, overlaid: grey what the model was trained on, in colour the current window. */
export function Distribution({ drift }: { drift: DriftView }) {
  const [ref, width] = useWidth(360);
  const { labels, edges, reference, current } = drift.distribution;
  const title = `${drift.feature}, then and now: ${drift.sentence}`;
  return (
    <figure ref={ref} className="min-w-0">
      <figcaption className="mb-1 flex flex-wrap gap-x-4 text-xs">
        <span className="whitespace-nowrap">
          <span className="mr-1.5 inline-block size-2.5 bg-line-strong align-[-1px] opacity-60" />
          then, in training
        </span>
        <span className="whitespace-nowrap text-accent">
          <span className="mr-1.5 inline-block h-0.5 w-3 bg-accent align-middle" />
          now, last window
        </span>
      </figcaption>
      {edges === undefined ? (
        <Categories labels={labels} reference={reference} current={current} />
      ) : (
        <svg width={width} height={HEIGHT} role="img" aria-label={title}>
          <path
            d={areaPath(reference, edges, width, BASE, top(reference, current))}
            fill="var(--color-line-strong)"
            opacity="0.45"
          />
          <path
            d={areaPath(current, edges, width, BASE, top(reference, current))}
            fill="var(--color-accent)"
            fillOpacity="0.12"
            stroke="var(--color-accent)"
            strokeWidth="1.75"
          />
          <path d={`M0 ${BASE}H${width}`} stroke="var(--color-line-strong)" />
          {[0, 0.5, 1].map(share => (
            <text
              key={share}
              x={share * width}
              y={HEIGHT - 5}
              fontSize="12"
              fill="var(--color-soft)"
              textAnchor={share === 0 ? 'start' : share === 1 ? 'end' : 'middle'}
            >
              {tick(edges[0]! + (edges.at(-1)! - edges[0]!) * share)}
            </text>
          ))}
        </svg>
      )}
    </figure>
  );
}

const top = (a: readonly number[], b: readonly number[]): number => Math.max(1e-12, ...a, ...b);
const tick = (value: number): string => Number(value.toPrecision(3)).toLocaleString('en').replace('-', '−');

function Categories({
  labels,
  reference,
  current,
}: {
  labels: readonly string[];
  reference: readonly number[];
  current: readonly number[];
}) {
  const most = top(reference, current);
  return (
    <ul className="grid gap-1.5 pt-1">
      {labels.map((label, i) => (
        <li key={label} className="grid grid-cols-[72px_1fr_112px] items-center gap-3 text-xs">
          <span className="truncate">{label}</span>
          <span className="grid gap-0.5" aria-hidden="true">
            <span
              className="block h-1.5 bg-line-strong opacity-60"
              style={{ width: `${(reference[i]! / most) * 100}%` }}
            />
            <span className="block h-1.5 bg-accent" style={{ width: `${(current[i]! / most) * 100}%` }} />
          </span>
          <span className="text-right whitespace-nowrap">
            {percent(reference[i]!)} → {percent(current[i]!)}
          </span>
        </li>
      ))}
    </ul>
  );
}
