import { DURATION_PATTERN, type Json, type Section } from '@twinloop/kernel';
import type { EndpointConfig } from './config.js';
import { LOSS_NAMES } from './losses.js';

const duration = (description: string, value: string): Json => ({
  type: 'string',
  pattern: DURATION_PATTERN,
  default: value,
  description,
});

const variant: Json = {
  description: 'Something that answers requests of the endpoint.',
  type: 'object',
  required: ['kind'],
  oneOf: [
    {
      properties: {
        kind: { const: 'model', description: 'A model of this project; its versions are state.' },
      },
      additionalProperties: false,
    },
    {
      required: ['url'],
      properties: {
        kind: { const: 'upstream', description: 'A plain HTTP service.' },
        url: { type: 'string', format: 'uri', description: 'Where it listens.' },
      },
      additionalProperties: false,
    },
    {
      required: ['prompt', 'provider'],
      properties: {
        kind: { const: 'prompt', description: 'A prompt of this project, answered by a provider.' },
        prompt: { type: 'string', description: 'Name of the prompt.' },
        provider: { type: 'string', description: 'Name of the provider in server.yaml.' },
      },
      additionalProperties: false,
    },
    {
      required: ['provider', 'model'],
      properties: {
        kind: { const: 'provider', description: 'A hosted model.' },
        provider: { type: 'string', description: 'Name of the provider in server.yaml.' },
        model: { type: 'string', description: "The provider's name of the model." },
      },
      additionalProperties: false,
    },
  ],
};

const rollout: Json = {
  type: 'object',
  description: 'How a challenger is tried before it may answer.',
  default: {},
  additionalProperties: false,
  properties: {
    strategy: {
      const: 'shadow',
      default: 'shadow',
      description: 'The challenger answers every request beside the champion; only the champion is heard.',
    },
    metric: {
      enum: LOSS_NAMES,
      default: 'log_loss',
      description: 'The loss of a request that is compared. log_loss clips probabilities to [0.005, 0.995].',
    },
    alpha: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 0.25,
      default: 0.05,
      description:
        'Chance of promoting a challenger that is not better, however often one looks (one-sided).',
    },
    minLabels: {
      type: 'integer',
      minimum: 1,
      default: 400,
      description: 'No decision before that many paired labels.',
    },
    minDuration: duration(
      'No decision before that long. Whole weeks, so that every hour and weekday has had its say.',
      '14d',
    ),
    block: duration(
      'Requests of one block share their circumstances and count as one observation. Longer is safer and slower.',
      '1h',
    ),
    settle: duration('A block counts once its labels have had that long to arrive.', '1d'),
    tolerance: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.002,
      description: 'Mean loss difference below which two models count as the same; the champion then stays.',
    },
    timeout: duration('After that long without a decision the champion stays.', '28d'),
    rollbackWindow: duration(
      'After a promotion the previous champion answers in shadow for that long.',
      '7d',
    ),
  },
};

/** `endpoint`: where requests are answered, by what, and how a challenger is tried. */
export const endpointSection: Section<EndpointConfig> = {
  name: 'endpoint',
  required: true,
  schema: {
    type: 'object',
    description: 'Where requests are answered, by what, and how a challenger is tried.',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: {
        type: 'string',
        pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
        description: 'Part of the URL: /v2/models/<name>/infer.',
      },
      variants: {
        type: 'object',
        description: 'What may answer, by name.',
        default: { champion: { kind: 'model' } },
        minProperties: 1,
        propertyNames: { pattern: '^[a-z0-9][a-z0-9-]{0,62}$' },
        additionalProperties: variant,
      },
      logging: {
        enum: ['required', 'best-effort'],
        default: 'required',
        description: '`required`: no answer without its log line (a full store answers 503).',
      },
      rollout,
    },
    examples: [{ name: 'late', rollout: { metric: 'log_loss', timeout: '28d' } }],
  },
};
