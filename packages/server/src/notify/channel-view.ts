import type { ChannelView, DeliveryView } from '@twinloop/client';
import type { DeliveryCounts, DeliveryRecord } from '@twinloop/kernel';
import type { ChannelConfig } from '@twinloop/loop/governance';
import { targetOf } from './channel.js';
import { deliveryId } from './message.js';

export function deliveryView(record: DeliveryRecord): DeliveryView {
  const { channel, event, seq, text, link, state, attempts, createdAt, nextAt, deliveredAt, lastError } =
    record;
  return {
    id: deliveryId(record),
    channel,
    event,
    seq,
    sentence: text,
    link,
    state,
    attempts,
    createdAt,
    nextAt,
    deliveredAt,
    lastError,
  };
}

/** @param recent the channel's newest deliveries, from which its state is read */
export function channelView(
  channel: ChannelConfig,
  recent: readonly DeliveryRecord[],
  counted: readonly DeliveryCounts[],
  withheld: number,
): ChannelView {
  const count = (state: DeliveryRecord['state']): number =>
    counted.find(one => one.channel === channel.name && one.state === state)?.count ?? 0;
  const deliveredAt = recent.flatMap(one => one.deliveredAt ?? []);
  const lastDeliveredAt = deliveredAt.length === 0 ? null : Math.max(...deliveredAt);
  // A failure counts until something arrived after its last attempt.
  const failing = recent
    .filter(
      ({ state, triedAt }) =>
        (state === 'failed' || state === 'given-up') && (triedAt ?? 0) > (lastDeliveredAt ?? -1),
    )
    .sort((a, b) => (b.triedAt ?? 0) - (a.triedAt ?? 0));
  const since = failing.flatMap(one => one.failingSince ?? []);
  const { name, kind, on, replay } = channel;
  return {
    name,
    kind,
    target: targetOf(channel),
    on,
    replay,
    state: failing.length > 0 ? 'failing' : lastDeliveredAt === null ? 'idle' : 'ok',
    lastDeliveredAt,
    failingSince: since.length === 0 ? null : Math.min(...since),
    lastError: failing[0]?.lastError ?? null,
    counts: {
      queued: count('queued'),
      delivered: count('delivered'),
      failed: count('failed'),
      givenUp: count('given-up'),
      withheld,
    },
  };
}
