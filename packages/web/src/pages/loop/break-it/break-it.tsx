import type { ChaosBoard, ChaosOffer } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useProject } from '../../../app/project.js';
import { chaosQuery } from '../../../live/queries.js';
import { History, Outcome } from './outcome.js';
import { OfferForm } from './offer-form.js';
import { Running } from './running.js';
import { Sentence } from './sentence.js';

/** Faults on purpose, for projects marked as a demo; nothing at all elsewhere. */
export function BreakIt() {
  const project = useProject();
  const { data, error } = useQuery(chaosQuery(project));
  if (data === undefined || !data.demo) return null;
  return (
    <section aria-labelledby="break-it" className="min-w-0">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 border-b border-line pb-1">
        <h2 id="break-it" className="text-base">
          Break it
        </h2>
        <p className="text-xs text-soft">a demo: break it on purpose, see it caught</p>
      </div>
      {data.running !== null ? (
        <Running project={project} fault={data.running} board={data} silent={error !== null} />
      ) : (
        data.history[0] !== undefined && <Outcome project={project} fault={data.history[0]} />
      )}
      <Offers board={data} project={project} />
      <History project={project} faults={data.history.slice(1)} />
    </section>
  );
}

function Offers({ board, project }: { board: ChaosBoard; project: string }) {
  const [open, setOpen] = useState<ChaosOffer['kind']>();
  const running = board.running !== null;
  return (
    <>
      {running && (
        <p className="pt-1.5 text-xs text-soft">One fault at a time: the others wait for its end.</p>
      )}
      <ul aria-label="Faults">
        {board.offers.map(offer => (
          <li key={offer.kind} className="border-b border-line">
            <Row
              offer={offer}
              open={open === offer.kind && !running}
              running={running}
              onToggle={() => setOpen(open === offer.kind ? undefined : offer.kind)}
            />
            {open === offer.kind && !running && offer.unavailable === null && (
              <OfferForm
                offer={offer}
                project={project}
                onStarted={() => setOpen(undefined)}
                onCancel={() => setOpen(undefined)}
              />
            )}
          </li>
        ))}
      </ul>
    </>
  );
}

/** One fault: its name, and what will happen or why it cannot. Pressed, it opens. */
function Row(props: { offer: ChaosOffer; open: boolean; running: boolean; onToggle: () => void }) {
  const { offer, open, running, onToggle } = props;
  const blocked = offer.unavailable !== null;
  return (
    <button
      type="button"
      aria-expanded={open}
      disabled={blocked || running}
      title={offer.unavailable ?? undefined}
      onClick={onToggle}
      className="grid w-full grid-cols-[16px_minmax(0,1fr)] items-baseline gap-x-1 py-1.5 pr-2 text-left enabled:hover:bg-raised focus-visible:-outline-offset-2"
    >
      <svg
        width="10"
        height="10"
        viewBox="-5 -5 10 10"
        aria-hidden="true"
        className={`text-soft ${blocked || running ? 'opacity-40' : ''} ${open ? 'rotate-90' : ''}`}
      >
        <path d="M-2-4 2 0-2 4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      </svg>
      <span className="min-w-0">
        <span className={blocked || running ? 'text-soft' : 'font-semibold'}>{offer.title}</span>
        {!running && !open && (
          <span className={`block text-xs text-soft ${blocked ? '' : 'truncate'}`}>
            <Sentence text={offer.unavailable ?? offer.description} />
          </span>
        )}
      </span>
    </button>
  );
}
