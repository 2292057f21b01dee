import type { RolloutView } from '@twinloop/client';
import { lossDecimals, metricWords } from '../../format/loss.js';
import { fixed, interval, signed, whole } from '../../format/numbers.js';
import { Chart } from '../../parts/chart/chart.js';
import { Facts } from '../../parts/page.js';
import { Status } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { lastSeen, untilDecision, whyEnded } from './answer.js';

const ZERO = [{ value: 0, label: 'no difference' }] as const;

/** The evidence of one rollout against its boundary: a decision falls when the whole band has left zero. */
export function EvidenceCurve({ rollout }: { rollout: RolloutView }) {
  const { curve } = rollout;
  const last = curve.at(-1);
  // A rollout that a person promoted has no curve of its own; the watch after it may have ended it on labels.
  const told =
    curve.length === 0 && rollout.evidence !== null && rollout.evidence.n > 0 ? rollout.evidence : null;
  const seen = lastSeen(rollout);
  const open = rollout.status === 'open';
  const means = rollout.evidence?.means;
  const metric = metricWords(rollout.metric);
  const decimals = lossDecimals(last?.mean ?? 0) === 3 ? 4 : 1;
  return (
    <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1fr)_280px]">
      {curve.length === 0 ? (
        <p className="py-6 text-soft">
          {open
            ? 'No label has arrived for both variants yet. The curve starts with the first.'
            : told === null
              ? 'It ended before labels of both variants could be compared: there is no curve to show.'
              : `There is no curve: it ended on ${told.statistic}, ${told.method}.`}
        </p>
      ) : (
        <Chart
          title={`Evidence of ${rollout.rollout}: ${metric} of the champion minus that of the challenger, with its always-valid interval, by labels`}
          data={{
            x: curve.map(p => p.n),
            lines: [{ label: 'difference', values: curve.map(p => p.mean), colour: 'accent', width: 2 }],
            bands: [
              {
                label: 'always-valid interval',
                low: curve.map(p => p.low),
                high: curve.map(p => p.high),
                colour: 'accent',
              },
            ],
          }}
          thresholds={ZERO}
          time={false}
          xLabel="labels"
          decimals={decimals}
          height={280}
        />
      )}
      <div className="min-w-0">
        <Facts
          min={124}
          items={[
            ['Verdict', <Status key="v" status={rollout.status} />],
            ['Labels', seen === undefined ? '0' : whole(seen.n)],
            [
              'Difference',
              seen === undefined ? (
                '–'
              ) : (
                <b key="d" className="font-semibold">
                  {signed(seen.mean, decimals)}
                </b>
              ),
            ],
            [
              'Interval',
              last === undefined ? '–' : interval([last.low, last.high], value => fixed(value, decimals)),
            ],
            ['Started', <Time key="s" at={rollout.startedAt} form="dayYear" />],
            open
              ? ['Until we know', untilDecision(rollout)]
              : [
                  'Ended',
                  rollout.endedAt === null ? '–' : <Time key="e" at={rollout.endedAt} form="dayYear" />,
                ],
          ]}
        />
        {!open && <p className="mt-3">{whyEnded(rollout)}</p>}
        {(open || curve.length > 0) && (
          <p className="mt-3 text-xs text-soft">
            Above zero the challenger is better: its {metric} is lower on the same labels.{' '}
            {means !== undefined &&
              rollout.metric === 'squared_error' &&
              `RMSE ${fixed(Math.sqrt(means[1]), 2)} against ${fixed(Math.sqrt(means[0]), 2)} of the champion. `}
            {rollout.evidence === null
              ? ''
              : `Method: ${rollout.evidence.method}; it stays valid however often one looks.`}
            {rollout.evidence?.threshold !== undefined &&
              rollout.evidence.threshold !== 0 &&
              ` Boundary ${fixed(rollout.evidence.threshold, 4)}.`}
          </p>
        )}
      </div>
    </div>
  );
}
