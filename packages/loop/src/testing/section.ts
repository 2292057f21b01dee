import { DURATION_PATTERN, type Json, type Section, SIZE_PATTERN, schemaByTag } from '@twinloop/kernel';
import { LOSS_NAMES } from '@twinloop/stats';
import type { GatesConfig } from './config.js';

const METRIC: Json = {
  type: 'string',
  pattern: '^[a-z][a-z0-9_]*$',
  description:
    'A figure of the hold-out report: auc, log_loss, brier, ece, accuracy; log_loss, accuracy, macro_f1, recall for several classes; rmse, mae, r2 for regression.',
  examples: ['auc', 'log_loss'],
};

const gate = schemaByTag('gate', 'One gate. A gate that fails stops the run.', {
  metric: {
    description: 'A hold-out figure lies within bounds.',
    required: ['metric'],
    properties: {
      metric: METRIC,
      class: {
        type: 'string',
        minLength: 1,
        description: 'For `recall` of several classes: the class whose rows are looked at.',
        examples: ['billing'],
      },
      min: { type: 'number', description: 'The smallest value that passes.' },
      max: { type: 'number', description: 'The largest value that passes.' },
    },
  },
  champion: {
    description:
      'Not worse than the champion on the same held-out rows, by more than the tolerance (paired).',
    properties: {
      metric: {
        enum: [...LOSS_NAMES],
        description:
          "The loss of one row; its mean difference to the champion is judged. Default: the endpoint's rollout metric.",
      },
      tolerance: {
        type: 'number',
        minimum: 0,
        default: 0,
        description:
          "How much worse does not matter: in units of the loss; for squared_error and absolute_error a share of the champion's loss.",
      },
      confidence: {
        type: 'number',
        minimum: 0.5,
        exclusiveMaximum: 1,
        default: 0.95,
        description: 'Confidence of the interval of the difference.',
      },
    },
  },
  predictions: {
    description: "Prediction tests: known inputs, invariances, directions. The model's unit tests.",
    required: ['file'],
    properties: {
      file: {
        type: 'string',
        minLength: 1,
        description: 'A YAML file relative to the project file.',
        examples: ['prediction-tests.yaml'],
      },
    },
  },
  latency: {
    description: 'The 99th percentile of the time that one prediction takes, on this machine.',
    required: ['p99'],
    properties: {
      p99: { type: 'string', pattern: DURATION_PATTERN, description: 'At most so long.', examples: ['2ms'] },
    },
  },
  size: {
    description: "The model artefact's size.",
    required: ['max'],
    properties: {
      max: { type: 'string', pattern: SIZE_PATTERN, description: 'At most so large.', examples: ['5MB'] },
    },
  },
});

/** `gates`: what a candidate must pass before it is registered. */
export const gatesSection: Section<GatesConfig> = {
  name: 'gates',
  required: false,
  schema: {
    type: 'array',
    description: 'What a candidate must pass: evaluation can fail the build although the code is perfect.',
    default: [],
    items: gate,
    examples: [
      [
        { gate: 'metric', metric: 'auc', min: 0.55 },
        { gate: 'champion', metric: 'log_loss', tolerance: 0.005 },
      ],
    ],
  },
};
