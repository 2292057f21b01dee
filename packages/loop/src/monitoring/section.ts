import { DURATION_PATTERN, type Json, type Section } from '@twinloop/kernel';
import { LOSS_NAMES, RATE_NAMES } from '@twinloop/stats';
import type { MonitorsConfig } from './config.js';

const duration = (description: string, value: string): Json => ({
  type: 'string',
  pattern: DURATION_PATTERN,
  default: value,
  description,
});
const alpha = (description: string, value = 0.01): Json => ({
  type: 'number',
  exclusiveMinimum: 0,
  maximum: 0.25,
  default: value,
  description,
});
const persistence = (value: number): Json => ({
  type: 'integer',
  minimum: 1,
  default: value,
  description: 'Windows in a row before a signal is believed, and without one before its alarm is resolved.',
});
const tolerance = (description: string, value?: number): Json => ({
  type: 'number',
  exclusiveMinimum: 0,
  ...(value === undefined ? {} : { default: value }),
  description,
});
const atLeast = (what: string, value: number): Json => ({
  type: 'integer',
  minimum: 2,
  default: value,
  description: `A window with fewer ${what} says nothing.`,
});
const settle = duration('A window is read that long after its end, so that late labels are in it.', '1d');
const section = (description: string, properties: Json): Json => ({
  type: 'object',
  description,
  default: {},
  additionalProperties: false,
  properties,
});

/** What the error rate of the drift decision is stated for. */
export const driftDefaults = { alpha: 0.05, tolerance: 0.005, matters: 0.1 } as const;

/** `monitors`: what is watched, and how large a departure matters. */
export const monitorsSection: Section<MonitorsConfig> = {
  name: 'monitors',
  required: false,
  schema: {
    type: 'object',
    description: 'What is watched, and how large a departure matters.',
    default: {},
    additionalProperties: false,
    properties: {
      every: duration('How often windows are read.', '1d'),
      drift: section('Inputs against the training data of the champion; needs no labels.', {
        window: duration('Requests of that long, by prediction time.', '14d'),
        rows: {
          type: 'integer',
          minimum: 0,
          default: 0,
          description:
            'A window by count: that many of the newest requests, instead of `window`. 0: by time.',
        },
        reference: {
          enum: ['training', 'seasonal'],
          default: 'training',
          description:
            'What the window is held against: the training data as they are, or weighted to the same weekdays and hours (in the zone of the project).',
        },
        alpha: alpha(
          'False-alarm rate of a whole look, over all columns (weighted Holm).',
          driftDefaults.alpha,
        ),
        tolerance: tolerance(
          'Effect, in standard deviations, up to which a shift is no change, however many rows show it.',
          driftDefaults.tolerance,
        ),
        matters: tolerance(
          'Effect, in standard deviations, from which a shift matters in a column of average importance; a minor column must move in proportion more.',
          driftDefaults.matters,
        ),
        persistence: persistence(2),
        minRows: atLeast('rows', 300),
      }),
      quality: section("The champion's loss on late labels, against its hold-out and the base rate.", {
        window: duration('Requests of that long, by prediction time.', '14d'),
        settle,
        metric: {
          enum: [...LOSS_NAMES],
          description:
            'The loss that is watched. Default: `endpoint.rollout.metric`, else log_loss, for regression squared_error.',
        },
        alpha: alpha('One minus the confidence of the interval that must lie beyond the limit.'),
        tolerance: tolerance(
          "Loss above that of the hold-out that matters. Default: 0.05; for squared_error and absolute_error it is a share of the hold-out's loss, 0.25.",
        ),
        persistence: persistence(2),
        minLabels: atLeast('labels', 300),
      }),
      calibration: section('Predicted against observed rate (regression: mean) on late labels.', {
        window: duration('Requests of that long, by prediction time.', '14d'),
        settle,
        alpha: alpha('One minus the confidence of the interval that must lie beyond the tolerance.'),
        tolerance: tolerance(
          "Difference between observed and predicted rate that matters. Default: 0.03; for regression it is a share of the label's standard deviation on the hold-out, 0.1.",
        ),
        persistence: persistence(2),
        minLabels: atLeast('labels', 300),
      }),
      labels: section('Whether labels come, as a share of the predictions that should have one by now.', {
        window: duration('Predictions of that long, by their time.', '14d'),
        settle: duration('By then the labels of a window should be in.', '2d'),
        coverage: {
          type: 'number',
          minimum: 0,
          maximum: 1,
          default: 0.5,
          description: 'Share of predictions that must have a label; 0 watches nothing.',
        },
        persistence: persistence(2),
        minRows: atLeast('predictions', 100),
      }),
      edgeCases: section('Requests unlike anything in training.', {
        window: duration('Requests of that long are looked at.', '14d'),
        limit: {
          type: 'number',
          exclusiveMinimum: 0.5,
          maximum: 1,
          default: 0.99,
          description:
            'From this share of less strange training rows on, a request as a whole is an edge case: 0.99 is the strangest per cent.',
        },
      }),
      fairness: section(
        'Figures of the answers by group, on late labels; several classes and regression have none.',
        {
          attributes: {
            type: 'array',
            default: [],
            items: {
              anyOf: [
                { type: 'string', minLength: 1 },
                { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 2, uniqueItems: true },
              ],
            },
            description: 'Columns whose groups are compared; a list of columns compares their intersections.',
            examples: [['gender', ['gender', 'region']]],
          },
          metrics: {
            type: 'array',
            items: { enum: [...RATE_NAMES] },
            uniqueItems: true,
            minItems: 1,
            default: ['selection_rate', 'recall', 'false_positive_rate', 'precision', 'accuracy'],
            description:
              'Figures by group: selection_rate is demographic parity, recall equal opportunity, recall with false_positive_rate equalised odds.',
          },
          window: duration('Answers of that long, by prediction time.', '90d'),
          threshold: {
            type: 'number',
            minimum: 0,
            maximum: 1,
            default: 0.5,
            description: 'The probability from which an answer counts as positive.',
          },
          minGroup: atLeast('rows in a group', 50),
        },
      ),
      streams: section('Early warnings: inputs, answers and errors watched row by row.', {
        watched: { type: 'boolean', default: true, description: 'Whether they are watched.' },
        every: duration(
          'Rows are read that often. The order within one stretch does not count, so a rhythm shorter than that is no change.',
          '1d',
        ),
        averageRunLength: {
          type: 'number',
          minimum: 1000,
          maximum: 1e12,
          default: 1e6,
          description:
            'Predictions between two false warnings of inputs and answers, at least on average, if rows do not depend on each other.',
        },
        alarms: {
          type: 'boolean',
          default: false,
          description:
            'Whether a warning raises an alarm at the next look of the monitors. Seasons and autocorrelation warn, too: the windows are what the policy believes.',
        },
      }),
    },
    examples: [{ every: '1d', drift: { window: '7d', matters: 0.15 } }],
  },
};
