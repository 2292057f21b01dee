import type { Decision } from '@twinloop/client';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useProject } from '../../app/project.js';
import { inlines } from '../../format/inline.js';
import { whole } from '../../format/numbers.js';
import { type Kind, kindOf } from '../../live/kinds.js';
import { Inlines } from '../../parts/inlines.js';
import { KindMark } from '../../parts/kind-mark.js';
import { Time } from '../../parts/time.js';

const STEP = 80;
/** What leads from an alarm to its end is read second. */
const QUIET: ReadonlySet<Kind> = new Set(['answer', 'run', 'rollout', 'model', 'window', 'operation']);

/** The story: one sentence a decision, newest on top. */
export function Timeline(props: {
  decisions: readonly Decision[];
  show: 'story' | 'all';
  onShow: (show: 'story' | 'all') => void;
}) {
  const { decisions, show, onShow } = props;
  const project = useProject();
  const [limit, setLimit] = useState(STEP);
  const shown = decisions.slice(-limit).reverse();
  return (
    <section aria-label="Timeline" className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex items-center justify-between border-b border-line pb-1">
        <h2 className="text-base">Timeline</h2>
        <fieldset className="flex gap-1">
          <legend className="sr-only">What the timeline shows</legend>
          {(['story', 'all'] as const).map(name => (
            <button
              key={name}
              type="button"
              className="button"
              aria-pressed={show === name}
              onClick={() => onShow(name)}
            >
              {name}
            </button>
          ))}
        </fieldset>
      </div>
      {shown.length === 0 && (
        <p className="py-3 text-soft">
          Nothing has been decided yet. Alarms, runs, rollouts and promotions will each leave one sentence
          here.
        </p>
      )}
      <ol className="min-h-0 flex-1 overflow-y-auto" tabIndex={0} aria-label="Decisions, newest first">
        {shown.map(decision => (
          <li key={decision.seq} className="border-b border-line">
            <Link
              to="/p/$project/decisions"
              params={{ project }}
              search={{ seq: decision.seq }}
              preload={false}
              className="grid grid-cols-[44px_16px_1fr] items-start gap-2 py-1.5 pr-2 hover:bg-raised focus-visible:-outline-offset-2"
            >
              <span className="text-soft">
                <Time at={decision.at} form="day" />
              </span>
              <span className="pt-[3px] leading-none">
                <KindMark kind={kindOf(decision.type)} />
              </span>
              <span
                className={`min-w-0 [overflow-wrap:anywhere] ${QUIET.has(kindOf(decision.type)) ? 'text-soft' : ''}`}
              >
                <Inlines parts={inlines(decision.sentence)} />
              </span>
            </Link>
          </li>
        ))}
        {decisions.length > limit && (
          <li className="py-2">
            <button type="button" className="button" onClick={() => setLimit(limit + 4 * STEP)}>
              Show more of {whole(decisions.length)}
            </button>
          </li>
        )}
      </ol>
    </section>
  );
}
