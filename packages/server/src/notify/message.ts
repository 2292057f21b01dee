import {
  type DeliveryRecord,
  type Entry,
  type EpochMs,
  type Notification,
  type NotificationEvent,
} from '@twinloop/kernel';
import { sentence } from '@twinloop/loop/governance';
import { storyTime } from '../views/decision-view.js';
import { GIVE_UP_MS } from './backoff.js';

const TITLES: Readonly<Record<NotificationEvent, string>> = {
  alarm: 'Alarm',
  approval: 'Approval wanted',
  promotion: 'Promoted',
  refusal: 'Refused',
  rollback: 'Rolled back',
  budget: 'Held: the budget is used',
  labels: 'Labels are missing',
  'run-failed': 'Run failed',
  chaos: 'Fault on purpose has ended',
};

/** The page that shows what an entry is about, below the project's own. */
function page({ payload }: Entry): string {
  const about = payload as {
    readonly endpoint?: string;
    readonly run?: string;
    readonly dataset?: string;
    readonly version?: string | number;
    readonly alarm?: string;
  };
  const part = encodeURIComponent;
  if (about.run !== undefined) return `/runs/${part(about.run)}`;
  if (about.dataset !== undefined) return `/data/${part(about.dataset)}/${part(String(about.version))}`;
  if (about.alarm !== undefined && about.endpoint !== undefined) return `/monitors/${part(about.endpoint)}`;
  return about.endpoint === undefined ? '/decisions' : `/endpoint/${part(about.endpoint)}`;
}

export const projectUrl = (baseUrl: string, project: string): string =>
  `${baseUrl.replace(/\/+$/, '')}/p/${encodeURIComponent(project)}`;

/** A fact on its way to one channel, not tried yet. */
export function newDelivery(
  entry: Entry,
  event: NotificationEvent,
  channel: string,
  where: { readonly baseUrl: string; readonly timezone: string; readonly wallNow: EpochMs },
): DeliveryRecord {
  const { project, seq, at } = entry;
  return {
    project,
    channel,
    seq,
    event,
    title: TITLES[event],
    text: sentence(entry, { formatTime: storyTime(where.timezone) }),
    link: `${projectUrl(where.baseUrl, project)}${page(entry)}`,
    at,
    state: 'queued',
    attempts: 0,
    createdAt: where.wallNow,
    giveUpAt: where.wallNow + GIVE_UP_MS,
    nextAt: where.wallNow,
    triedAt: null,
    deliveredAt: null,
    failingSince: null,
    lastError: null,
  };
}

export const deliveryId = ({ channel, seq }: { readonly channel: string; readonly seq: number }): string =>
  `${channel}.${seq}`;

/** Channel and fact of an id; undefined for what is none. */
export function parseDeliveryId(id: string): { channel: string; seq: number } | undefined {
  const match = /^([a-z0-9][a-z0-9-]*)\.(\d{1,15})$/.exec(id);
  return match === null ? undefined : { channel: match[1]!, seq: Number(match[2]) };
}

/** The message that goes out. */
export function toNotification(record: DeliveryRecord, sentAt: EpochMs): Notification {
  const { project, event, title, text, link, seq, at } = record;
  return { id: deliveryId(record), project, event, title, text, link, seq, at, sentAt };
}
