import { type Json, type Section, schemaByTag } from '@twinloop/kernel';
import type { DatasetsConfig, ExpectationsConfig } from './config.js';
import { BOUNDS, LABEL_WORDS, READ, SOURCE, TIME } from './source-section.js';

const NAME = '^[A-Za-z][A-Za-z0-9_-]{0,62}$';
const COLUMN: Json = { type: 'string', minLength: 1, description: 'A column of the dataset.' };
const COLUMN_TYPE: Json = {
  enum: ['number', 'string', 'boolean', 'time'],
  description: 'How the values are read: `number`, `string`, `boolean`, or `time`.',
};
const SEVERITY: Json = {
  enum: ['error', 'warning'],
  default: 'error',
  description: '`error` refuses the version; `warning` is recorded and shown.',
};
const MOMENT: Json = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,3})?)?(Z|[+-]\\d{2}:\\d{2})?)?$',
  examples: ['2013-03-01', '2013-03-01T06:00:00Z'],
};

const dataset: Json = {
  type: 'object',
  additionalProperties: false,
  required: ['source'],
  properties: {
    source: SOURCE,
    format: {
      enum: ['csv', 'parquet', 'jsonl'],
      description: "How to read the source. Default: by the source's extension.",
    },
    key: {
      type: 'string',
      minLength: 1,
      description: 'The column that names a case; outcomes may be sent by it.',
    },
    time: TIME,
    read: READ,
    ...BOUNDS,
    label: {
      type: 'object',
      additionalProperties: false,
      required: ['column'],
      description: 'What is to be predicted.',
      properties: {
        column: COLUMN,
        ...LABEL_WORDS,
        arrives: {
          type: 'string',
          minLength: 1,
          description:
            'The column that says when the label became known. No feature may read it, or the label.',
        },
        available: {
          enum: ['complete', 'selective', 'never'],
          default: 'complete',
          description:
            'Which live cases get a label: `complete` all in the end, `selective` only those that were acted on, `never` none.',
        },
        decides: {
          type: 'boolean',
          description:
            'With `selective`: labels come for a fair share of the cases, whatever a model answers, and rollouts may be decided on them.',
        },
        repeats: {
          enum: ['last', 'first', 'reject'],
          default: 'last',
          description:
            'When a label comes again with another value: `last` takes the newer one, `first` keeps the one that came first, `reject` refuses the newer one. A higher `revision` is a correction and always counts.',
        },
        unit: {
          type: 'string',
          minLength: 1,
          maxLength: 32,
          description: 'What the label of a regression is counted in; stands beside its figures.',
          examples: ['minutes'],
        },
      },
    },
    score: {
      type: 'string',
      minLength: 1,
      description:
        'The column that holds what a model served elsewhere answered to these rows: what its quality is held against.',
    },
    from: { ...MOMENT, description: 'Rows from this time on (inclusive), in the project’s zone.' },
    until: { ...MOMENT, description: 'Rows before this time (exclusive), in the project’s zone.' },
    types: {
      type: 'object',
      additionalProperties: COLUMN_TYPE,
      description: 'Declared types by column; they win over what the file suggests.',
      examples: [{ zip: 'string' }],
    },
  },
};

/** `datasets`: where rows come from, and which columns name, date and label them. */
export const datasetsSection: Section<DatasetsConfig> = {
  name: 'datasets',
  required: true,
  schema: {
    type: 'object',
    description: 'Sources of rows by name. Each reading of a source makes a version, named by its content.',
    minProperties: 1,
    propertyNames: { pattern: NAME },
    additionalProperties: dataset,
    examples: [
      { flights: { source: 'flights.parquet', key: 'id', time: 'scheduled', label: { column: 'late' } } },
    ],
  },
};

const expectation: Json = schemaByTag('rule', 'One rule, checked on every version.', {
  rows: {
    description: 'How many rows a version must and may have.',
    properties: {
      min: { type: 'integer', minimum: 0, description: 'At least so many rows.' },
      max: { type: 'integer', minimum: 0, description: 'At most so many rows.' },
      severity: SEVERITY,
    },
  },
  nulls: {
    description: 'How much of a column may be missing.',
    required: ['column', 'max'],
    properties: {
      column: COLUMN,
      max: { type: 'number', minimum: 0, maximum: 1, description: 'A share of the rows: 0.05 is 5 %.' },
      severity: SEVERITY,
    },
  },
  unique: {
    description:
      'No two rows have the same values in these columns. Rows in which one of them is missing are not compared.',
    required: ['columns'],
    properties: {
      columns: { type: 'array', items: COLUMN, minItems: 1, description: 'The columns taken together.' },
      severity: SEVERITY,
    },
  },
  range: {
    description:
      'Values of a numeric column lie within bounds (inclusive). Missing values are left to `nulls`.',
    required: ['column'],
    properties: {
      column: COLUMN,
      min: { type: 'number', description: 'The smallest value allowed.' },
      max: { type: 'number', description: 'The largest value allowed.' },
      severity: SEVERITY,
    },
  },
  set: {
    description: 'Values are among those listed. Missing values are left to `nulls`.',
    required: ['column', 'values'],
    properties: {
      column: COLUMN,
      values: {
        type: 'array',
        minItems: 1,
        items: { anyOf: [{ type: 'string' }, { type: 'number' }] },
        description: 'The values allowed.',
      },
      severity: SEVERITY,
    },
  },
  pattern: {
    description:
      'Texts match a regular expression (ECMAScript, not anchored). Missing values are left to `nulls`.',
    required: ['column', 'regex'],
    properties: {
      column: COLUMN,
      regex: { type: 'string', description: 'The expression.', examples: ['^[A-Z]{3}$'] },
      severity: SEVERITY,
    },
  },
  type: {
    description: 'A column has this type.',
    required: ['column', 'type'],
    properties: { column: COLUMN, type: COLUMN_TYPE, severity: SEVERITY },
  },
  sql: {
    description: 'A boolean SQL expression over the columns is true in every row; null counts as true.',
    required: ['expression'],
    properties: {
      expression: {
        type: 'string',
        minLength: 1,
        description: 'The expression.',
        examples: ['landed >= scheduled'],
      },
      severity: SEVERITY,
    },
  },
});

/** `expectations`: what a version of a dataset must satisfy before anything is trained on it. */
export const expectationsSection: Section<ExpectationsConfig> = {
  name: 'expectations',
  required: false,
  schema: {
    type: 'object',
    description: 'Rules by dataset. A version that breaks one is kept, shown, and refused for training.',
    default: {},
    propertyNames: { pattern: NAME },
    additionalProperties: {
      type: 'array',
      description: 'Rules, each checked on every version.',
      items: expectation,
    },
    examples: [
      {
        flights: [
          { rule: 'unique', columns: ['id'] },
          { rule: 'nulls', column: 'temp', max: 0.05 },
        ],
      },
    ],
  },
};
