/** Wire types of notifications: `/notifications`. Times are wall time: messages go out while people are awake, not when a replay says so. */

import type { ChannelKind, DeliveryStatus, NotificationEvent } from '@twinloop/kernel';

/** GET /notifications: what the project file declares, and how it goes. No secrets and no addresses that are secrets. */
export interface NotificationsView {
  readonly channels: readonly ChannelView[];
  /** The project lives in virtual time: only channels with `replay: true` are told anything. */
  readonly virtual: boolean;
}
export interface ChannelView {
  readonly name: string;
  readonly kind: ChannelKind;
  /** Where it goes, as people may know it: a host, mail recipients; for an address by reference the reference itself. */
  readonly target: string;
  readonly on: readonly NotificationEvent[];
  readonly replay: boolean;
  readonly state: 'idle' | 'ok' | 'failing';
  readonly lastDeliveredAt: number | null;
  /** When the first failure since the last delivery was; null while nothing fails. */
  readonly failingSince: number | null;
  readonly lastError: string | null;
  readonly counts: {
    readonly queued: number;
    readonly delivered: number;
    readonly failed: number;
    readonly givenUp: number;
    /** Facts of a replay that were not sent because the channel does not say `replay: true`. */
    readonly withheld: number;
  };
}

/** GET /notifications/deliveries?channel=&state=&limit=, newest first; POST /notifications/deliveries/:id/retry answers one. */
export interface DeliveryView {
  /** `<channel>.<seq>`: the id that the receiver sees, equal for every attempt. */
  readonly id: string;
  readonly channel: string;
  readonly event: NotificationEvent;
  /** The fact that it tells. */
  readonly seq: number;
  readonly sentence: string;
  readonly link: string;
  readonly state: DeliveryStatus;
  readonly attempts: number;
  readonly createdAt: number;
  readonly nextAt: number | null;
  readonly deliveredAt: number | null;
  readonly lastError: string | null;
}

/** POST /notifications/:channel/test: a message went out now, and this is what happened. */
export interface TestMessageView {
  readonly channel: string;
  readonly delivered: boolean;
  /** What the other side said, or why it failed. */
  readonly detail: string;
  readonly milliseconds: number;
}
