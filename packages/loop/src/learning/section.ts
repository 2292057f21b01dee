import { DURATION_PATTERN, type Json, type Section } from '@twinloop/kernel';
import type { PolicyConfig } from './config.js';

const duration = (description: string, value: string): Json => ({
  type: 'string',
  pattern: DURATION_PATTERN,
  default: value,
  description,
});
const answer = (description: string, value: string): Json => ({
  enum: ['hold', 'recalibrate', 'retrain'],
  default: value,
  description,
});

/** `policy`: what alarms are answered with, and how often. */
export const policySection: Section<PolicyConfig> = {
  name: 'policy',
  required: false,
  schema: {
    type: 'object',
    description: 'What alarms are answered with, and how often.',
    default: {},
    additionalProperties: false,
    properties: {
      answers: {
        type: 'object',
        description:
          'The answer by kind of alarm. hold: write it down; recalibrate: refit the intercept of the model in service; retrain: train challengers and try the best one in shadow.',
        default: {},
        additionalProperties: false,
        properties: {
          'data-drift': answer('Inputs differ from the training data.', 'retrain'),
          'model-drift': answer('The loss on late labels is too high.', 'retrain'),
          calibration: answer('Predicted and observed rates differ.', 'recalibrate'),
          service: answer('The service is slow or fails.', 'hold'),
          labels: answer('Labels stay away, or come for some variants only.', 'hold'),
        },
      },
      coolDown: duration('After a retraining no alarm starts another for that long.', '28d'),
      recalibrateEvery: duration('After a recalibration none follows for that long.', '7d'),
      recalibration: {
        type: 'object',
        description: 'How the intercept is refitted.',
        default: {},
        additionalProperties: false,
        properties: {
          window: duration('Labels of requests of that long.', '14d'),
          ridge: {
            type: 'number',
            minimum: 0,
            default: 20,
            description:
              'Shrinks the shift: weighs like ridge / p(1 − p) labels that say "no shift" (20 is 125 labels at 20 %), for regression like so many labels.',
          },
          minLabels: {
            type: 'integer',
            minimum: 1,
            default: 200,
            description: 'Fewer labels change nothing.',
          },
        },
      },
      budget: {
        type: 'object',
        description: 'Limits that hold whatever the monitors say.',
        default: {},
        additionalProperties: false,
        properties: {
          retrainings: {
            type: 'integer',
            minimum: 0,
            default: 12,
            description: 'Retrainings in `per`; one may fit several candidates.',
          },
          per: duration('The period of the budget.', '365d'),
          daily: {
            type: 'integer',
            minimum: 0,
            default: 2,
            description: 'Retrainings and recalibrations in 24 hours.',
          },
        },
      },
      schedule: {
        type: 'string',
        description: "Retrain by the calendar too: five-field cron in the project's zone.",
        examples: ['0 4 1 * *'],
      },
      newData: {
        type: 'integer',
        minimum: 1,
        description: 'Retrain when that many labelled rows have arrived since the last training.',
      },
    },
    examples: [{ answers: { 'data-drift': 'hold' }, coolDown: '14d', schedule: '0 4 1 * *' }],
  },
};
