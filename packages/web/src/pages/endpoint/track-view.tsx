import type { RolloutView, WatchView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { counted, interval, signed } from '../../format/numbers.js';
import { ledgerQuery } from '../../live/queries.js';
import { type Mark, StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { type TrackStage, trackOf } from './track.js';

const MARK: Readonly<Record<TrackStage['state'], Mark>> = {
  past: 'ok',
  now: 'working',
  next: 'idle',
  left: 'idle',
};

/** The stages of a rollout in a row, where it stands, since when, and on what evidence each began. */
export function Track(props: { project: string; rollout: RolloutView; watch: WatchView | null }) {
  const { project, rollout, watch } = props;
  const ledger = useQuery(ledgerQuery(project, 'all'));
  const stages = trackOf(rollout, watch, ledger.data ?? []);
  return (
    <ol
      aria-label={`Stages of ${rollout.rollout}`}
      className="mb-6 grid gap-x-4 gap-y-1 sm:auto-cols-fr sm:grid-flow-col"
    >
      {stages.map(stage => (
        <li
          key={stage.key}
          aria-current={stage.state === 'now' ? 'step' : undefined}
          className={`min-w-0 border-l-2 py-0.5 pl-2.5 sm:border-t-2 sm:border-l-0 sm:pt-2 sm:pl-0 ${stage.state === 'now' ? 'border-accent' : stage.state === 'past' ? 'border-ok' : 'border-line'}`}
        >
          <p className="flex flex-wrap items-center gap-x-1.5">
            <StatusMark
              mark={stage.key === 'rolled back' ? 'attention' : MARK[stage.state]}
              pulse={stage.state === 'now'}
            />
            <span
              className={stage.state === 'now' ? 'font-semibold' : stage.state === 'past' ? '' : 'text-soft'}
            >
              {stage.name}
            </span>
            <span className="text-soft">{stage.share}</span>
            <span className="sr-only">{WORD[stage.state]}</span>
          </p>
          <div className="text-xs text-soft">
            {stage.since !== null && (
              <p>
                since <Time at={stage.since} form="day" />
                {stage.until !== null && (
                  <>
                    , until <Time at={stage.until} form="day" />
                    {UNTIL[stage.key] ?? ' at least'}
                  </>
                )}
              </p>
            )}
            {stage.evidence !== null && stage.evidence.n > 0 && (
              <p title={`${stage.evidence.statistic}; ${stage.evidence.method}`}>
                {signed(stage.evidence.value, 4)}
                {stage.evidence.interval === undefined ? '' : ` in ${interval(stage.evidence.interval)}`},{' '}
                {counted(stage.evidence.n, 'label')}
              </p>
            )}
            {stage.state === 'left' && <p>not reached</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** A canary goes on when its time is over and its floor of requests is reached. */
const UNTIL: Readonly<Record<string, string>> = { shadow: ' at most', watched: '' };
const WORD: Readonly<Record<TrackStage['state'], string>> = {
  past: ', done',
  now: ', now',
  next: ', to come',
  left: ', not reached',
};
