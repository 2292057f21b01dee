import type { WatchView } from '@twinloop/client';
import { interval, signed, whole } from '../../format/numbers.js';
import { Chart } from '../../parts/chart/chart.js';
import { Facts } from '../../parts/page.js';
import { StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { Guardrails } from './guardrails.js';
import { watchInWords } from './standing.js';

const ZERO = [{ value: 0, label: 'no difference' }] as const;

/** A promotion that can still be rolled back by itself: the model before it answers the same requests in shadow. */
export function Watch({ watch }: { watch: WatchView }) {
  const { curve, evidence, held } = watch;
  const bounded = curve.some(p => Number.isFinite(p.low) && Number.isFinite(p.high));
  const bound = (value: number): number | null => (Number.isFinite(value) ? value : null);
  return (
    <>
      <p className="mb-4 flex items-start gap-2">
        <span className="pt-0.5">
          <StatusMark mark={held === null ? 'working' : 'attention'} pulse={held === null} />
        </span>
        <span className="max-w-[92ch]">{watchInWords(watch)}</span>
      </p>
      <div className="grid gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,1fr)_280px]">
        {curve.length === 0 ? (
          <p className="py-6 text-soft">
            The curve starts with the first label that both models have answered for.
          </p>
        ) : (
          <Chart
            title={`The watch after the promotion of ${watch.model}: loss of the previous model minus that of the promoted one, by labels`}
            data={{
              x: curve.map(p => p.n),
              lines: [{ label: 'difference', values: curve.map(p => p.mean), colour: 'accent', width: 2 }],
              ...(bounded
                ? {
                    bands: [
                      {
                        label: 'always-valid interval',
                        low: curve.map(p => bound(p.low)),
                        high: curve.map(p => bound(p.high)),
                        colour: 'accent' as const,
                      },
                    ],
                  }
                : {}),
            }}
            thresholds={ZERO}
            time={false}
            xLabel="labels"
            decimals={4}
            height={220}
          />
        )}
        <div className="min-w-0">
          <Facts
            min={124}
            items={[
              ['Promoted', <code key="m">{watch.model}</code>],
              ['In shadow', <code key="p">{watch.previous}</code>],
              ['Since', <Time key="s" at={watch.since} />],
              ['Watched until', <Time key="u" at={watch.until} />],
              [
                'Difference',
                evidence === null ? (
                  '–'
                ) : (
                  <b key="d" className="font-semibold">
                    {signed(evidence.value, 4)}
                  </b>
                ),
              ],
              ['Interval', interval(evidence?.interval)],
              ['Labels', evidence === null ? '0' : whole(evidence.n)],
              ...(held === null ? [] : ([['Held since', <Time key="h" at={held.since} />]] as const)),
            ]}
          />
          <p className="mt-3 text-xs text-soft">
            Below zero the promoted model is worse than the one before it; when that is certain it is rolled
            back by itself.{' '}
            {evidence === null ? '' : `Method: ${evidence.method}; it stays valid however often one looks.`}
          </p>
        </div>
      </div>
      {watch.guardrails.length > 0 && (
        <div className="mt-4">
          <Guardrails readings={watch.guardrails} label="Guardrails of the watch" />
        </div>
      )}
    </>
  );
}
