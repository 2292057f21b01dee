import { seededRng, tableFromRows } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { checkLookupLeaks, suspectSelfInclusion } from './leaks.js';
import type { AggregateSpec, JoinSpec } from './spec.js';

const share: AggregateSpec = {
  name: 'share',
  dataset: 'flights',
  by: { origin: 'origin' },
  at: 'scheduled',
  available: { column: 'landed', lag: 0 },
  over: 1,
  function: 'mean',
  value: 'late',
};
const history: JoinSpec = {
  name: 'last',
  dataset: 'flights',
  by: { origin: 'origin' },
  at: 'landed',
  available: { lag: 0 },
  columns: ['late'],
};
const rules = { label: 'late', availableAfter: ['landed'] };
const check = (spec: AggregateSpec | JoinSpec, known = rules): void =>
  checkLookupLeaks(
    'columns' in spec ? { joins: [spec], aggregates: [] } : { joins: [], aggregates: [spec] },
    known,
  );

describe('lookups that know the future', () => {
  it.each<[string, AggregateSpec | JoinSpec, string]>([
    ['a label without its time', { ...share, available: { lag: 0 } }, 'features/aggregates/0/available'],
    [
      'a label a fixed time later, where a column says it',
      { ...share, available: { lag: 9e9 } },
      'features/aggregates/0/available',
    ],
    [
      'a label inside a filter',
      { ...share, value: '1', filter: 'late == 1', available: { lag: 0 } },
      'features/aggregates/0/available',
    ],
    [
      'a later column as a value',
      { ...share, value: 'landed - scheduled', available: { lag: 0 } },
      'features/aggregates/0/available',
    ],
    [
      'a label as a key of theirs',
      { ...share, value: '1', by: { origin: 'late' }, available: { lag: 0 } },
      'features/aggregates/0/available',
    ],
    ['a later column as a key of ours', { ...share, by: { landed: 'origin' } }, 'features/aggregates/0/by'],
    ['a joined label by when it happened', { ...history, at: 'scheduled' }, 'features/joins/0/available'],
  ])('%s', (_, spec, field) => {
    expect(() => check(spec)).toThrow(expect.objectContaining({ code: 'feature_leak', field }));
  });

  it.each<[string, AggregateSpec | JoinSpec, typeof rules]>([
    ['by the time it was known', share, rules],
    ['by a row’s own time, when that is it', history, rules],
    [
      'after a delay, where no column says it',
      { ...share, available: { lag: 36e5 } },
      { ...rules, availableAfter: [] },
    ],
    ['no label at all', { ...share, value: 'distance', available: { lag: 0 } }, rules],
  ])('may read the past: %s', (_, spec, known) => expect(() => check(spec, known)).not.toThrow());
});

describe('a source that holds the row itself', () => {
  const rng = seededRng(4);
  const rows = Array.from({ length: 600 }, () => {
    const late = rng.next() < 0.4 ? 1 : 0;
    return { late, planted: late + rng.next(), honest: late * 0.5 + rng.next(), noise: rng.next() };
  });
  const schema = (names: readonly string[]) =>
    names.map(name => ({ name, type: 'number' as const, nullable: true }));
  const at = tableFromRows(schema(['late', 'planted', 'honest']), rows);
  const before = (planted: 'planted' | 'noise') =>
    tableFromRows(
      schema(['planted', 'honest']),
      rows.map(row => ({ planted: row[planted], honest: row.honest })),
    );

  it('tells the label no longer once the rows of the moment are left out', () => {
    expect(() => suspectSelfInclusion(at, before('noise'), 'late')).toThrow(/planted.*holds the row itself/);
  });
  it('and one that goes on telling it is a good feature', () => {
    expect(() => suspectSelfInclusion(at, before('planted'), 'late')).not.toThrow();
  });
});
