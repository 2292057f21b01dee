import type { DeliveryStatus, DeliveryView } from '@twinloop/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { clientOf } from '../../live/api.js';
import { deliveriesQuery } from '../../live/queries.js';
import { ErrorPanel } from '../../parts/error-panel.js';
import { Wide } from '../../parts/layout/wide.js';
import { Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/page.js';
import { type Mark, StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';

const STATES: readonly DeliveryStatus[] = ['queued', 'delivered', 'failed', 'given-up'];
const MARK: Readonly<Record<DeliveryStatus, Mark>> = {
  queued: 'working',
  delivered: 'ok',
  failed: 'attention',
  'given-up': 'fail',
};
const WORD: Readonly<Record<DeliveryStatus, string>> = {
  queued: 'queued',
  delivered: 'delivered',
  failed: 'to be retried',
  'given-up': 'given up',
};

/** Every message: what was told, whether it arrived, and another try. The filter stands in the address. */
export function Deliveries({ project, channels }: { project: string; channels: readonly string[] }) {
  const search = useSearch({ from: '/p/$project/settings' });
  const navigate = useNavigate({ from: '/p/$project/settings' });
  const state = STATES.find(s => s === search.state);
  const query = useQuery(
    deliveriesQuery(project, {
      ...(search.channel === undefined ? {} : { channel: search.channel }),
      ...(state === undefined ? {} : { state }),
    }),
  );
  const queries = useQueryClient();
  const retry = useMutation({
    mutationFn: (id: string) => clientOf(project).retryDelivery(id),
    onSettled: () => {
      void queries.invalidateQueries({ queryKey: [project, 'deliveries'] });
      void queries.invalidateQueries({ queryKey: [project, 'notifications'] });
    },
  });
  const choose = (change: { channel?: string | undefined; state?: string | undefined }): void =>
    void navigate({ search: old => ({ ...old, ...change }), replace: true, resetScroll: false });
  return (
    <Section title="Delivery log" note="newest first, at most 100">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <label className="flex items-center gap-1.5">
          <span className="text-soft">Channel</span>
          <select
            className="field"
            value={search.channel ?? ''}
            onChange={event => choose({ channel: event.target.value || undefined })}
          >
            <option value="">all</option>
            {channels.map(name => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label className="flex items-center gap-1.5">
          <span className="text-soft">State</span>
          <select
            className="field"
            value={state ?? ''}
            onChange={event => choose({ state: event.target.value || undefined })}
          >
            <option value="">all</option>
            {STATES.map(name => (
              <option key={name} value={name}>
                {WORD[name]}
              </option>
            ))}
          </select>
        </label>
        <span className="text-xs text-soft">
          from a terminal: <code>twinloop notify log</code>, <code>twinloop notify retry ID</code>
        </span>
      </div>
      {retry.error !== null && <ErrorPanel error={retry.error} />}
      <Loaded query={query}>
        {deliveries =>
          deliveries.length === 0 ? (
            <p className="py-2 text-soft">No message matches.</p>
          ) : (
            <Wide label="Deliveries" className="max-h-[420px] overflow-y-auto">
              <table className="table">
                <thead className="sticky top-0 bg-page">
                  <tr>
                    <th>State</th>
                    <th>Channel</th>
                    <th>What was told</th>
                    <th className="num">Tries</th>
                    <th>When</th>
                    <th>
                      <span className="sr-only">Again</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {deliveries.map(delivery => (
                    <Row
                      key={delivery.id}
                      delivery={delivery}
                      project={project}
                      busy={retry.isPending && retry.variables === delivery.id}
                      onRetry={() => retry.mutate(delivery.id)}
                    />
                  ))}
                </tbody>
              </table>
            </Wide>
          )
        }
      </Loaded>
    </Section>
  );
}

function Row(props: { delivery: DeliveryView; project: string; busy: boolean; onRetry: () => void }) {
  const { delivery, project, busy, onRetry } = props;
  return (
    <tr>
      <td className="whitespace-nowrap">
        <StatusMark mark={MARK[delivery.state]} /> {WORD[delivery.state]}
      </td>
      <td className="whitespace-nowrap">{delivery.channel}</td>
      <td className="min-w-[280px]">
        {delivery.event}:{' '}
        <Link
          to="/p/$project/decisions"
          params={{ project }}
          search={{ seq: delivery.seq }}
          preload={false}
          className="link"
        >
          {delivery.sentence}
        </Link>
        {delivery.lastError !== null && (
          <div className="text-xs text-soft">
            {delivery.lastError}
            {delivery.nextAt !== null && (
              <>
                ; tried again <Time at={delivery.nextAt} form="clock" />
              </>
            )}
          </div>
        )}
      </td>
      <td className="num">{delivery.attempts}</td>
      <td>
        <Time at={delivery.deliveredAt ?? delivery.createdAt} />
      </td>
      <td>
        {delivery.state !== 'delivered' && (
          <button type="button" className="button" disabled={busy} onClick={onRetry}>
            Retry<span className="sr-only"> {delivery.id}</span>
          </button>
        )}
      </td>
    </tr>
  );
}
