import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDocument, encodeDocument } from '../documents/codec.js';
import type { GbtBody, ModelDocument, Tree } from '../documents/document.js';
import { bindModel, sigmoid } from './bind-model.js';
import { compileQuickScorer } from './quick-scorer.js';
import { compileTrees } from './trees.js';

const CATEGORIES = 70;
const categoriesOf = (feature: number): number => (feature === 2 ? CATEGORIES : 0);

/** Trees grown by splitting a random leaf, over two numbers (0, 1) and one category (2). */
const tree: fc.Arbitrary<Tree> = fc
  .array(
    fc.record({
      leaf: fc.nat(),
      feature: fc.integer({ min: 0, max: 2 }),
      threshold: fc.integer({ min: -3, max: 3 }),
      categories: fc.uniqueArray(fc.integer({ min: 0, max: CATEGORIES - 1 }), { maxLength: 12 }),
      missingLeft: fc.boolean(),
    }),
    { maxLength: 31 },
  )
  .map(splits => {
    const grown = {
      feature: [] as number[],
      threshold: [] as (number | null)[],
      categories: [] as (number[] | null)[],
    };
    const missingLeft: boolean[] = [];
    const left: number[] = [];
    const right: number[] = [];
    const parents: { node: number; side: number[] }[] = [{ node: -1, side: left }];
    for (const split of splits) {
      const leaf = split.leaf % parents.length;
      const node = grown.feature.length;
      const { node: parent, side } = parents[leaf]!;
      if (parent >= 0) side[parent] = node;
      grown.feature.push(split.feature);
      grown.threshold.push(split.feature === 2 ? null : split.threshold);
      grown.categories.push(split.feature === 2 ? split.categories : null);
      missingLeft.push(split.missingLeft);
      left.push(~leaf);
      right.push(~parents.length);
      parents[leaf] = { node, side: left };
      parents.push({ node, side: right });
    }
    const leaves = parents.map((_, i) => Math.sin(i + 1) / 3);
    return { ...grown, missingLeft, left, right, leaves };
  });

const number = fc.oneof(
  fc.integer({ min: -4, max: 4 }),
  fc.double({ min: -4, max: 4, noNaN: true }),
  fc.constant(NaN),
);
const row = fc.tuple(number, number, fc.oneof(fc.integer({ min: 0, max: CATEGORIES - 1 }), fc.constant(NaN)));

/** The definition, read off the document. */
function bySteps(body: GbtBody, x: readonly number[]): number {
  return body.trees.reduce((sum, t) => {
    let at = t.feature.length === 0 ? -1 : 0;
    while (at >= 0) {
      const v = x[t.feature[at]!]!;
      const subset = t.categories[at]!;
      const goesLeft = Number.isNaN(v)
        ? t.missingLeft[at]!
        : subset === null
          ? v <= t.threshold[at]!
          : subset.includes(v);
      at = goesLeft ? t.left[at]! : t.right[at]!;
    }
    return sum + t.leaves[~at]!;
  }, body.base);
}

function documentOf(body: GbtBody): ModelDocument {
  const names = Array.from({ length: CATEGORIES }, (_, i) => `c${i}`);
  return {
    format: 'twinloop-model/1',
    task: 'binary',
    algorithm: 'gbt',
    label: 'y',
    features: {
      spec: { inputs: ['a', 'b', 'c'] },
      inputs: [
        { name: 'a', type: 'number' },
        { name: 'b', type: 'number' },
        { name: 'c', type: 'string' },
      ],
      features: [
        { name: 'a', type: 'numeric' },
        { name: 'b', type: 'numeric' },
        { name: 'c', type: 'categorical', categories: names },
      ],
    },
    body,
    training: { rows: 1, seed: 0, parameters: {} },
    importance: { a: 1, b: 0, c: 0 },
  };
}

