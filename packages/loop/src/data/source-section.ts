import type { Json } from '@twinloop/kernel';

const NAME: Json = { type: 'string', minLength: 1 };

/** `source`: a file or URL, or a query. */
export const SOURCE: Json = {
  anyOf: [
    { type: 'string', minLength: 1 },
    {
      type: 'object',
      additionalProperties: false,
      required: ['postgres', 'query'],
      properties: {
        postgres: {
          type: 'string',
          pattern: '^(env|file):.+$',
          description: 'The connection string by reference: `env:NAME` or `file:/path`.',
          examples: ['env:DATABASE_URL'],
        },
        query: {
          type: 'string',
          minLength: 1,
          description: 'One SELECT, run in a read-only transaction.',
          examples: ['select * from orders where placed < now()'],
        },
      },
    },
  ],
  description:
    'A path relative to the project file, an http(s) URL (fetched once, then kept by content), or a Postgres query (`{postgres, query}`).',
  examples: ['flights.parquet', 'data/orders.csv', 'https://example.org/orders.jsonl'],
};

/** `time`: one column, two that make a time, or the order of the rows. */
export const TIME: Json = {
  anyOf: [
    { type: 'string', minLength: 1 },
    {
      type: 'object',
      additionalProperties: false,
      required: ['date', 'hour'],
      properties: {
        date: { ...NAME, description: 'A column of dates.' },
        hour: { ...NAME, description: 'A column of hours (0 to 23, or `HH:MM`), in the project’s zone.' },
        as: { ...NAME, description: 'What the composed column is called. Default: time.' },
      },
    },
    {
      type: 'object',
      additionalProperties: false,
      required: ['order'],
      properties: {
        order: { const: 'rows', description: 'No column says the time; rows stand in order, oldest first.' },
      },
    },
  ],
  description:
    'The column that says when the case happened; `{date, hour}` where two say it; `{order: rows}` where none does. Rows are ordered, and held out, by it.',
  examples: ['scheduled', { date: 'day', hour: 'hr' }],
};

/** `read`: how a text file is written. */
export const READ: Json = {
  type: 'object',
  additionalProperties: false,
  description: 'How a text file is written, so that it is read the same way every time.',
  examples: [{ delimiter: ';', decimal: ',', encoding: 'latin-1' }],
  properties: {
    delimiter: {
      type: 'string',
      minLength: 1,
      maxLength: 1,
      description: 'CSV: what stands between fields. Default: the one that splits the header most often.',
    },
    decimal: {
      enum: ['.', ','],
      description: 'CSV: with `,` points group thousands. Default: a point.',
    },
    encoding: {
      enum: ['utf-8', 'latin-1', 'utf-16'],
      description: 'CSV: how letters are written. Default: utf-8.',
    },
    header: {
      type: 'boolean',
      description:
        'CSV: whether the first line names the columns; else they are column1, column2, … Default: true.',
    },
    missing: {
      type: 'array',
      items: { type: 'string', minLength: 1 },
      description: 'CSV: texts that stand for a missing value, beside the empty one.',
      examples: [['NA', '?']],
    },
    times: {
      type: 'object',
      additionalProperties: { type: 'array', minItems: 1, items: { type: 'string', minLength: 1 } },
      description:
        'Forms of times by column, tried in order: strptime patterns, `iso`, `epoch-s`, `epoch-ms`. Default: ISO.',
      examples: [{ day: ['%d/%m/%Y'] }],
    },
  },
};

/** `label.positive`, `label.negative`: a yes and no in the file's own words. */
export const LABEL_WORDS: Readonly<Record<string, Json>> = {
  positive: {
    type: 'string',
    minLength: 1,
    description: 'Binary: the value that counts as 1, where the file says it in words.',
    examples: ['yes'],
  },
  negative: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    description:
      'With `positive`: the values that count as 0; any other refuses the file. Default: all others.',
    examples: [['no']],
  },
};

/** What bounds a version. */
export const BOUNDS: Readonly<Record<string, Json>> = {
  columns: {
    type: 'array',
    items: NAME,
    minItems: 1,
    uniqueItems: true,
    description: 'Only these columns are read. Default: all.',
  },
  newest: {
    type: 'integer',
    minimum: 1,
    description: 'A version keeps so many rows, the newest by `time`. Default: all.',
  },
};
