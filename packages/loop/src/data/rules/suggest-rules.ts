import { formatCount, formatFigure, formatShare } from '@twinloop/kernel';
import { clopperPearson } from '@twinloop/stats';
import type { Expectation } from '../config.js';
import { flow } from '../flow.js';
import { ruleText } from './rule-text.js';
import type { DatasetProfile, NumericColumnProfile, TextColumnProfile } from '../profile/profile.js';

export interface Suggestion {
  readonly rule: Expectation;
  /** As it would stand in twinloop.yaml. */
  readonly text: string;
  /** Why, in one sentence with its figures. */
  readonly why: string;
}

export interface SuggestOptions {
  readonly key?: string;
  readonly time?: string;
  /** There are versions before this one to compare with. */
  readonly history?: boolean;
}

/** Ranges are widened to both sides by this share of their width. */
const MARGIN = 0.2;
/** A set is proposed of at most so many values, each seen so often and so many rows to a value. */
const SET = { values: 25, rowsPerValue: 20, seen: 5 };
/** Fewer rows than this tell nothing about what is usual. */
const FEW = 20;
/** Texts may become longer than the longest by this share of it. */
const LENGTH_ROOM = 0.5;

/** Rules that hold on the version that was profiled, with room to breathe. */
export function suggestRules(profile: DatasetProfile, options: SuggestOptions = {}): readonly Suggestion[] {
  const { rows } = profile;
  const found: { rule: Expectation; why: string }[] = [];
  if (options.history === true)
    found.push({
      rule: { rule: 'rows', against: 'history' },
      why: `this version has ${formatCount(rows)} rows, and batches of half or twice as many are news`,
    });
  else
    found.push({
      rule: { rule: 'rows', min: Math.max(1, Math.floor(rows / 2)) },
      why: `this version has ${formatCount(rows)} rows; half as many are a cut`,
    });
  if (rows < FEW) return found.map(finished);
  found.push({
    rule: {
      rule: 'schema',
      columns: Object.fromEntries(profile.columns.map(({ name, type }) => [name, type])),
      extra: 'warn',
    },
    why: `the ${formatCount(profile.columns.length)} columns and their types as they are`,
  });
  for (const column of profile.columns) {
    const present = column.count - column.missing;
    found.push(...missing(column));
    if (present < FEW) continue;
    if (isKey(column, options.key))
      found.push({
        rule: { rule: 'unique', columns: [column.name] },
        why: `all ${formatCount(present)} values are different`,
      });
    found.push(...(column.type === 'string' ? ofText(column, present) : ofNumbers(column, options)));
  }
  return found.map(finished);
}

const finished = ({ rule, why }: { rule: Expectation; why: string }): Suggestion => ({
  rule,
  text: ruleText(rule),
  why,
});

/** Twice as much may be missing, and no less than the version leaves possible at 99.9999 %; rounded up to two digits. */
function missing({ name, count, missing: gone }: DatasetProfile['columns'][number]): readonly {
  rule: Expectation;
  why: string;
}[] {
  if (gone === 0)
    return [
      { rule: { rule: 'nulls', column: name, max: 0 }, why: `none of ${formatCount(count)} is missing` },
    ];
  if (gone === count) return [];
  const [, most] = clopperPearson(gone, count, 0.999999);
  const room = Math.max(most, (2 * gone) / count);
  const digits = 10 ** (1 - Math.floor(Math.log10(room)));
  const max = Math.min(1, Math.ceil(room * digits) / digits);
  if (max >= 1) return [];
  return [
    {
      rule: { rule: 'nulls', column: name, max },
      why: `${formatShare(gone / count)} of ${formatCount(count)} are missing`,
    },
  ];
}

const KEY = /(^|_)(id|uuid|key|nr|no|code|number)$|(Id|ID)$/;

