import type { ChannelView, NotificationsView } from '@twinloop/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { whole } from '../../format/numbers.js';
import { clientOf } from '../../live/api.js';
import { CopyButton } from '../../parts/command.js';
import { EmptyState } from '../../parts/empty-state.js';
import { ErrorPanel } from '../../parts/error-panel.js';
import { type Mark, StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';

const MARK: Readonly<Record<ChannelView['state'], Mark>> = { ok: 'ok', idle: 'idle', failing: 'fail' };

/** Each channel: where it goes, what it is told, how it stands; and a message sent now. */
export function Channels({ view, project }: { view: NotificationsView; project: string }) {
  if (view.channels.length === 0)
    return (
      <EmptyState
        title="The channels of this project will appear here"
        lines={[
          'notify:\n  - { name: ops, kind: slack, url: env:SLACK_WEBHOOK, on: [alarm, approval, rollback] }',
          'npx twinloop apply',
          'npx twinloop notify test ops',
        ]}
      >
        A signed webhook, Slack or mail, told of alarms, approvals that wait, promotions, refusals and
        rollbacks. Three lines of the project file declare one; addresses that are secrets stand there by
        reference.
      </EmptyState>
    );
  return (
    <ul>
      {view.channels.map(channel => (
        <Channel key={channel.name} channel={channel} project={project} />
      ))}
    </ul>
  );
}

function Channel({ channel, project }: { channel: ChannelView; project: string }) {
  const queries = useQueryClient();
  const test = useMutation({
    mutationFn: () => clientOf(project).testChannel(channel.name),
    onSettled: () => queries.invalidateQueries({ queryKey: [project, 'notifications'] }),
  });
  const { counts, state } = channel;
  return (
    <li className="grid items-start gap-x-6 gap-y-1.5 border-b border-line py-2.5 lg:grid-cols-[minmax(0,1fr)_minmax(0,340px)_minmax(0,340px)]">
      <div className="flex min-w-0 items-start gap-2">
        <span className="pt-0.5">
          <StatusMark mark={MARK[state]} />
        </span>
        <div className="min-w-0 [overflow-wrap:anywhere]">
          <span className="font-semibold">{channel.name}</span>{' '}
          <span className="text-soft">
            {channel.kind} to <code>{channel.target}</code>
          </span>
          <p className="text-xs text-soft">told of {channel.on.join(', ')}</p>
        </div>
      </div>
      <div className="min-w-0 pl-[22px] lg:pl-0">
        <p>
          {state === 'failing' ? 'failing' : state === 'ok' ? 'in order' : 'nothing sent yet'}
          {channel.failingSince !== null && (
            <>
              {' '}
              since <Time at={channel.failingSince} />
            </>
          )}
        </p>
        <p className="text-xs text-soft [overflow-wrap:anywhere]">
          {channel.lastError ??
            (channel.lastDeliveredAt === null ? (
              'no message has arrived yet'
            ) : (
              <>
                last arrived <Time at={channel.lastDeliveredAt} />
              </>
            ))}
        </p>
        <p className="text-xs text-soft">
          {whole(counts.delivered)} delivered, {whole(counts.queued)} queued, {whole(counts.failed)} to be
          retried, {whole(counts.givenUp)} given up
          {counts.withheld > 0 && `, ${whole(counts.withheld)} withheld: facts of a replay`}
        </p>
      </div>
      <div className="min-w-0 pl-[22px] lg:pl-0">
        <div className="flex flex-wrap items-center gap-1">
          <button type="button" className="button" disabled={test.isPending} onClick={() => test.mutate()}>
            {test.isPending ? 'Sending …' : 'Send a test message'}
            <span className="sr-only"> to {channel.name}</span>
          </button>
          <CopyButton
            text={`twinloop notify test ${channel.name} --project ${project}`}
            label="Copy command"
            what={`that tests ${channel.name}`}
          />
        </div>
        <p role="status" className="mt-1 text-xs [overflow-wrap:anywhere]">
          {test.data !== undefined && (
            <>
              <StatusMark mark={test.data.delivered ? 'ok' : 'fail'} />{' '}
              {test.data.delivered ? 'Arrived' : 'Did not arrive'}: {test.data.detail},{' '}
              {whole(test.data.milliseconds)} ms
            </>
          )}
        </p>
        {test.error !== null && <ErrorPanel error={test.error} />}
      </div>
    </li>
  );
}
