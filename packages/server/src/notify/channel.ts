import type { NotifierChannel } from '@twinloop/kernel';
import type { ChannelConfig } from '@twinloop/loop/governance';
import { isReference } from '../config/check-channels.js';
import type { ReadSecret } from '../process/secrets.js';

/** The channel with its secrets, for one message. @throws secret_missing */
export async function openChannel(
  channel: ChannelConfig,
  read: ReadSecret,
  directory: string,
): Promise<NotifierChannel> {
  const reveal = async (text: string): Promise<string> => (isReference(text) ? read(text, directory) : text);
  switch (channel.kind) {
    case 'webhook':
      return {
        kind: 'webhook',
        url: await reveal(channel.url),
        secret: channel.secret === undefined ? undefined : await reveal(channel.secret),
      };
    case 'slack':
      return { kind: 'slack', url: await reveal(channel.url) };
    case 'smtp': {
      const { host, port, tls, user, from, to } = channel;
      const password = channel.password === undefined ? undefined : await reveal(channel.password);
      return { kind: 'smtp', host, port, tls, user, password, from, to };
    }
  }
}

/** Where a channel goes, as everybody who may read the project may know: never a path, which may be a secret. */
export function targetOf(channel: ChannelConfig): string {
  if (channel.kind === 'smtp') return `${channel.to.join(', ')} by ${channel.host}`;
  return isReference(channel.url) ? channel.url : new URL(channel.url).host;
}
