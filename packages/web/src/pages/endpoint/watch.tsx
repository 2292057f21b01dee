import type { WatchView } from '@twinloop/client';
import { fixed, interval, signed, whole } from '../../format/numbers.js';
import { Chart } from '../../parts/chart/chart.js';
import { Facts } from '../../parts/page.js';
import { StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { BettingSpark } from '../loop/break-it/betting-spark.js';
import { bettingOf } from '../loop/break-it/doing.js';
import { Guardrails } from './guardrails.js';
import { watchInWords } from './standing.js';

const ZERO = [{ value: 0, label: 'no difference' }] as const;

/** A promotion that can still be rolled back by itself: the model before it answers the same requests in shadow. */
export function Watch({ watch }: { watch: WatchView }) {
  const { curve, evidence, held } = watch;
  const bounded = curve.some(p => Number.isFinite(p.low) && Number.isFinite(p.high));
  const against = evidence === null ? undefined : bettingOf(evidence);
  const betting = against === undefined ? undefined : { ...against, n: evidence?.n ?? 0 };
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
          <div className="max-w-[640px] py-2">
            <p className="text-soft">
              {betting === undefined
                ? 'The first labels that both models have answered for will show here.'
                : `The evidence against the promoted model: e-value ${fixed(betting.value, 1)}; at ${fixed(betting.boundary, 0)} it is rolled back by itself.`}
            </p>
            {betting !== undefined && <BettingSpark now={betting} />}
          </div>
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
              [
                'Promoted',
                <code key="m" className="[overflow-wrap:anywhere]">
                  {watch.model}
                </code>,
              ],
              [
                'In shadow',
                <code key="p" className="[overflow-wrap:anywhere]">
                  {watch.previous}
                </code>,
              ],
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
              ...(betting === undefined
                ? ([['Interval', interval(evidence?.interval)]] as const)
                : ([['E-value', `${fixed(betting.value, 1)} of ${fixed(betting.boundary, 0)}`]] as const)),
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
