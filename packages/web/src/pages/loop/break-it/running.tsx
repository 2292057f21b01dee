import type { ChaosBoard, ChaosView } from '@twinloop/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { counted, fixed, interval, percent, whole } from '../../../format/numbers.js';
import { clientOf } from '../../../live/api.js';
import { endpointQuery } from '../../../live/queries.js';
import { CopyButton } from '../../../parts/command.js';
import { ErrorPanel } from '../../../parts/error-panel.js';
import { EvidenceSpark } from '../../../parts/spark.js';
import { StatusMark } from '../../../parts/status-mark.js';
import { BettingSpark } from './betting-spark.js';
import { evidenceOf } from './doing.js';
import { Sentence } from './sentence.js';

/** The fault that runs: what it is, what it does to the client, what the loop knows, and the way out. */
export function Running(props: {
  project: string;
  fault: ChaosView;
  board: ChaosBoard;
  /** The server does not answer at this moment. */
  silent: boolean;
}) {
  const { project, fault, board, silent } = props;
  const endpoint = useQuery({ ...endpointQuery(project, fault.endpoint), refetchInterval: 500 });
  const queries = useQueryClient();
  const client = clientOf(project);
  const undo = useMutation({
    mutationFn: () => client.undoChaos(fault.chaos),
    onSuccess: () => queries.invalidateQueries({ queryKey: [project] }),
  });
  const offer = board.offers.find(o => o.kind === fault.kind);
  const head = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // In newer browsers it returns a promise, which is no clean-up.
    void head.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const doing = evidenceOf(fault.kind, endpoint.data);
  return (
    <div ref={head} className="scroll-mt-28 border-b border-line py-2.5" aria-busy="true">
      <p className="flex items-start gap-2">
        <span className="pt-0.5">
          <StatusMark mark="working" pulse />
        </span>
        <span className="min-w-0 font-semibold [overflow-wrap:anywhere]">
          <Sentence text={fault.sentence} />
        </span>
      </p>
      <dl className="mt-2 grid grid-cols-3 gap-x-4">
        <Count name="requests" value={whole(fault.requests)} />
        <Count
          name="failed"
          value={whole(fault.failedRequests)}
          note={fault.requests === 0 ? '' : percent(fault.failedRequests / fault.requests, 1)}
        />
        <Count name="labels" value={whole(fault.labels)} />
      </dl>
      <p role="status" className="mt-2 min-h-5 text-soft">
        {silent ? 'The server does not answer; it is asked again until it does.' : doing.words}
      </p>
      {doing.betting !== undefined && <BettingSpark now={doing.betting} />}
      {doing.curve !== undefined && doing.curve.length > 0 && (
        <div className="mt-1">
          <EvidenceSpark
            curve={doing.curve}
            label={`Evidence by label: difference ${fixed(doing.curve.at(-1)?.mean ?? 0, 3)}, interval ${interval(
              doing.curve.length === 0 ? undefined : [doing.curve.at(-1)!.low, doing.curve.at(-1)!.high],
              v => fixed(v, 3),
            )} over ${counted(doing.curve.at(-1)?.n ?? 0, 'label')}; the boundary is zero`}
          />
        </div>
      )}
      {offer?.undo != null && (
        <div className="mt-2 flex flex-wrap items-center gap-2">
          <button type="button" className="button" disabled={undo.isPending} onClick={() => undo.mutate()}>
            Undo
          </button>
          <span className="min-w-0 flex-1 text-xs text-soft">{offer.undo}</span>
          <CopyButton
            text={`twinloop chaos undo ${fault.chaos} --project ${project}`}
            label="Copy command"
            what="that undoes it"
          />
        </div>
      )}
      {undo.error !== null && <ErrorPanel error={undo.error} />}
    </div>
  );
}

function Count({ name, value, note = '' }: { name: string; value: string; note?: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-soft">{name}</dt>
      <dd className="text-base font-semibold">
        {value} {note !== '' && <span className="text-xs font-normal text-soft">{note}</span>}
      </dd>
    </div>
  );
}
