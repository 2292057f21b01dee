import type { Json } from '@twinloop/kernel';
import { LOSS_NAMES } from '@twinloop/stats';
import { BOUNDS, CONFIDENCE, decideBy } from './parts.js';

const METRIC: Json = {
  type: 'string',
  pattern: '^[a-z][a-z0-9_]*$',
  description:
    'A figure of the held-out rows: auc, log_loss, brier, ece, accuracy, f1, recall, precision, mcc … for two classes; log_loss, accuracy, macro_f1, recall … for several; rmse, mae, r2, bias, medae … for regression. docs/explain/gates.md lists them all.',
  examples: ['auc', 'log_loss'],
};

export const METRIC_GATE = {
  description:
    'A figure of the held-out rows lies within bounds; with `against: champion`, it is not worse than the champion’s.',
  required: ['metric'],
  properties: {
    metric: METRIC,
    class: {
      type: 'string',
      minLength: 1,
      description: 'Of several classes: the one that the figure is of (`recall`, `precision`, `f1`).',
      examples: ['billing'],
    },
    min: { type: 'number', description: 'The smallest value that passes.' },
    max: { type: 'number', description: 'The largest value that passes.' },
    against: {
      enum: ['champion'],
      description:
        'Compare with the model in service on the same rows: DeLong for auc, the paired difference of shares with McNemar’s p for accuracy, Student’s t for mean losses, the paired bootstrap for the rest.',
    },
    tolerance: {
      type: 'number',
      minimum: 0,
      description: 'With `against`: how much worse does not matter, in units of the figure. Default 0.',
    },
    // Its default depends on `against`.
    decide: {
      enum: ['estimate', 'interval', 'harm'],
      description:
        'What decides: estimate (the default for bounds), interval, or harm (the default with `against`). See docs/explain/gates.md.',
    },
    confidence: CONFIDENCE,
  },
};

export const CHAMPION_GATE = {
  description: 'Not worse than the champion on the same held-out rows, by more than the tolerance (paired).',
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
};

export const CALIBRATION_GATE = {
  description:
    'What was said to be 20 % probable comes in about 20 % of the cases. Of several classes the likeliest one’s probability is looked at; of a regression slope and intercept alone.',
  properties: {
    ece: BOUNDS('Expected calibration error over 10 bins of equal width (bootstrapped interval).', {
      max: 0.05,
    }),
    slope: BOUNDS(
      'Slope of the outcome on the prediction (log-odds of a probability): 1 is right, below 1 too sure.',
      {
        min: 0.7,
        max: 1.4,
      },
    ),
    intercept: BOUNDS(
      'Of a classifier: how far the log-odds are off in the large, the slope being 1; 0 is right. Of a regression: the mean error in standard deviations of the label.',
      { min: -0.3, max: 0.3 },
    ),
    decide: decideBy('interval'),
    confidence: CONFIDENCE,
  },
};
