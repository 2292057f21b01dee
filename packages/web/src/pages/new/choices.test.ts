import type { DraftView, LeakageSuspect } from '@twinloop/client';
import { expect, test } from 'vitest';
import { asInit, choicesOf, formOf, missing, toggled, withLabel, withSuspects } from './choices.js';

const draft = {
  name: 'bike sharing.csv',
  suggestions: {
    label: ['cnt'],
    time: [{ date: 'dteday', hour: 'hr' }, { order: 'rows' }],
    key: ['instant'],
    project: 'bikes',
  },
} as unknown as DraftView;
const sum: LeakageSuspect = {
  columns: ['casual', 'registered'],
  kind: 'sum',
  evidence: 'R² 1.000',
  sentence: 'casual + registered is cnt',
  suggested: 'exclude',
  excluded: false,
};
const form = formOf(draft);

test('suggestions are filled in, but never the zone, and without it nothing can be checked', () => {
  expect(form).toMatchObject({ label: 'cnt', key: 'instant', timezone: '', project: 'bikes' });
  expect(missing(form)).toEqual(['the time zone']);
  expect(choicesOf(form)).toBeUndefined();
  const zoned = { ...form, timezone: 'America/New_York' };
  expect(choicesOf(zoned)).toEqual({
    label: 'cnt',
    time: { date: 'dteday', hour: 'hr' },
    timezone: 'America/New_York',
    key: 'instant',
    project: 'bikes',
  });
});

test('rows in order need no zone, and send none', () => {
  const ordered = { ...form, time: { order: 'rows' } as const, timezone: 'UTC' };
  expect(missing(ordered)).toEqual([]);
  expect(choicesOf(ordered)).not.toHaveProperty('timezone');
});

test('a suspect is left out when it is first seen; what a person says afterwards stays', () => {
  const first = withSuspects(form, [sum]);
  expect(first.exclude).toEqual(['casual', 'registered']);
  const kept = toggled(first, sum.columns, false);
  expect(withSuspects(kept, [sum])).toBe(kept);
  expect(kept.exclude).toEqual([]);
});

test('another label forgets the suspects of the one before', () => {
  const other = withLabel(withSuspects(form, [sum]), 'registered');
  expect(other).toMatchObject({ label: 'registered', exclude: [], shown: [] });
  expect(withLabel(form, 'cnt')).toBe(form);
  expect(withLabel(form, 'instant').key).toBe('');
});

test('the command line says the same, quoted for a shell', () => {
  const full = withSuspects({ ...form, timezone: 'America/New_York', delay: '2d' }, [sum]);
  expect(asInit(draft.name, full)).toBe(
    "twinloop init 'bike sharing.csv' --label cnt --time dteday --hour hr --timezone America/New_York --id instant --delay 2d --exclude casual,registered --project bikes",
  );
});
