import type { Notifier } from '@twinloop/kernel';
import type { FetchPolicy } from '../fetch/guarded-fetch.js';
import { sendSlack } from './slack.js';
import { sendMail } from './smtp.js';
import { sendWebhook } from './webhook.js';

/** Carries messages by webhook, Slack webhook and mail, under the guarded fetcher's rules. */
export function openNotifier(policy: Pick<FetchPolicy, 'allow' | 'timeoutMs'>): Notifier {
  return {
    send(message, channel, signal) {
      switch (channel.kind) {
        case 'webhook':
          return sendWebhook(message, channel, policy, signal);
        case 'slack':
          return sendSlack(message, channel, policy, signal);
        case 'smtp':
          return sendMail(message, channel, policy, signal);
      }
    },
  };
}