/** Every value once, and a name that says so: a measurement of many digits is different everywhere too. */
function isKey(
  { name, count, missing: gone, distinct, distinctError, unique, type }: DatasetProfile['columns'][number],
  key?: string,
): boolean {
  if (unique === false || distinct !== count - gone || distinctError !== undefined) return false;
  return name === key || KEY.test(name) || (type === 'string' && gone === 0);
}

function ofNumbers(
  column: NumericColumnProfile,
  { time, key }: SuggestOptions,
): readonly { rule: Expectation; why: string }[] {
  const { name, type, min, max, traits } = column;
  const said: { rule: Expectation; why: string }[] = [];
  if (type === 'time') {
    if (name === time && traits !== undefined && traits.rising !== null)
      said.push({
        rule: { rule: 'monotonic', column: name },
        why: 'the rows stand in the order of their time',
      });
    return said;
  }
  if (type === 'boolean' || name === key || min === null || max === null || (KEY.test(name) && traits?.whole))
    return said;
  if (column.distinct <= 2 && column.count - column.missing >= 2 * SET.rowsPerValue)
    return [
      {
        rule: { rule: 'set', column: name, values: min === max ? [min] : [min, max] },
        why:
          min === max ? `always ${formatFigure(min)}` : `always ${formatFigure(min)} or ${formatFigure(max)}`,
      },
    ];
  const room = (max - min) * MARGIN || Math.abs(max) * MARGIN || 1;
  const low = min >= 0 && min - room < 0 ? 0 : rounded(min - room, room, Math.floor, traits?.whole);
  const high = max <= 0 && max + room > 0 ? 0 : rounded(max + room, room, Math.ceil, traits?.whole);
  said.push({
    rule: { rule: 'range', column: name, min: low, max: high },
    why: `found ${formatFigure(min)} to ${formatFigure(max)}, widened by ${formatShare(MARGIN)}`,
  });
  return said;
}

/** A bound with as many digits as its room makes sensible, away from the data. */
function rounded(value: number, room: number, towards: (value: number) => number, whole = false): number {
  if (whole && room < 10) return towards(value);
  const step = 10 ** (Math.floor(Math.log10(room)) - 1);
  if (!(step > 0) || !Number.isFinite(step)) return value;
  const multiple = towards(value / step);
  // Divided by a whole number where there is one: 3 × 0.1 would be 0.30000000000000004.
  return step < 1 ? multiple / Math.round(1 / step) : multiple * step;
}

function ofText(column: TextColumnProfile, present: number): readonly { rule: Expectation; why: string }[] {
  const { name, distinct, top, other, traits } = column;
  const least = top.at(-1)?.[1] ?? 0;
  if (other === 0 && distinct <= SET.values && present >= distinct * SET.rowsPerValue && least >= SET.seen)
    return [
      {
        rule: { rule: 'set', column: name, values: top.map(([value]) => value).sort() },
        why: `only ${formatCount(distinct)} different values in ${formatCount(present)} rows, the rarest ${formatCount(least)} times`,
      },
    ];
  if (traits === undefined || traits.lengths === null) return [];
  if (traits.pattern !== null)
    return [
      {
        rule: { rule: 'pattern', column: name, regex: traits.pattern },
        why: `all ${formatCount(distinct)} different values are built alike`,
      },
    ];
  const [shortest, longest] = traits.lengths;
  return [
    {
      rule: {
        rule: 'length',
        column: name,
        min: shortest === 0 ? 0 : 1,
        max: Math.ceil(longest * (1 + LENGTH_ROOM)),
      },
      why: `${formatCount(shortest)} to ${formatCount(longest)} characters long`,
    },
  ];
}

/** All of them as a block for `expectations:` of twinloop.yaml. */
export function suggestionsYaml(dataset: string, suggestions: readonly Suggestion[]): string {
  const lines = suggestions.map(({ text, why }) => `    - ${text} # ${why.replaceAll('\n', ' ')}`);
  return `expectations:\n  ${flow(dataset)}:\n${lines.join('\n')}\n`;
}
