import { type Json, type JsonSchema, type Row, schemaByTag } from '@twinloop/kernel';

interface Common {
  readonly name: string;
  readonly inputs: Row;
}

/** A known case: the score lies within bounds; of several classes, the likeliest one is `class` and its probability lies within them. */
export interface KnownTest extends Common {
  readonly kind: 'known';
  readonly expect: { readonly class?: string; readonly min?: number; readonly max?: number };
}

/** Changing these fields must not move the score (of several classes: any probability) by more than the tolerance. */
export interface InvarianceTest extends Common {
  readonly kind: 'invariance';
  readonly change: Row;
  readonly tolerance: number;
}

/** Changing these fields must move the score up (or down); `tolerance` is how far against that it may go. Of several classes the score is the probability of `class`. */
export interface DirectionTest extends Common {
  readonly kind: 'direction';
  readonly class?: string;
  readonly change: Row;
  readonly expect: 'up' | 'down';
  readonly tolerance: number;
}

/** A unit test of a model, after "Beyond Accuracy: CheckList" (Ribeiro et al. 2020): minimum functionality, invariance, directional expectation. */
export type PredictionTest = KnownTest | InvarianceTest | DirectionTest;

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
const CHANGE: Json = {
  ...(ROW('The fields that are changed, with their new values.') as object),
  minProperties: 1,
};
const TOLERANCE: Json = { type: 'number', minimum: 0, default: 0 };

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
    invariance: {
      description: 'A change that must not matter.',
      required: ['name', 'inputs', 'change'],
      properties: {
        name: NAME,
        inputs: INPUTS,
        change: CHANGE,
        tolerance: { ...TOLERANCE, description: 'How far the score may move.' },
      },
    },
    direction: {
      description: 'A change that must move the score in one direction.',
      required: ['name', 'inputs', 'change', 'expect'],
      properties: {
        name: NAME,
        inputs: INPUTS,
        change: CHANGE,
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
