import type { NotifyConfig } from '@twinloop/loop/governance';

interface ChannelFinding {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly hint?: string;
}

/** What a schema cannot say about channels: names once, and no login without TLS. */
export function checkChannels(channels: NotifyConfig): readonly ChannelFinding[] {
  const findings: ChannelFinding[] = [];
  for (const [i, channel] of channels.entries()) {
    const at = (field: string): readonly (string | number)[] => ['notify', i, field];
    if (channels.findIndex(({ name }) => name === channel.name) !== i)
      findings.push({ path: at('name'), message: `channel "${channel.name}" is declared twice` });
    if (channel.kind !== 'smtp') continue;
    if (channel.tls === 'none' && channel.user !== undefined)
      findings.push({
        path: at('tls'),
        message: 'a login is not sent without TLS',
        hint: 'Leave `tls` out, or `user` and `password`.',
      });
    if ((channel.user === undefined) !== (channel.password === undefined))
      findings.push({ path: at('user'), message: '`user` and `password` go together' });
  }
  return findings;
}

/** A reference to a secret in the project file, and where it stands. */
export interface SecretUse {
  readonly field: string;
  readonly reference: string;
}

export const isReference = (text: string): boolean => /^(env|file):/.test(text);

/** Every secret that the channels refer to. */
export function secretsOf(channels: NotifyConfig): readonly SecretUse[] {
  return channels.flatMap((channel, i) => {
    const fields =
      channel.kind === 'smtp'
        ? { password: channel.password }
        : channel.kind === 'slack'
          ? { url: channel.url }
          : { url: channel.url, secret: channel.secret };
    return Object.entries(fields).flatMap(([name, value]) =>
      value !== undefined && isReference(value) ? [{ field: `notify[${i}].${name}`, reference: value }] : [],
    );
  });
}
