import { DURATION_PATTERN, type Json, type Section, schemaByTag } from '@twinloop/kernel';
import type { Expectation, ExpectationsConfig } from '../config.js';
import { COLUMN, COLUMN_TYPE, NAME } from '../section.js';

const SEVERITY: Json = {
  enum: ['error', 'warning'],
  default: 'error',
  description: '`error` refuses the version; `warning` is recorded and shown.',
};
const SQL: Json = { type: 'string', minLength: 1, maxLength: 10_000 };
const COMMON: Record<string, Json> = {
  severity: SEVERITY,
  where: {
    ...SQL,
    description: 'An SQL condition over the columns: the rule holds for the rows in which it is true.',
    examples: ["origin = 'JFK'"],
  },
  by: {
    ...(COLUMN as Record<string, Json>),
    description: 'The rule holds within each value of this column, of which there may be 100.',
  },
};
const OF_ROWS: Record<string, Json> = {
  mostly: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    description: 'The share of the judged rows that must hold. Default 1.',
  },
  quarantine: {
    type: 'boolean',
    description: 'Rows that break the rule are kept apart with the reason, and the others go on.',
  },
  ...COMMON,
};
const number = (description: string): Json => ({ type: 'number', description });
const count = (description: string): Json => ({ type: 'integer', minimum: 0, description });
const columns = (description: string): Json => ({ type: 'array', items: COLUMN, minItems: 1, description });

interface Branch {
  readonly description: string;
  readonly properties: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
}

