import { type Row, tableFromRows } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindFeatures } from '../features/bind.js';
import { fitFeatures } from '../features/fit.js';
import { type FeatureSpec, parseFeatureSpec } from '../features/spec.js';
import { fitVocabulary } from './vocabulary.js';
import { eachWord, MAX_TEXT } from './words.js';

const wordsOf = (text: string): string[] => {
  const found: string[] = [];
  eachWord(text, word => found.push(word));
  return found;
};

describe('words', () => {
  it.each([
    ['Reset my PASSWORD!', ['reset', 'my', 'reset my', 'password', 'my password']],
    ["can't log-in", ["can't", 'log', "can't log", 'in', 'log in']],
    ['Größe 42', ['größe', '42', 'größe 42']],
    ['हिन्दी', ['हिन्दी']],
    ['no 🔥🔥', ['no', '🔥', 'no 🔥', '🔥', '🔥 🔥']],
    ['', []],
    ['… --- !!', []],
  ])('of %j', (text, words) => expect(wordsOf(text)).toEqual(words));

  it('are the same however an accent is written', () =>
    expect(wordsOf('cafe\u0301')).toEqual(wordsOf('caf\u00e9')));

  it('end after the first 100,000 characters', () => {
    expect(wordsOf('a '.repeat(MAX_TEXT / 2) + 'late')).not.toContain('late');
  });
});

const schema = [
  { name: 'message', type: 'string', nullable: true },
  { name: 'size', type: 'number', nullable: true },
  { name: 'team', type: 'string', nullable: false },
] as const;
const rows: Row[] = Array.from({ length: 40 }, (_, i) => ({
  message: i % 10 === 9 ? null : i % 2 === 0 ? 'refund of the invoice' : 'the login failed 🔒',
  size: i,
  team: i % 2 === 0 ? 'billing' : 'access',
}));
const table = tableFromRows(schema, rows);
const spec: FeatureSpec = { inputs: ['message', 'size'], text: [{ column: 'message', words: 6 }] };
const plan = fitFeatures(spec, table, { label: 'team' });

describe('vocabulary', () => {
  it('holds what tells the label, and no word that all rows share', () => {
    const words = plan.features.map(f => f.name);
    expect(words[0]).toBe('size');
    expect(words).toHaveLength(7);
    expect(words).toContain('message:refund');
    expect(words).not.toContain('message:the');
  });

  it('weighs as scikit-learn does: ln((1 + n) / (1 + texts)) + 1', () => {
    const [first] = fitVocabulary(['a', 'a', 'a', 'b'], undefined, 1);
    expect(first).toEqual({ word: 'a', idf: Math.log(5 / 4) + 1 });
  });

  it('is of the training rows alone', () => {
    const half = {
      rows: 20,
      columns: table.columns.map(c => ({ ...c, values: c.values.slice(0, 20) })),
    } as typeof table;
    const own = fitFeatures(spec, half, { label: 'team' });
    const changed = tableFromRows(schema, [
      ...rows.slice(0, 20),
      ...rows.slice(20).map(row => ({ ...row, message: 'zebra' })),
    ]);
    const cut = {
      rows: 20,
      columns: changed.columns.map(c => ({ ...c, values: c.values.slice(0, 20) })),
    } as typeof table;
    expect(fitFeatures(spec, cut, { label: 'team' })).toEqual(own);
  });

  it('ranks words by a quantity too', () => {
    const label = {
      name: 'y',
      type: 'number',
      values: Float64Array.from({ length: 200 }, (_, i) => i),
    } as const;
    const texts = Array.from({ length: 200 }, (_, i) => (i < 100 ? 'low same' : 'high same'));
    expect(fitVocabulary(texts, label, 2).map(({ word }) => word)).not.toContain('same');
  });
});

describe('encoding', () => {
  const bound = bindFeatures(plan);

  it('gives a request the bits that training saw, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.option(
            fc.oneof(
              fc.string({ unit: 'grapheme' }),
              fc.constantFrom('refund refund the login', 'of the invoice'),
            ),
          ),
          { minLength: 1, maxLength: 20 },
        ),
        messages => {
          const asked = messages.map((message, i): Row => ({ message, size: i, team: 'billing' }));
          const offline = bound.encodeTable(tableFromRows(schema, asked));
          const online = new Float64Array(bound.width);
          asked.forEach((row, i) => {
            bound.encodeRow(row, online);
            expect(online).toEqual(offline.slice(i * bound.width, (i + 1) * bound.width));
          });
        },
      ),
    );
  });

  it('scales each text to length 1; unknown, empty and missing ones are all 0', () => {
    const x = bound.encodeTable(
      tableFromRows(schema, [
        { message: 'Refund, REFUND!', size: 1 },
        { message: 'zebra', size: 1 },
        { message: '', size: 1 },
        { message: null, size: 1 },
      ]),
    );
    const length = (i: number) => Math.hypot(...x.slice(i * 7 + 1, (i + 1) * 7));
    expect(length(0)).toBeCloseTo(1, 12);
    expect([length(1), length(2), length(3)]).toEqual([0, 0, 0]);
  });

  it('reads a text of 100 KB in a few milliseconds', () => {
    const row = { message: 'refund 🔒 x'.repeat(10_000), size: 1 };
    const out = new Float64Array(bound.width);
    const started = performance.now();
    bound.encodeRow(row, out);
    expect(performance.now() - started).toBeLessThan(500);
    expect(out[1 + plan.features.slice(1).findIndex(f => f.name === 'message:🔒')]).toBeGreaterThan(0);
  });

  it('refuses a number where the text should be', () =>
    expect(() => bound.encodeRow({ message: 5, size: 1 }, new Float64Array(7))).toThrow(
      expect.objectContaining({ code: 'input_type', field: 'message' }),
    ));
});

describe('specs', () => {
  it.each([
    [{ inputs: ['size'], text: [{ column: 'message', words: 3 }] }, /"message" is not a feature/],
    [{ inputs: ['size'], text: [{ column: 'size', words: 3 }] }, /is number, not text/],
  ])('%j is refused', (bad, message) =>
    expect(() => fitFeatures(bad, table, { label: 'team' })).toThrow(message),
  );

  it.each([
    [[{ column: 'message', words: 0 }], /words/],
    [[{ column: 'message' }], /words/],
    [
      [
        { column: 'message', words: 5 },
        { column: 'message', words: 5 },
      ],
      /twice/,
    ],
    ['message', /list/],
  ])('text: %j is refused', (text, message) =>
    expect(() => parseFeatureSpec({ inputs: ['message'], text })).toThrow(message),
  );

  it('may read a derived text', () => {
    const derived = fitFeatures(
      {
        inputs: ['message', 'size'],
        derive: { low: 'lower(message)' },
        drop: ['message'],
        text: [{ column: 'low', words: 2 }],
      },
      table,
      { label: 'team' },
    );
    expect(derived.features.map(f => f.name.split(':')[0])).toEqual(['size', 'low', 'low']);
  });
});
