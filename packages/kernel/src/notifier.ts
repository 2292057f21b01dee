import type { EpochMs, ProjectId } from './ids.js';

/** What people can be told about, in the order in which a page lists it. */
export const NOTIFICATION_EVENTS = [
  'alarm',
  'approval',
  'promotion',
  'refusal',
  'rollback',
  'budget',
  'labels',
  'run-failed',
  'chaos',
] as const;
export type NotificationEvent = (typeof NOTIFICATION_EVENTS)[number];

/** One message to people. It holds what the ledger says, and no secret. */
export interface Notification {
  /** The same for every attempt: the receiver can tell a repetition by it. */
  readonly id: string;
  readonly project: ProjectId;
  readonly event: NotificationEvent | 'test';
  /** One line: what happened, where. */
  readonly title: string;
  /** The sentence of the ledger. */
  readonly text: string;
  /** The page that shows it. */
  readonly link: string;
  /** The fact's sequence number; 0 for a test message. */
  readonly seq: number;
  /** Domain time of the fact. */
  readonly at: EpochMs;
  /** Wall time of this attempt. */
  readonly sentAt: EpochMs;
}

export type ChannelKind = 'webhook' | 'slack' | 'smtp';

/** Where a message goes, with its secrets resolved: never logged, stored or answered. */
export type NotifierChannel =
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string | undefined }
  | { readonly kind: 'slack'; readonly url: string }
  | {
      readonly kind: 'smtp';
      readonly host: string;
      readonly port: number;
      /** `none` only for a mail server that is asked without a login. */
      readonly tls: 'required' | 'none';
      readonly user: string | undefined;
      readonly password: string | undefined;
      readonly from: string;
      readonly to: readonly string[];
    };

export type NotifyResult =
  | { readonly status: 'delivered'; readonly detail: string }
  | {
      readonly status: 'failed';
      /** Whether the same message may arrive later; a wrong address or a refused login will not mend itself. */
      readonly retryable: boolean;
      /** For people; holds no secret and no address that is one. */
      readonly reason: string;
    };

/** Carries one message to one channel. It never throws: what goes wrong is a result. Sending twice is harmless to a receiver that knows ids. */
export interface Notifier {
  /** Ends, failed and retryable, soon after `signal` aborts. */
  send(message: Notification, channel: NotifierChannel, signal: AbortSignal): Promise<NotifyResult>;
}
