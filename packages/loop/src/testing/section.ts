import { DURATION_PATTERN, type Section, SIZE_PATTERN, schemaByTag } from '@twinloop/kernel';
import type { GatesConfig } from './config.js';
import { CALIBRATION_GATE, CHAMPION_GATE, METRIC_GATE } from './schema/accuracy-gates.js';
import { BIAS_GATE, FUZZ_GATE, ROBUSTNESS_GATE, SLICES_GATE } from './schema/behaviour-gates.js';

const gate = schemaByTag('gate', 'One gate. A gate that fails stops the run.', {
  metric: METRIC_GATE,
  champion: CHAMPION_GATE,
  bias: BIAS_GATE,
  slices: SLICES_GATE,
  calibration: CALIBRATION_GATE,
  robustness: ROBUSTNESS_GATE,
  fuzz: FUZZ_GATE,
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
        { gate: 'bias', metric: 'equal_opportunity', attributes: ['origin'], max: 0.2 },
        { gate: 'slices', by: ['carrier'], tolerance: 0.05 },
        { gate: 'robustness', loss: 0.05 },
        { gate: 'fuzz' },
      ],
    ],
  },
};
