import type { EndpointDetail } from '@twinloop/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { clientOf } from '../../live/api.js';
import { ActionFoot } from '../../parts/action-foot.js';
import { Dialog } from '../../parts/dialog.js';
import { type Action, asCommands } from './answer.js';

const WHAT: Readonly<Record<Action, readonly [title: string, description: string]>> = {
  promote: [
    'Promote the challenger',
    'It answers every request from the next one on; the present champion stays in shadow for the rollback window.',
  ],
  reject: ['Reject the challenger', 'The rollout ends; the champion stays in service.'],
  hold: [
    'Hold the policy',
    'No alarm of this endpoint is answered, and nothing is promoted, until it is resumed.',
  ],
  rollback: [
    'Roll back',
    'It answers every request from the next one on, under the version that it had. Alarms of this endpoint are not answered until the policy is resumed.',
  ],
  resume: ['Resume the policy', 'Alarms are answered and evidence decides again.'],
};

/** What an operator can do here; each action shows its command before it is taken. */
export function Actions({
  project,
  endpoint,
  trying,
  approval,
  rollsBackTo,
  answering,
  held,
}: {
  project: string;
  endpoint: string;
  trying: boolean;
  /** The challenger waits for a person to agree. */
  approval: boolean;
  rollsBackTo: EndpointDetail['rollsBackTo'];
  answering: EndpointDetail['champion'];
  held: boolean;
}) {
  const [action, setAction] = useState<Action>();
  const nothing =
    rollsBackTo === null ? 'Nothing to roll back to: no promotion has a model before it.' : undefined;
  return (
    <>
      <button
        type="button"
        className={`button ${approval ? 'button-main' : ''}`}
        disabled={!trying}
        onClick={() => setAction('promote')}
      >
        {approval ? 'Approve promotion …' : 'Promote …'}
      </button>
      <button type="button" className="button" disabled={!trying} onClick={() => setAction('reject')}>
        Reject …
      </button>
      <button type="button" className="button" onClick={() => setAction(held ? 'resume' : 'hold')}>
        {held ? 'Resume policy …' : 'Hold policy …'}
      </button>
      <button
        type="button"
        className="button"
        disabled={nothing !== undefined}
        title={nothing}
        aria-describedby={nothing === undefined ? undefined : 'no-rollback'}
        onClick={() => setAction('rollback')}
      >
        Roll back …
      </button>
      {nothing !== undefined && (
        <p id="no-rollback" className="basis-full text-xs text-soft md:text-right">
          {nothing}
        </p>
      )}
      {action !== undefined && (
        <ActionDialog
          key={action}
          action={action}
          project={project}
          endpoint={endpoint}
          changes={action === 'rollback' ? { from: answering, to: rollsBackTo } : undefined}
          onClose={() => setAction(undefined)}
        />
      )}
    </>
  );
}

function ActionDialog(props: {
  action: Action;
  project: string;
  endpoint: string;
  /** Who answers now, and who will. */
  changes: { from: EndpointDetail['champion']; to: EndpointDetail['rollsBackTo'] } | undefined;
  onClose: () => void;
}) {
  const { action, project, endpoint, changes, onClose } = props;
  const [reason, setReason] = useState('');
  const queries = useQueryClient();
  const client = clientOf(project);
  const run = useMutation({
    mutationFn: () =>
      action === 'resume' ? client.resume(endpoint) : client[action](endpoint, reason.trim()),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: [project] });
      onClose();
    },
  });
  const url = client.url(`/endpoints/${encodeURIComponent(endpoint)}/${action}`);
  const commands = asCommands({ action, project, endpoint, reason: reason.trim() || 'why', url });
  const [title, description] = WHAT[action];
  const needsReason = action !== 'resume';
  return (
    <Dialog open onOpenChange={open => !open && onClose()} title={title} description={description}>
      <form
        onSubmit={event => {
          event.preventDefault();
          run.mutate();
        }}
      >
        {changes?.to != null && (
          <p className="mb-4 border-l-2 border-accent pl-3">
            Comes back: version {changes.to.version}, <code>{changes.to.model}</code>.
            {changes.from !== null && (
              <>
                {' '}
                Leaves: version {changes.from.version}, <code>{changes.from.model}</code>.
              </>
            )}
          </p>
        )}
        {needsReason && (
          <label className="mb-4 block">
            <span className="mb-1 block font-semibold">Reason, for the ledger</span>
            <input
              className="field w-full"
              value={reason}
              onChange={event => setReason(event.target.value)}
              maxLength={500}
            />
          </label>
        )}
        <ActionFoot
          commands={commands}
          error={run.error}
          title={title}
          disabled={run.isPending || (needsReason && reason.trim() === '')}
        />
      </form>
    </Dialog>
  );
}