const BRANCHES: Readonly<Record<string, Branch>> = {
  rows: {
    description: 'How many rows a version must and may have: so many, or as many as versions used to have.',
    properties: {
      min: count('At least so many rows.'),
      max: count('At most so many rows.'),
      against: {
        enum: ['history'],
        description: 'Compares with the median of the last accepted versions; the first version passes.',
      },
      within: {
        type: 'number',
        exclusiveMinimum: 0,
        default: 0.5,
        description:
          'With `against`: how far from the median, as a share of it. 0.5 is half as many to half more.',
      },
      last: {
        type: 'integer',
        minimum: 1,
        maximum: 100,
        default: 5,
        description: 'With `against`: how many versions.',
      },
      ...COMMON,
    },
  },
  schema: {
    description: 'The columns that a version must have, with their types.',
    required: ['columns'],
    properties: {
      columns: {
        type: 'object',
        minProperties: 1,
        additionalProperties: COLUMN_TYPE,
        description: 'Types by column.',
      },
      extra: {
        enum: ['refuse', 'warn', 'allow'],
        default: 'allow',
        description: 'What happens to columns that are not listed.',
      },
      severity: SEVERITY,
    },
  },
  nulls: {
    description: 'How much of a column may be missing; without `max` and `mostly`, nothing.',
    required: ['column'],
    properties: {
      column: COLUMN,
      max: { type: 'number', minimum: 0, maximum: 1, description: 'A share of the rows: 0.05 is 5 %.' },
      ...OF_ROWS,
    },
  },
  unique: {
    description:
      'No two rows have the same values in these columns. Rows in which one of them is missing are not compared.',
    required: ['columns'],
    properties: { columns: columns('The columns taken together.'), ...OF_ROWS },
  },
  range: {
    description: 'Values of a numeric column lie within bounds. Missing values are left to `nulls`.',
    required: ['column'],
    properties: {
      column: COLUMN,
      min: number('The smallest value allowed.'),
      max: number('The largest value allowed.'),
      above: number('Values must be greater.'),
      below: number('Values must be less.'),
      ...OF_ROWS,
    },
  },
  length: {
    description: 'Texts have so many characters. Missing values are left to `nulls`.',
    required: ['column'],
    properties: {
      column: COLUMN,
      min: count('At least so many characters (Unicode code points).'),
      max: count('At most so many characters.'),
      ...OF_ROWS,
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
      ...OF_ROWS,
    },
  },
  pattern: {
    description:
      'Texts match a regular expression (RE2, not anchored: no look-around, no back-references). Missing values are left to `nulls`.',
    required: ['column', 'regex'],
    properties: {
      column: COLUMN,
      regex: { type: 'string', maxLength: 1000, description: 'The expression.', examples: ['^[A-Z]{3}$'] },
      ...OF_ROWS,
    },
  },
  type: {
    description: 'A column has this type.',
    required: ['column', 'type'],
    properties: { column: COLUMN, type: COLUMN_TYPE, ...OF_ROWS },
  },
  outliers: {
    description: 'Values lie fewer than `z` standard deviations from the mean of the version.',
    required: ['column'],
    properties: {
      column: COLUMN,
      z: { type: 'number', exclusiveMinimum: 0, default: 5, description: 'Standard deviations.' },
      ...OF_ROWS,
    },
  },
  monotonic: {
    description: 'Values rise (or fall) from row to row. Missing values are passed over.',
    required: ['column'],
    properties: {
      column: COLUMN,
      direction: { enum: ['increasing', 'decreasing'], default: 'increasing', description: 'Which way.' },
      strictly: { type: 'boolean', default: false, description: 'Equal neighbours break it too.' },
      per: {
        ...(COLUMN as Record<string, Json>),
        description: 'Rows are compared with the last of the same value here.',
      },
      ...OF_ROWS,
    },
  },
  reference: {
    description:
      'Values are found in the newest accepted version of another dataset. Rows in which one is missing are not judged.',
    required: ['columns', 'dataset'],
    properties: {
      columns: columns('The columns here, taken together.'),
      dataset: { type: 'string', minLength: 1, description: 'The dataset that lists the values.' },
      to: columns('Its columns, in the same order. Default: those of the same names.'),
      ...OF_ROWS,
    },
  },
  sql: {
    description: 'A boolean SQL expression over the columns is true in every row; null counts as true.',
    required: ['expression'],
    properties: {
      expression: {
        ...(SQL as Record<string, Json>),
        description: 'The expression.',
        examples: ['landed >= scheduled'],
      },
      ...OF_ROWS,
    },
  },
  statistic: {
    description:
      'A figure of a column lies within bounds (inclusive). It is of present values; undefined, it breaks the rule.',
    required: ['column', 'of'],
    properties: {
      column: COLUMN,
      of: {
        enum: ['mean', 'median', 'stdev', 'min', 'max', 'sum', 'distinct', 'unique-share'],
        description:
          'The figure. `distinct` counts different values; `unique-share` divides them by present rows.',
      },
      min: number('At least.'),
      max: number('At most.'),
      ...COMMON,
    },
  },
  'sql-value': {
    description: 'An aggregate SQL expression over the columns lies within bounds (inclusive).',
    required: ['expression'],
    properties: {
      expression: {
        ...(SQL as Record<string, Json>),
        description: 'It gives one number.',
        examples: ['sum(paid) / sum(billed)'],
      },
      min: number('At least.'),
      max: number('At most.'),
      ...COMMON,
    },
  },
  freshness: {
    description: 'The newest row is not older than this when the version is checked.',
    required: ['within'],
    properties: {
      within: {
        type: 'string',
        pattern: DURATION_PATTERN,
        description: 'The age allowed.',
        examples: ['6h', '2d'],
      },
      column: {
        ...(COLUMN as Record<string, Json>),
        description: 'The column that dates a row. Default: the dataset’s `time`.',
      },
      ...COMMON,
    },
  },
  distribution: {
    description: 'A column is distributed as it was in another version of the dataset.',
    required: ['column'],
    properties: {
      column: COLUMN,
      against: {
        type: 'string',
        pattern: '^(previous|[0-9a-f]{8,64})$',
        default: 'previous',
        description:
          '`previous`: the last accepted version; or the first 8 or more digits of a version. Without one it passes.',
      },
      method: {
        enum: ['drift', 'psi', 'kl'],
        default: 'drift',
        description:
          '`drift`: the test that monitors use, of a change greater than `max` standard deviations at 1 %; `psi` and `kl`: the index over ten bins of the reference, or over its values.',
      },
      max: {
        type: 'number',
        minimum: 0,
        description: 'The largest change that does not matter. Default 0.2 of drift (σ) and psi, 0.1 of kl.',
      },
      severity: SEVERITY,
    },
  },
};

const expectation: Json = schemaByTag('rule', 'One rule, checked on every version.', BRANCHES);

/** A rule as a person would write it: what is the default anyway is left out. */
export function asWritten(rule: Expectation): Readonly<Record<string, unknown>> {
  const { properties } = BRANCHES[rule.rule]!;
  return Object.fromEntries(
    Object.entries(rule).filter(([key, value]) => {
      const field = properties[key] as { readonly default?: Json } | undefined;
      return value !== undefined && (field?.default === undefined || field.default !== value);
    }),
  );
}

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
