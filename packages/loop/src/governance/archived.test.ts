import type { Entry, FactPayloads, FactType } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { emptyObjects, foldObjects, type ObjectsState } from './archived.js';

const fold = (...facts: readonly (readonly [FactType, unknown])[]): ObjectsState =>
  facts
    .map(
      ([type, payload], i) =>
        ({ type, payload, seq: i + 1, at: i + 1, recordedAt: 100 + i, actor: 'key:ops' }) as unknown as Entry,
    )
    .reduce(foldObjects, emptyObjects);

const archived = (id: string) =>
  ['ObjectArchived', { kind: 'model', id, reason: 'old' } satisfies FactPayloads['ObjectArchived']] as const;

describe('the objects of a ledger', () => {
  it('are archived until they are restored', () => {
    expect([...fold(archived('m@1'), archived('m@2')).archived.keys()]).toEqual(['model m@1', 'model m@2']);
    const after = fold(archived('m@1'), archived('m@2'), ['ObjectRestored', { kind: 'model', id: 'm@1' }]);
    expect([...after.archived.values()]).toEqual([
      { kind: 'model', id: 'm@2', reason: 'old', at: 2, by: 'key:ops' },
    ]);
  });

  it('are deleted with their dependants, and archived no more', () => {
    const state = fold(archived('m@1'), [
      'ObjectDeleted',
      { kind: 'run', id: 'run-2', reason: 'asked to', dependants: ['model m@1'] },
    ]);
    expect(state.archived.size).toBe(0);
    expect([...state.deleted]).toEqual([
      ['run run-2', { at: 2, recordedAt: 101, reason: 'asked to' }],
      ['model m@1', { at: 2, recordedAt: 101, reason: 'asked to' }],
    ]);
  });

  it('are there again when the same content makes them again', () => {
    const deletion = [
      'ObjectDeleted',
      { kind: 'model', id: 'm@1', reason: '', dependants: ['dataset-version d@v'] },
    ] as const;
    const state = fold(
      deletion,
      ['ModelRegistered', { model: 'm@1' }],
      ['DatasetVersionRegistered', { dataset: 'd', version: 'v' }],
    );
    expect(state.deleted.size).toBe(0);
    expect(fold(archived('m@1'), ['ModelRegistered', { model: 'm@1' }]).archived.size).toBe(0);
  });

  it('stay the same object for every other fact', () => {
    const before = fold(archived('m@1'));
    const entry = { type: 'PolicyHeld', payload: { endpoint: 'late', reason: 'x' } } as Entry;
    expect(foldObjects(before, entry)).toBe(before);
  });
});
