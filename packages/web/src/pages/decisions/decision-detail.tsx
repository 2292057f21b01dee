import type { Decision } from '@twinloop/client';
import { useMemo } from 'react';
import { kindOf, typeInWords } from '../../live/kinds.js';
import { evidenceIn, seqOf } from '../../live/payload.js';
import { CopyButton } from '../../parts/command.js';
import { EvidenceList } from '../../parts/evidence.js';
import { KindMark } from '../../parts/kind-mark.js';
import { Facts, Id } from '../../parts/page.js';
import { Time } from '../../parts/time.js';
import { causes } from './filter.js';

/** So many causes are listed, and the first of all. */
const NEAR = 4;

/** One decision: what, why, by whom, on which numbers, and what led to it. */
export function DecisionDetail(props: {
  decision: Decision;
  ledger: readonly Decision[];
  onOpen: (seq: number) => void;
  onClose: () => void;
}) {
  const { decision, ledger, onOpen, onClose } = props;
  const evidence = evidenceIn(decision.payload);
  const chain = useMemo(() => {
    const bySeq = new Map(ledger.map(d => [d.seq, d]));
    return causes(decision, seq => bySeq.get(seq), seqOf);
  }, [decision, ledger]);
  const episode = useMemo(
    () => (decision.correlation === null ? [] : ledger.filter(d => d.correlation === decision.correlation)),
    [decision, ledger],
  );
  return (
    <article aria-label={`Decision ${decision.seq}`} className="min-w-0">
      <div className="mb-2 flex items-center gap-2 text-soft">
        <KindMark kind={kindOf(decision.type)} />
        <span>
          #{decision.seq} · {typeInWords(decision.type)}
        </span>
        <span className="ml-auto flex">
          <CopyButton text={window.location.href} label="Copy link" />
          <button type="button" className="button button-quiet" onClick={onClose}>
            Close <kbd className="text-xs">Esc</kbd>
          </button>
        </span>
      </div>
      <h2 className="text-lg [overflow-wrap:anywhere]">{decision.sentence}</h2>
      <div className="my-4">
        <Facts
          min={140}
          items={[
            ['When', <Time key="a" at={decision.at} />],
            ['By', decision.actor],
            ['Episode', decision.correlation ?? 'none'],
            ['Recorded', <Time key="r" at={decision.recordedAt} />],
            ['Hash', <Id key="h" id={decision.hash} length={20} />],
          ]}
        />
      </div>
      {evidence.length > 0 && (
        <div className="mb-5">
          <h3 className="mb-1">Evidence</h3>
          <EvidenceList evidence={evidence} />
        </div>
      )}
      {chain.length > 0 && (
        <div className="mb-5">
          <h3 className="mb-1">What led to it</h3>
          <Links decisions={chain.slice(0, NEAR)} onOpen={onOpen} prefix="←" />
          {chain.length > NEAR + 1 && <p className="pl-6 text-soft">… {chain.length - NEAR - 1} between …</p>}
          {chain.length > NEAR && <Links decisions={chain.slice(-1)} onOpen={onOpen} prefix="⇤" />}
        </div>
      )}
      {episode.length > 1 && (
        <details className="mb-5">
          <summary className="w-fit font-semibold">The whole episode, {episode.length} decisions</summary>
          <Links decisions={episode} onOpen={onOpen} current={decision.seq} />
        </details>
      )}
      <details open={evidence.length === 0}>
        <summary className="w-fit font-semibold">Payload</summary>
        <pre
          className="scroll-x mt-1 max-h-[360px] overflow-y-auto bg-raised p-3"
          tabIndex={0}
          aria-label="Payload of the decision"
        >
          {JSON.stringify(decision.payload, null, 2)}
        </pre>
      </details>
    </article>
  );
}

function Links(props: {
  decisions: readonly Decision[];
  onOpen: (seq: number) => void;
  prefix?: string;
  current?: number;
}) {
  const { decisions, onOpen, prefix, current } = props;
  return (
    <ol className="grid gap-0.5">
      {decisions.map(d => (
        <li key={d.seq} className="grid grid-cols-[auto_56px_16px_1fr] gap-2">
          <span className="w-4 text-soft">{d.seq === current ? '●' : prefix}</span>
          <span className="text-soft">
            <Time at={d.at} form="day" />
          </span>
          <span className="pt-[2px]">
            <KindMark kind={kindOf(d.type)} />
          </span>
          <button
            type="button"
            className="link min-w-0 text-left [overflow-wrap:anywhere]"
            onClick={() => onOpen(d.seq)}
          >
            {d.sentence}
          </button>
        </li>
      ))}
    </ol>
  );
}
