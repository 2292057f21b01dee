import { type Json, type JsonSchema, schemaByTag } from '@twinloop/kernel';

const ROW = (description: string): Json => ({
  type: 'object',
  additionalProperties: {
    anyOf: [{ type: 'number' }, { type: 'string' }, { type: 'boolean' }, { type: 'null' }],
  },
  description,
  examples: [{ origin: 'JFK', hour: 18, temp: null }],
});
const NAME: Json = { type: 'string', minLength: 1, description: 'What the test says, in a few words.' };
const INPUTS = ROW('One row: every input of the model by name; null is a missing value.');
const TOLERANCE: Json = { type: 'number', minimum: 0, default: 0 };

/** What invariance and direction tests share. */
const CHANGED: JsonSchema = {
  name: NAME,
  inputs: INPUTS,
  rows: {
    type: 'integer',
    minimum: 1,
    maximum: 10_000,
    description: 'Instead of `inputs`: so many held-out rows, drawn by a fixed seed.',
    examples: [200],
  },
  share: {
    type: 'number',
    exclusiveMinimum: 0,
    maximum: 1,
    default: 1,
    description: 'With `rows`: the share of them that must hold.',
    examples: [0.99],
  },
  change: {
    ...(ROW('The fields that are changed, with their new values.') as object),
    minProperties: 1,
  },
  shift: {
    type: 'object',
    additionalProperties: { type: 'number' },
    minProperties: 1,
    description: 'Numbers that are moved, and by how much.',
    examples: [{ temp: 1 }],
  },
};

/** Schema of a prediction-test file: a list of tests. */
export const predictionTestsSchema: JsonSchema = {
  type: 'array',
  description: 'Prediction tests: what the model must answer, must not care about, and must react to.',
  minItems: 1,
  items: schemaByTag('kind', 'One prediction test.', {
    known: {
      description: 'A known case: the score lies within bounds.',
      required: ['name', 'inputs', 'expect'],
      properties: {
        name: NAME,
        inputs: INPUTS,
        expect: {
          type: 'object',
          additionalProperties: false,
          minProperties: 1,
          description:
            'Bounds of the score (inclusive); of several classes, the class and bounds of its probability.',
          properties: {
            class: { type: 'string', minLength: 1, description: 'The likeliest class, by name.' },
            min: { type: 'number', description: 'The smallest score allowed.' },
            max: { type: 'number', description: 'The largest score allowed.' },
          },
        },
      },
    },
    golden: {
      description: 'A table of known cases: every answer is the expected one.',
      required: ['name', 'each'],
      properties: {
        name: NAME,
        each: {
          type: 'string',
          minLength: 1,
          description:
            'A CSV or Parquet file relative to the project file: inputs by column, one case a row.',
          examples: ['golden.csv'],
        },
        expected: {
          type: 'string',
          minLength: 1,
          default: 'expected',
          description: 'The column of the expected score; of several classes, of the expected class.',
        },
        tolerance: { ...TOLERANCE, description: 'How far a score may lie from the expected one.' },
      },
    },
    invariance: {
      description: 'A change that must not matter.',
      required: ['name'],
      properties: { ...CHANGED, tolerance: { ...TOLERANCE, description: 'How far the score may move.' } },
    },
    direction: {
      description: 'A change that must move the score in one direction.',
      required: ['name', 'expect'],
      properties: {
        ...CHANGED,
        class: {
          type: 'string',
          minLength: 1,
          description: 'Of several classes: the one whose probability is looked at.',
        },
        expect: { enum: ['up', 'down'], description: 'Where the score must go.' },
        tolerance: { ...TOLERANCE, description: 'How far the score may go the other way.' },
      },
    },
  }),
};
