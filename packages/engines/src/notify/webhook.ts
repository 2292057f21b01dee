import type { Notification, NotifierChannel, NotifyResult } from '@twinloop/kernel';
import type { FetchPolicy } from '../fetch/guarded-fetch.js';
import { postMessage } from './post-message.js';
import { signature } from './sign.js';

/** The message as JSON, its id in `x-twinloop-id`, signed when the channel has a secret. */
export function sendWebhook(
  message: Notification,
  { url, secret }: Extract<NotifierChannel, { kind: 'webhook' }>,
  policy: Pick<FetchPolicy, 'allow' | 'timeoutMs'>,
  signal: AbortSignal,
): Promise<NotifyResult> {
  const body = JSON.stringify(message);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-twinloop-id': message.id,
    'x-twinloop-event': message.event,
  };
  if (secret !== undefined)
    headers['x-twinloop-signature'] = signature(secret, Math.floor(message.sentAt / 1000), body);
  return postMessage({ url, headers, body }, policy, signal);
}
