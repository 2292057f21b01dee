import type { Json } from '@twinloop/kernel';
import { LOSS_NAMES } from '@twinloop/stats';
import type { Decide } from '../config.js';

/** Members that several gates share. */
export const CONFIDENCE: Json = {
  type: 'number',
  minimum: 0.5,
  exclusiveMaximum: 1,
  default: 0.95,
  description: 'Confidence of the interval; where several figures are judged, of all of them together.',
};

export function decideBy(standard: Decide): Json {
  return {
    enum: ['estimate', 'interval', 'harm'],
    default: standard,
    description:
      'What decides. estimate: the figure itself. interval: pass when the whole interval keeps the limit, fail when the whole interval breaks it, inconclusive between. harm: fail only when the whole interval breaks the limit.',
  };
}

export const LOSS: Json = {
  enum: [...LOSS_NAMES],
  description: "The loss of one row. Default: the endpoint's rollout metric.",
};

export const BOUNDS = (what: string, example: Json): Json => ({
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  description: what,
  properties: {
    min: { type: 'number', description: 'The smallest value that passes.' },
    max: { type: 'number', description: 'The largest value that passes.' },
  },
  examples: [example],
});
