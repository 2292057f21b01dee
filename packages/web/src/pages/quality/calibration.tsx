import type { CalibrationView } from '@twinloop/client';
import { fixed, percent, whole } from '../../format/numbers.js';
import { Facts } from '../../parts/page.js';

const SIZE = 240;
const EDGE = 30;

/** Predicted against observed, with intervals: on the diagonal the answers mean what they say. */
export function Calibration({ view }: { view: CalibrationView }) {
  const most = Math.min(
    1,
    1.08 * Math.max(...view.bins.flatMap(({ predicted, observed }) => [predicted, observed.high])),
  );
  const x = (share: number): number => EDGE + (share / most) * (SIZE - EDGE - 6);
  const y = (share: number): number => SIZE - EDGE - (share / most) * (SIZE - EDGE - 6);
  const ticks = [0, most / 2, most];
  return (
    <div className="flex flex-wrap items-start gap-x-10 gap-y-4">
      <svg
        width={SIZE}
        height={SIZE}
        role="img"
        aria-label={`Observed against predicted rate in ${view.bins.length} bins: ${view.bins
          .map(({ predicted, observed }) => `${percent(predicted)} came ${percent(observed.value)}`)
          .join(', ')}`}
      >
        <path
          d={`M${x(0)} ${y(0)}L${x(most)} ${y(most)}`}
          stroke="var(--color-line-strong)"
          strokeDasharray="4 3"
        />
        <path d={`M${x(0)} ${y(most)}V${y(0)}H${x(most)}`} fill="none" stroke="var(--color-line-strong)" />
        {ticks.map(share => (
          <g key={share} fontSize="12" fill="var(--color-soft)">
            <text x={x(share)} y={SIZE - 14} textAnchor="middle">
              {fixed(share * 100, 0)}
            </text>
            <text x={EDGE - 5} y={y(share) + 4} textAnchor="end">
              {fixed(share * 100, 0)}
            </text>
          </g>
        ))}
        <text x={x(most / 2)} y={SIZE - 1} fontSize="12" fill="var(--color-soft)" textAnchor="middle">
          predicted, %
        </text>
        {view.bins.map(({ predicted, observed }) => (
          <g key={predicted} stroke="var(--color-accent)" fill="var(--color-accent)">
            <path
              d={`M${x(predicted)} ${y(observed.low)}V${y(Math.min(most, observed.high))}`}
              strokeWidth="1.5"
            />
            <circle cx={x(predicted)} cy={y(observed.value)} r="3.5" stroke="none">
              <title>{`predicted ${percent(predicted)}, came ${percent(observed.value)} of ${whole(observed.n)}`}</title>
            </circle>
          </g>
        ))}
      </svg>
      <div className="min-w-[220px] flex-1">
        <p className="mb-3">{sentenceOf(view)}</p>
        <Facts
          items={[
            [
              'Calibration error (ECE)',
              `${fixed(view.error.value, 3)} [${fixed(view.error.low, 3)}, ${fixed(view.error.high, 3)}]`,
            ],
            ['Slope, 1 is right', fixed(view.slope, 2)],
            ['Intercept, 0 is right', fixed(view.intercept, 2)],
          ]}
        />
        <p className="mt-3 text-xs text-soft">
          Bins of equal counts; whiskers are 95 % Wilson intervals. A slope below 1 says that the answers are
          too extreme, above 1 too timid.
        </p>
      </div>
    </div>
  );
}

function sentenceOf({ bins }: CalibrationView): string {
  const off = bins.filter(({ predicted, observed }) => predicted < observed.low || predicted > observed.high);
  if (off.length === 0) return 'Every bin holds its promise: the answers mean what they say.';
  const high = off.filter(({ predicted, observed }) => predicted > observed.high).length;
  const words =
    high === off.length
      ? 'promise more than comes'
      : high === 0
        ? 'promise less than comes'
        : 'miss what comes';
  return `${off.length} of ${bins.length} bins ${words}.`;
}
