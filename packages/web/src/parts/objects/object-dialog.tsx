import type { DependantsView, ObjectKind } from '@twinloop/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { counted } from '../../format/numbers.js';
import { bytes } from '../../format/bytes.js';
import { clientOf } from '../../live/api.js';
import { dependantsQuery } from '../../live/queries.js';
import { ActionFoot } from '../action-foot.js';
import { Dialog } from '../dialog.js';
import { Loaded } from '../loaded.js';
import { kindInWords, objectCommands, type ObjectVerb } from './commands.js';

const WHAT: Readonly<Record<ObjectVerb, readonly [verb: string, description: string]>> = {
  archive: ['Archive', 'It leaves the lists. Nothing is removed, and it can be restored.'],
  restore: ['Restore', 'It stands in the lists again, as it was.'],
  delete: [
    'Delete',
    'Its records and bytes go for good. What the ledger says about it stays, and still verifies.',
  ],
};

/** Asks before it is done, and shows what hangs on the object before it goes. */
export function ObjectDialog(props: {
  verb: ObjectVerb;
  project: string;
  kind: ObjectKind;
  id: string;
  onClose: () => void;
  onDeleted?: () => void;
}) {
  const { verb, project, kind, id, onClose, onDeleted } = props;
  const query = useQuery({ ...dependantsQuery(project, kind, id), staleTime: 0 });
  const [reason, setReason] = useState('');
  const [confirm, setConfirm] = useState('');
  const [cascade, setCascade] = useState(false);
  const queries = useQueryClient();
  const client = clientOf(project);
  const act = useMutation({
    mutationFn: async (): Promise<void> => {
      if (verb === 'archive') await client.archiveObject(kind, id, reason.trim());
      else if (verb === 'restore') await client.restoreObject(kind, id);
      else
        await client.deleteObject(kind, id, {
          reason: reason.trim(),
          confirm,
          ...(cascade ? { cascade } : {}),
        });
    },
    onSuccess: () => {
      if (verb === 'delete') queries.removeQueries({ queryKey: [project, 'object', kind, id] });
      void queries.invalidateQueries({ queryKey: [project] });
      void queries.invalidateQueries({ queryKey: ['projects'] });
      onClose();
      if (verb === 'delete') onDeleted?.();
    },
  });
  const { data } = query;
  const blocked =
    data === undefined
      ? true
      : verb === 'delete'
        ? data.deletable === 'no' || (data.deletable === 'cascade' && !cascade) || confirm !== id
        : verb === 'archive' && data.inUse.length > 0;
  const needsReason = verb !== 'restore';
  const url = client.url(`/objects/${kind}/${encodeURIComponent(id)}`);
  const commands = objectCommands({
    verb,
    kind,
    id,
    project,
    reason: reason.trim() || 'why',
    cascade,
    url,
  });
  const title = `${WHAT[verb][0]} ${kindInWords(kind)} ${shortOf(id)}`;
  return (
    <Dialog open onOpenChange={open => !open && onClose()} title={title} description={WHAT[verb][1]}>
      <form
        onSubmit={event => {
          event.preventDefault();
          act.mutate();
        }}
      >
        {verb === 'delete' && <Loaded query={query}>{view => <Hangs view={view} />}</Loaded>}
        {verb === 'delete' && data?.deletable === 'cascade' && (
          <label className="mb-3 flex items-baseline gap-2">
            <input
              type="checkbox"
              className="accent-accent"
              checked={cascade}
              onChange={event => setCascade(event.target.checked)}
            />
            Delete them too
          </label>
        )}
        {needsReason && (
          <label className="mb-3 block">
            <span className="mb-1 block font-semibold">Reason, for the ledger</span>
            <input
              className="field w-full"
              value={reason}
              maxLength={500}
              onChange={event => setReason(event.target.value)}
            />
          </label>
        )}
        {verb === 'delete' && data?.deletable !== 'no' && (
          <label className="mb-4 block">
            <span className="mb-1 block">
              Type <code className="font-semibold [overflow-wrap:anywhere]">{id}</code> to confirm
            </span>
            <input
              className="field w-full font-mono text-xs"
              value={confirm}
              autoComplete="off"
              spellCheck={false}
              onChange={event => setConfirm(event.target.value)}
            />
          </label>
        )}
        <ActionFoot
          commands={commands}
          error={act.error}
          title={WHAT[verb][0]}
          disabled={blocked || act.isPending || (needsReason && reason.trim() === '')}
        />
      </form>
    </Dialog>
  );
}

/** A hash in an id is cut; the rest is as it is. */
const shortOf = (id: string): string => id.replace(/[0-9a-f]{32,}/g, hash => hash.slice(0, 12));

/** What was made of it, and what deleting frees. */
function Hangs({ view }: { view: DependantsView }) {
  const { dependants, because, deletable, bytes: freed } = view;
  return (
    <div className="mb-4">
      {because !== null && (
        <p className={deletable === 'no' ? 'mb-2 text-attention' : 'mb-2'}>
          {deletable === 'no' && '▲ '}
          {because}
        </p>
      )}
      {dependants.length === 0 ? (
        <p>Nothing hangs on it.</p>
      ) : (
        <>
          <p>{counted(dependants.length, 'thing')} made of it:</p>
          <ul
            className="max-h-[180px] overflow-y-auto border-l-2 border-line pl-3"
            tabIndex={0}
            aria-label="What was made of it"
          >
            {dependants.map(d => (
              <li key={`${d.kind} ${d.id}`} className="[overflow-wrap:anywhere]">
                {kindInWords(d.kind)} <code>{shortOf(d.id)}</code>
                <span className="text-xs text-soft">
                  {d.kind === 'rollout'
                    ? ' stays: it is history'
                    : d.inUse.length > 0
                      ? ` in use: ${d.inUse[0]}`
                      : d.archived
                        ? ' archived'
                        : ''}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="mt-2 text-xs text-soft">
        Frees {bytes(freed.own)}; with all that was made of it {bytes(freed.all)}.
      </p>
    </div>
  );
}
