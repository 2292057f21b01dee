import type { Json, MetadataStore, ProjectId } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { classAnswers, loggedAnswer } from './class-answers.js';
import { ClassBook, MOST_CLASSES } from './class-book.js';
import { outcomeValue } from './outcome-value.js';

const project = 'p' as ProjectId;

function cursors(): MetadataStore['cursors'] & { stored: Json | undefined; fail: boolean } {
  const kept = {
    stored: undefined as Json | undefined,
    fail: false,
    async put(_project: ProjectId, _name: string, value: Json) {
      if (kept.fail) throw new Error('the store is full');
      kept.stored = value;
    },
    get: async () => kept.stored,
  };
  return kept;
}

describe('the book of classes', () => {
  it('gives a class the same number for ever, in whatever order it is named later', async () => {
    const store = cursors();
    const book = await ClassBook.open(project, store);
    await book.add(['access', 'billing']);
    await book.add(['zebra']);
    await book.add(['aftercare', 'access', 'billing']);
    expect(book.names).toEqual(['access', 'billing', 'zebra', 'aftercare']);
    const again = await ClassBook.open(project, store);
    expect(['aftercare', 'access', 'ghost'].map(name => again.numberOf(name))).toEqual([3, 0, -1]);
  });

  it('is stored before a number is used, also when two enter at once', async () => {
    const store = cursors();
    const book = await ClassBook.open(project, store);
    await Promise.all([book.add(['a']), book.add(['b']), book.add(['a', 'b'])]);
    expect(store.stored).toEqual(['a', 'b']);
    store.fail = true;
    await expect(book.add(['c'])).rejects.toThrow('full');
    store.fail = false;
    await book.add(['c']);
    expect(store.stored).toEqual(['a', 'b', 'c']);
  });

  it.each([[''], ['   '], ['x'.repeat(301)]])('refuses %j as a name', async name => {
    const book = await ClassBook.open(project, cursors());
    await expect(book.add([name])).rejects.toMatchObject({ code: 'outcome_invalid' });
    expect(book.names).toEqual([]);
  });

  it('is no place for labels that are not classes', async () => {
    const book = await ClassBook.open(project, cursors());
    await book.add(Array.from({ length: MOST_CLASSES }, (_, i) => `c${i}`));
    await expect(book.add(['one more'])).rejects.toMatchObject({ code: 'outcome_invalid' });
  });
});

describe('reported values', () => {
  const told = async (value: number | boolean | string, meaning: Parameters<typeof outcomeValue>[1]) => {
    const book = await ClassBook.open(project, cursors());
    await book.add(['2', 'billing', 'true']);
    return outcomeValue(value, meaning, book, 'value');
  };
  it.each([
    ['billing', { task: 'multiclass' }, 1],
    [2, { task: 'multiclass' }, 0],
    [true, { task: 'multiclass' }, 2],
    [true, { task: 'binary' }, 1],
    [0.25, { task: 'regression' }, 0.25],
    ['yes', { task: 'binary', positive: 'yes' }, 1],
    ['no', { task: 'binary', positive: 'yes' }, 0],
    [1, { task: 'binary', positive: 'yes' }, 1],
  ] as const)('%j of %j is %d', async (value, meaning, wanted) =>
    expect(await told(value, meaning)).toBe(wanted),
  );
  it.each([['yes'], [Number.NaN]])('%j is no number', async value =>
    expect(told(value, { task: 'binary' })).rejects.toMatchObject({
      code: 'outcome_invalid',
      field: 'value',
    }),
  );
});

describe('answers of several classes', () => {
  const model = { classes: ['access', 'aftercare', 'billing'], numbers: [0, 3, 1] };
  const answers = Float64Array.of(0.2, 0.5, 0.3, Number.NaN, Number.NaN, Number.NaN);

  it('are logged by the numbers of the book, 0 for a class that the model does not know', () =>
    expect(loggedAnswer(model, answers, 0)).toEqual({
      score: 0.5,
      scores: [0.2, 0.3, 0, 0.5],
      output: 'aftercare',
    }));

  it('have no probabilities when the model failed', () =>
    expect(loggedAnswer(model, answers, 1)).toEqual({ score: Number.NaN }));

  it('of one score stay as they are', () =>
    expect(loggedAnswer({ classes: [], numbers: [] }, Float64Array.of(0.25), 0)).toEqual({ score: 0.25 }));

  it('are shown in the order of the model', () =>
    expect(classAnswers(model.classes, answers.slice(0, 3)).predicted).toEqual(['aftercare']));
});
