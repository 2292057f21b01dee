import type { ChaosView } from '@twinloop/client';
import { Link } from '@tanstack/react-router';
import { counted, whole } from '../../../format/numbers.js';
import { type Mark, StatusMark } from '../../../parts/status-mark.js';
import { Time } from '../../../parts/time.js';
import { Sentence } from './sentence.js';

const MARK: Readonly<Record<ChaosView['state'], Mark>> = {
  caught: 'ok',
  undone: 'idle',
  missed: 'attention',
  running: 'working',
};

/** What came of the last fault, in a sentence, with its decision. It stays until the next one. */
export function Outcome({ project, fault }: { project: string; fault: ChaosView }) {
  return (
    <div className="border-b border-line py-2.5" role="status">
      <p className="flex items-start gap-2">
        <span className="pt-0.5">
          <StatusMark mark={MARK[fault.state]} />
        </span>
        <span className="min-w-0 [overflow-wrap:anywhere]">
          <b className="font-semibold">{word(fault.state)}:</b> <Sentence text={fault.sentence} />
        </span>
      </p>
      <p className="mt-1 flex flex-wrap gap-x-4 pl-[22px] text-xs text-soft">
        <span>
          {counted(fault.requests, 'request')}, {whole(fault.failedRequests)} failed,{' '}
          {counted(fault.labels, 'label')}
        </span>
        {fault.decision !== null && <DecisionLink project={project} seq={fault.decision} />}
      </p>
    </div>
  );
}

/** Earlier faults, newest first. */
export function History({ project, faults }: { project: string; faults: readonly ChaosView[] }) {
  if (faults.length === 0) return null;
  return (
    <details className="py-1.5 text-soft">
      <summary className="w-fit">{counted(faults.length, 'earlier fault')}</summary>
      <ol className="max-h-[220px] overflow-y-auto" tabIndex={0} aria-label="Earlier faults, newest first">
        {faults.map(fault => (
          <li key={fault.chaos} className="grid grid-cols-[44px_16px_1fr] items-start gap-2 py-1">
            <Time at={fault.startedAt} form="day" />
            <span className="pt-0.5">
              <StatusMark mark={MARK[fault.state]} />
            </span>
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {word(fault.state)}: <Sentence text={fault.sentence} />{' '}
              {fault.decision !== null && <DecisionLink project={project} seq={fault.decision} />}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

const word = (state: ChaosView['state']): string => state[0]!.toUpperCase() + state.slice(1);

function DecisionLink({ project, seq }: { project: string; seq: number }) {
  return (
    <Link to="/p/$project/decisions" params={{ project }} search={{ seq }} className="link whitespace-nowrap">
      decision {seq}
    </Link>
  );
}