describe('tree evaluators', () => {
  it('both give, to the last bit, what walking the document gives', () => {
    fc.assert(
      fc.property(
        fc.array(tree, { maxLength: 6 }),
        fc.array(row, { minLength: 1, maxLength: 20 }),
        (trees, rows) => {
          const body: GbtBody = { kind: 'gbt', base: 0.25, trees };
          const walk = compileTrees(body);
          const quick = compileQuickScorer(body, 3, categoriesOf);
          const x = Float64Array.from(rows.flat());
          rows.forEach((values, i) => {
            const expected = bySteps(body, values);
            expect(walk(x, 3 * i)).toBe(expected);
            expect(quick(x, 3 * i)).toBe(expected);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('documents of any trees pass validation and predict the same after a round trip', () => {
    fc.assert(
      fc.property(fc.array(tree, { maxLength: 4 }), row, (trees, values) => {
        const document = documentOf({ kind: 'gbt', base: -1, trees });
        const back = decodeDocument(encodeDocument(document));
        const request = { a: values[0], b: values[1], c: Number.isNaN(values[2]) ? null : `c${values[2]}` };
        expect(bindModel(back).predictRow(request)).toBe(sigmoid(bySteps(document.body as GbtBody, values)));
      }),
      { numRuns: 100 },
    );
  });
});

describe('decodeDocument', () => {
  const stump: Tree = {
    feature: [0],
    threshold: [1],
    categories: [null],
    missingLeft: [true],
    left: [-1],
    right: [-2],
    leaves: [1, 2],
  };
  const damaged = (change: Partial<Tree>): Uint8Array =>
    encodeDocument(documentOf({ kind: 'gbt', base: 0, trees: [{ ...stump, ...change }] }));

  it.each<[string, Uint8Array, string]>([
    ['not JSON', new TextEncoder().encode('\u0000ONNX'), ''],
    ['another format', new TextEncoder().encode('{"format":"other"}'), 'format'],
    ['a child beyond the tree', damaged({ right: [5] }), 'body/trees/0/right/0'],
    ['a circle', damaged({ left: [0] }), 'body/trees/0/left/0'],
    ['a leaf of two nodes', damaged({ right: [-1] }), 'body/trees/0/right/0'],
    ['lists of different length', damaged({ missingLeft: [] }), 'body/trees/0/missingLeft'],
    ['a feature that does not exist', damaged({ feature: [9] }), 'body/trees/0/feature/0'],
    ['a threshold on a category', damaged({ feature: [2] }), 'body/trees/0/feature/0'],
    ['an unknown category', damaged({ feature: [2], categories: [[70]] }), 'body/trees/0/categories/0/0'],
    ['a leaf that is not a number', damaged({ leaves: [1, Number.NaN] }), 'body/trees/0/leaves/1'],
  ])('refuses %s', (_, bytes, field) => {
    expect(() => decodeDocument(bytes)).toThrow(expect.objectContaining({ code: 'model_invalid', field }));
  });
});

describe('a linear model at the ends of the numbers', () => {
  const numeric = ['a', 'b'].map((name, feature) => ({
    feature,
    mean: 0,
    scale: 1,
    weight: feature === 0 ? 3 : -3,
    name,
  }));
  const document = {
    format: 'twinloop-model',
    version: 1,
    task: 'regression',
    label: 'y',
    features: {
      spec: { inputs: ['a', 'b'] },
      inputs: [
        { name: 'a', type: 'number' },
        { name: 'b', type: 'number' },
      ],
      features: [
        { name: 'a', type: 'numeric' },
        { name: 'b', type: 'numeric' },
      ],
    },
    body: {
      kind: 'linear',
      intercept: 1,
      numeric: numeric.map(({ name: _, ...term }) => term),
      categorical: [],
    },
    importance: {},
  } as unknown as ModelDocument;

  it.each<[number, number, number]>([
    [Number.MAX_VALUE, Number.MAX_VALUE, 0],
    [Number.MAX_VALUE, -Number.MAX_VALUE, 1e300],
    [-Number.MAX_VALUE, Number.MAX_VALUE, -1e300],
    [1e308, 0, 1e300],
  ])('answers %d and %d with a number', (a, b, score) => {
    for (const task of ['regression', 'binary'] as const) {
      const bound = bindModel({ ...document, task });
      const answer = bound.predictRow({ a, b });
      expect(answer).toBe(task === 'regression' ? score : sigmoid(score));
    }
  });

  it('and leaves every ordinary sum as it is', () => {
    const bound = bindModel(document);
    expect(bound.predictRow({ a: 2, b: 1 })).toBe(4);
    expect(bound.predictRow({ a: 1e307, b: 0 })).toBe(1 + 3e307);
  });
});
