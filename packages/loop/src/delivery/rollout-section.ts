import { DURATION_PATTERN, type Json } from '@twinloop/kernel';
import { LOSS_NAMES } from '@twinloop/stats';

const duration = (description: string, value: string): Json => ({
  type: 'string',
  pattern: DURATION_PATTERN,
  default: value,
  description,
});

const share = (description: string, value: number) => ({
  type: 'number',
  minimum: 0,
  maximum: 1,
  default: value,
  description,
});

const step: Json = {
  type: 'object',
  description: 'One stage. It goes on when both floors are reached and nothing speaks against it.',
  required: ['weight'],
  additionalProperties: false,
  properties: {
    weight: {
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      description: 'Share of the requests that the challenger answers.',
    },
    for: duration('At least that long.', '1d'),
    requests: {
      type: 'integer',
      minimum: 0,
      default: 50,
      description: 'At least that many answers of the challenger to clients.',
    },
  },
};

const guardrails: Json = {
  type: 'object',
  description: 'What ends a rollout, or takes a promotion back, whatever the losses say.',
  default: {},
  additionalProperties: false,
  properties: {
    errors: {
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.01,
      description: 'Largest share of its answers that may fail.',
    },
    latency: {
      type: 'number',
      minimum: 1,
      default: 3,
      description: "Largest ratio of its p95 latency to the other model's.",
    },
    latencyFloor: duration('A p95 below this never trips, whatever the ratio.', '20ms'),
    calibration: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.1,
      description: 'Largest gap between the observed and the predicted mean. Probabilities only.',
    },
  },
};

const rollback: Json = {
  type: 'object',
  description: 'How a promotion is watched, and taken back, while the previous model answers in shadow.',
  default: {},
  additionalProperties: false,
  properties: {
    alpha: {
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 0.25,
      default: 0.05,
      description:
        'Chance of rolling back a model that is as good as the previous one, over the whole window.',
    },
    block: duration('Requests of one block share their circumstances and count as one observation.', '1h'),
    settle: duration('A block counts when all its labels are in, or after that long.', '6h'),
    margin: {
      type: 'number',
      minimum: 0,
      maximum: 1,
      default: 0.05,
      description: "Harm below this share of a block's usual difference counts as none.",
    },
    hold: {
      type: 'boolean',
      default: true,
      description:
        'A jump of the answers may move the traffic back to the previous model before labels can say why.',
    },
  },
};

/** `endpoint.rollout`: how a challenger is tried, and how its promotion is watched. */
export const rollout: Json = {
  type: 'object',
  description: 'How a challenger is tried before it may answer.',
  default: {},
  additionalProperties: false,
  properties: {
    strategy: {
      enum: ['shadow', 'canary'],
      default: 'shadow',
      description:
        '`shadow`: the challenger answers every request beside the champion and is heard only once it is promoted. `canary`: after that comparison it answers a growing share of the requests.',
    },
    metric: {
      enum: [...LOSS_NAMES],
      description:
        'The loss of a request that is compared. Default: `monitors.quality.metric`, else log_loss, for regression squared_error. log_loss clips probabilities to [0.005, 0.995].',
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
      description:
        "Mean loss difference below which two models count as the same; the champion then stays. Default: 0.002; for squared_error and absolute_error it is a share of the champion's loss, 0.02.",
    },
    timeout: duration('After that long without a decision the champion stays.', '28d'),
    rollbackWindow: duration(
      'After a promotion the previous champion answers in shadow for that long.',
      '7d',
    ),
    steps: {
      type: 'array',
      minItems: 1,
      maxItems: 20,
      description: 'The stages of a canary, in order, weights ascending.',
      default: [
        { weight: 0.1, for: '1d', requests: 50 },
        { weight: 0.5, for: '1d', requests: 50 },
      ],
      items: step,
    },
    approval: {
      type: 'boolean',
      default: false,
      description: 'A person must agree (`twinloop promote`) before all traffic moves.',
    },
    minCoverage: {
      ...share(
        'No promotion while a smaller share of the settled requests has a label. 0: any share will do.',
        0,
      ),
    },
    guardrails,
    rollback,
  },
};
