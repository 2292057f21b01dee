import type { Notification, NotifierChannel, NotifyResult } from '@twinloop/kernel';
import type { FetchPolicy } from '../fetch/guarded-fetch.js';
import { postMessage } from './post-message.js';

/** Slack reads `&`, `<` and `>` as markup; nothing else. https://docs.slack.dev/messaging/formatting-message-text */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A section's text may have 3000 characters. */
const cut = (text: string): string => (text.length <= 2900 ? text : `${text.slice(0, 2899)}…`);

/** The body of an incoming webhook: `text` for notices and old clients, `blocks` for the channel. */
export function slackBody(message: Notification): object {
  const { title, text, link, project } = message;
  return {
    text: cut(`${escaped(title)}: ${escaped(text)}`),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: cut(`*${escaped(title)}*\n${escaped(text)}`) } },
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: `${escaped(project)} · <${escaped(link)}|open in Twinloop>` }],
      },
    ],
  };
}

/** Slack, and what reads Slack's incoming webhooks (Mattermost, Rocket.Chat, Discord under `/slack`). */
export function sendSlack(
  message: Notification,
  { url }: Extract<NotifierChannel, { kind: 'slack' }>,
  policy: Pick<FetchPolicy, 'allow' | 'timeoutMs'>,
  signal: AbortSignal,
): Promise<NotifyResult> {
  const body = JSON.stringify(slackBody(message));
  return postMessage({ url, headers: { 'content-type': 'application/json' }, body }, policy, signal);
}
