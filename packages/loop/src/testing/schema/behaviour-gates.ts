import { DURATION_PATTERN } from '@twinloop/kernel';
import { CONFIDENCE, decideBy, LOSS } from './parts.js';

export const BIAS_GATE = {
  description:
    'A figure is much the same in all groups: any fairness criterion or any metric of the task, by any column of the data.',
  required: ['metric', 'attributes'],
  properties: {
    metric: {
      type: 'string',
      pattern: '^[a-z][a-z0-9_]*$',
      description:
        'demographic_parity, equal_opportunity, equalized_odds, predictive_equality, predictive_parity, accuracy_parity, or any metric of the task (auc, false_omission_rate, mae …).',
      examples: ['equal_opportunity', 'mae'],
    },
    attributes: {
      type: 'array',
      minItems: 1,
      maxItems: 4,
      uniqueItems: true,
      items: { type: 'string', minLength: 1 },
      description:
        'Columns of the dataset, those too that are no feature. Several are crossed: each combination is a group. Numbers of more than 20 values are grouped by quarters.',
      examples: [['origin'], ['sex', 'age']],
    },
    max: {
      type: 'number',
      minimum: 0,
      description: 'The largest difference between two groups.',
      examples: [0.1],
    },
    min: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      description: 'The smallest ratio of two groups (four fifths: 0.8).',
      examples: [0.8],
    },
    threshold: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.5,
      description: 'The probability from which an answer counts as positive.',
    },
    class: {
      type: 'string',
      minLength: 1,
      description: 'Of several classes: the answer that counts as positive.',
      examples: ['billing'],
    },
    minGroup: {
      type: 'integer',
      minimum: 1,
      default: 30,
      description:
        'Groups whose figure rests on fewer rows (of a rate: of its denominator) are named and not compared.',
    },
    decide: decideBy('interval'),
    confidence: CONFIDENCE,
  },
};

export const SLICES_GATE = {
  description:
    'No part of the held-out rows is worse off than with the champion, or than the rows as a whole. Corrected for the slices looked at.',
  properties: {
    against: {
      enum: ['champion', 'overall'],
      default: 'champion',
      description: 'With what a slice is compared: the champion on the same rows, or the mean of all rows.',
    },
    by: {
      type: 'array',
      minItems: 1,
      uniqueItems: true,
      items: { type: 'string', minLength: 1 },
      description:
        'Columns whose values are the slices. Without it the worst slices of the inputs are searched for, pairs of columns too.',
      examples: [['carrier']],
    },
    metric: LOSS,
    tolerance: {
      type: 'number',
      minimum: 0,
      default: 0.02,
      description:
        'How much worse a slice may be: in units of the loss; for squared_error and absolute_error a share of the loss.',
    },
    minRows: { type: 'integer', minimum: 10, default: 50, description: 'Smaller slices are left out.' },
    decide: decideBy('harm'),
    confidence: CONFIDENCE,
  },
};

export const ROBUSTNESS_GATE = {
  description:
    'Damaged inputs do little damage to the answers: noise, a missing column, a category never seen, a mistaken unit.',
  properties: {
    noise: {
      type: 'number',
      minimum: 0,
      default: 0.1,
      description: 'Normal noise on every number, in standard deviations of its column; 0 for none.',
    },
    missing: { type: 'boolean', default: true, description: 'Each input missing, one at a time.' },
    unseen: {
      type: 'boolean',
      default: true,
      description: 'A text that was never seen, in one column at a time.',
    },
    scale: {
      type: 'number',
      exclusiveMinimum: 0,
      description: 'Each number times this factor, one column at a time: kilometres sent as miles.',
      examples: [1.609],
    },
    metric: LOSS,
    loss: {
      type: 'number',
      minimum: 0,
      description:
        'How much the mean loss may rise: in units of the loss; for squared_error and absolute_error a share of it.',
      examples: [0.05],
    },
    flips: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      description: 'The share of answers that may change sides (probability ½, or another likeliest class).',
      examples: [0.1],
    },
    rows: {
      type: 'integer',
      minimum: 50,
      maximum: 100_000,
      default: 500,
      description: 'Held-out rows that are damaged, drawn by a fixed seed.',
    },
    decide: decideBy('interval'),
    confidence: CONFIDENCE,
  },
};

export const FUZZ_GATE = {
  description:
    'Extremes, nulls, odd texts and mixtures of them, in any order and batch: every answer is a number (a probability where it should be one), every refusal names the input, always the same, in bounded time.',
  properties: {
    rows: {
      type: 'integer',
      minimum: 0,
      maximum: 100_000,
      default: 200,
      description: 'Random combinations beside the systematic cases.',
    },
    seed: { type: 'integer', minimum: 0, default: 1, description: 'The same seed tries the same rows.' },
    within: {
      type: 'string',
      pattern: DURATION_PATTERN,
      default: '1s',
      description: 'The longest that one answer may take.',
    },
  },
};
