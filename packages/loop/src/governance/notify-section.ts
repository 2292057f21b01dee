import {
  type ChannelKind,
  type JsonSchema,
  NOTIFICATION_EVENTS,
  type NotificationEvent,
  schemaByTag,
  type Section,
} from '@twinloop/kernel';

interface CommonChannel {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly on: readonly NotificationEvent[];
  /** Whether it is told of a replay's past too. */
  readonly replay: boolean;
}
/** A channel as the project file declares it: secrets stand there by reference (`env:NAME`, `file:PATH`) only. */
export type ChannelConfig = CommonChannel &
  (
    | { readonly kind: 'webhook'; readonly url: string; readonly secret?: string }
    | { readonly kind: 'slack'; readonly url: string }
    | {
        readonly kind: 'smtp';
        readonly host: string;
        readonly port: number;
        readonly tls: 'required' | 'none';
        readonly user?: string;
        readonly password?: string;
        readonly from: string;
        readonly to: readonly string[];
      }
  );
export type NotifyConfig = readonly ChannelConfig[];

const REFERENCE = '(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)';

// `writeOnly`: a finding about the value never repeats it, since somebody may have written the secret itself.
const reference = (description: string): JsonSchema => ({
  type: 'string',
  pattern: `^${REFERENCE}$`,
  writeOnly: true,
  description: `${description}; by reference: \`env:NAME\` or \`file:PATH\`.`,
});
const mailAddress = { type: 'string', pattern: '^[^\\s@]+@[^\\s@]+$', maxLength: 254 } as const;

const common: JsonSchema = {
  name: {
    type: 'string',
    pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
    description: 'The name of the channel, as lists and URLs show it.',
  },
  on: {
    type: 'array',
    items: { enum: [...NOTIFICATION_EVENTS] },
    minItems: 1,
    uniqueItems: true,
    default: [...NOTIFICATION_EVENTS],
    description: 'What the channel is told about.',
  },
  replay: {
    type: 'boolean',
    default: false,
    description: "Whether it is told of a project's replay too; without it a replay tells nobody.",
  },
};

/** `notify`: who is told about what. */
export const notifySection: Section<NotifyConfig> = {
  name: 'notify',
  required: false,
  schema: {
    type: 'array',
    maxItems: 16,
    description: 'Channels that people are told on: webhooks, Slack, mail.',
    items: schemaByTag('kind', 'One channel.', {
      webhook: {
        description: 'Posts JSON, signed when a secret is given.',
        required: ['name', 'url'],
        properties: {
          ...common,
          url: {
            type: 'string',
            pattern: `^(https?://.+|${REFERENCE})$`,
            writeOnly: true,
            description:
              'Where to post: an address, or `env:NAME` or `file:PATH` when the address is a secret.',
          },
          secret: reference('Signs each message (HMAC-SHA-256)'),
        },
      },
      slack: {
        description: "Posts to an incoming webhook of Slack, or of what reads Slack's.",
        required: ['name', 'url'],
        properties: { ...common, url: reference('The address of the incoming webhook, which is a secret') },
      },
      smtp: {
        description: 'Sends plain-text mail.',
        required: ['name', 'host', 'from', 'to'],
        properties: {
          ...common,
          host: { type: 'string', minLength: 1, maxLength: 253, description: 'The mail server.' },
          port: {
            type: 'integer',
            minimum: 1,
            maximum: 65535,
            default: 587,
            description: 'Its port; TLS by STARTTLS, on 465 from the start.',
          },
          tls: {
            enum: ['required', 'none'],
            default: 'required',
            description: '`none` only for a server on this machine that asks for no login.',
          },
          user: { type: 'string', minLength: 1, description: 'The login, if the server asks for one.' },
          password: reference('The password of the login'),
          from: { ...mailAddress, description: 'The sender.' },
          to: {
            type: 'array',
            items: mailAddress,
            minItems: 1,
            maxItems: 50,
            description: 'The recipients.',
          },
        },
      },
    }),
  },
};
