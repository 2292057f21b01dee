import type { Json, Section } from '@twinloop/kernel';
import type { EndpointConfig } from './config.js';
import { rollout } from './rollout-section.js';

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
      served: {
        enum: ['here', 'elsewhere'],
        default: 'here',
        description:
          '`elsewhere`: another system answers; its predictions and outcomes are posted here and watched.',
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
