import type { Evidence } from '@twinloop/client';
import { figure } from '../../../format/numbers.js';
import { scaleOf } from './groups.js';

const WIDTH = 150;
const HEIGHT = 20;

/** A figure with its interval against its limit, on an axis of its own: a dot, a band, a dashed line. */
export function IntervalMark({ evidence }: { evidence: Evidence }) {
  const scale = scaleOf(evidence.value, evidence.interval, evidence.threshold);
  if (scale === undefined) return null;
  const { value, interval, limit } = scale;
  const limitWords = evidence.threshold === undefined ? '' : `, limit ${figure(evidence.threshold)}`;
  const intervalWords =
    evidence.interval === undefined
      ? ''
      : `, interval ${figure(evidence.interval[0])} to ${figure(evidence.interval[1])}`;
  return (
    <svg
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`${figure(evidence.value)}${intervalWords}${limitWords}`}
      className="block"
    >
      <line x1="0" x2={WIDTH} y1="10" y2="10" stroke="var(--color-line)" />
      {interval !== undefined && (
        <line
          x1={interval[0] * WIDTH}
          x2={interval[1] * WIDTH}
          y1="10"
          y2="10"
          stroke="var(--color-accent)"
          strokeWidth="5"
          strokeLinecap="round"
          opacity="0.35"
        />
      )}
      <circle cx={value * WIDTH} cy="10" r="3.5" fill="var(--color-accent)" />
      {limit !== undefined && (
        <line
          x1={limit * WIDTH}
          x2={limit * WIDTH}
          y1="2"
          y2="18"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeDasharray="3 2"
        />
      )}
    </svg>
  );
}
