import { DURATION_PATTERN, type Json, type Section } from '@twinloop/kernel';
import type { TrainConfig } from './config.js';

const duration = (description: string, fallback: string): Json => ({
  type: 'string',
  pattern: DURATION_PATTERN,
  default: fallback,
  description,
});
const command = (description: string): Json => ({
  type: 'array',
  items: { type: 'string' },
  minItems: 1,
  description,
  examples: [['python3', 'train.py']],
});

/** `train`: how a model is built from a dataset version. */
export const trainSection: Section<TrainConfig> = {
  name: 'train',
  required: false,
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['candidates'],
    description: 'How a model is built: what is tried, on how much of the past, and how the choice is made.',
    properties: {
      dataset: {
        type: 'string',
        minLength: 1,
        description: 'The dataset to learn from. Default: the only one with a label.',
      },
      task: {
        enum: ['binary', 'multiclass', 'regression'],
        default: 'binary',
        description:
          '`binary`: the probability that the label is 1. `multiclass`: the probability of each of its values. `regression`: its value.',
      },
      first: {
        type: 'string',
        minLength: 1,
        description: 'The algorithm that goes into service first. Default: the best one on the hold-out.',
        examples: ['linear'],
      },
      candidates: {
        type: 'object',
        additionalProperties: false,
        required: ['algorithms'],
        description: 'Every algorithm is tried on every window; the lowest loss on the hold-out is chosen.',
        properties: {
          algorithms: {
            type: 'array',
            items: { enum: ['linear', 'gbt', 'command'] },
            minItems: 1,
            uniqueItems: true,
            description:
              'Trainers: `linear` (logistic or least squares), `gbt` (gradient-boosted trees), `command` (your program).',
          },
          windows: {
            type: 'array',
            items: { type: 'string', pattern: `^all$|${DURATION_PATTERN}` },
            minItems: 1,
            uniqueItems: true,
            default: ['all'],
            description: 'How much of the past to learn from: a duration back from the newest row, or `all`.',
            examples: [['60d', 'all']],
          },
        },
      },
      parameters: {
        type: 'object',
        additionalProperties: { type: 'object', description: 'Parameters of one trainer.' },
        default: {},
        description: 'Parameters by algorithm; what is absent takes its default.',
        examples: [{ gbt: { iterations: 60 } }],
      },
      holdout: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 0.5,
        default: 0.2,
        description: 'The newest share of the rows, kept for choosing and for the gates.',
      },
      takes: duration('Virtual time that a run costs in a replay or backtest.', '20m'),
      seed: {
        type: 'integer',
        minimum: 0,
        maximum: 4294967295,
        default: 1,
        description: 'Same seed, same data, same model.',
      },
      inconclusive: {
        enum: ['fail', 'pass'],
        default: 'fail',
        description: 'What a gate that could not be judged (too few rows, one class) does to the run.',
      },
      test: {
        type: 'object',
        additionalProperties: false,
        required: ['command'],
        description: "The project's own code tests; a run stops when they fail.",
        properties: {
          command: command('Program and arguments, run in the project’s directory; no shell reads them.'),
          junit: { type: 'string', minLength: 1, description: 'The JUnit XML file that the command writes.' },
          timeout: duration('The command is ended after this long.', '10m'),
        },
      },
      command: {
        type: 'object',
        additionalProperties: false,
        required: ['run'],
        description:
          'The trainer `command`: reads the Parquet file TWINLOOP_TRAIN, writes the ONNX file TWINLOOP_MODEL and the JSON file TWINLOOP_METRICS.',
        properties: {
          run: command('Program and arguments, run in the project’s directory; no shell reads them.'),
          timeout: duration('The command is ended after this long.', '1h'),
        },
      },
    },
    examples: [
      {
        task: 'binary',
        first: 'linear',
        candidates: { algorithms: ['linear', 'gbt'], windows: ['60d', 'all'] },
      },
    ],
  },
};
