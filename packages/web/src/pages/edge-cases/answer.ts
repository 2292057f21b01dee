import type { EdgeCaseKind, EdgeCasesView, EdgeCaseView } from '@twinloop/client';
import { counted, figure, fixed, whole } from '../../format/numbers.js';
import { curlPost, quoted } from '../../format/shell.js';
import { duration } from '../../format/time.js';

const KINDS: Readonly<Record<EdgeCaseKind, string>> = {
  'out-of-distribution': 'unlikely together',
  'out-of-range': 'out of range',
  'unseen-category': 'never seen',
  missing: 'missing',
};

export const kindWords = (kind: EdgeCaseKind): string => KINDS[kind] ?? kind;

/** As the address writes it: `out-of-range:temp`; without a column the kind alone. */
export function kindKey({ kind, column }: { kind: EdgeCaseKind; column: string | null }): string {
  return column === null ? kind : `${kind}:${column}`;
}

/** The cases that have the reason which the address names; all without one. */
export function withReason(
  cases: readonly EdgeCaseView[],
  reason: string | undefined,
): readonly EdgeCaseView[] {
  return reason === undefined
    ? cases
    : cases.filter(({ reasons }) => reasons.some(each => kindKey(each) === reason));
}

/**
 * Whether so many strange requests are more than chance explains: a Poisson count that is three standard deviations
 * above its mean, with the correction for continuity.
 */
export function moreThanChance(outside: number, expected: number): boolean {
  return outside - 0.5 - expected > 3 * Math.sqrt(Math.max(expected, 1));
}

/** How many requests are unlike anything in training, and how many chance alone would give. */
export function answerOf({ requests, outside, expected, from, until }: EdgeCasesView): string {
  const span = duration(until - from).replace(/^(\d+) d$/, (_, days) => counted(Number(days), 'day'));
  if (requests === 0) return `No request has come in the last ${span}.`;
  const by = expected * requests;
  const chance = `about ${by < 10 ? String(Number(by.toPrecision(2))) : whole(by)}`;
  const of = `${whole(requests)} ${requests === 1 ? 'request' : 'requests'} of the last ${span}`;
  if (outside === 0) return `None of ${of} is unlike training, where chance alone would make ${chance}.`;
  return `${whole(outside)} of ${of} ${outside === 1 ? 'is' : 'are'} unlike training; ${chance} ${
    by === 1 ? 'was' : 'were'
  } to be expected as strange by chance${moreThanChance(outside, by) ? '; the excess is more than chance explains' : ''}.`;
}

/** `99.97 %`: so many digits that it never says 100 % of what is not all. */
export function strangenessWords(share: number): string {
  if (share >= 1) return 'all';
  for (const digits of [2, 3]) {
    const text = fixed(share * 100, digits);
    if (Number(text) < 100) return `${text} %`;
  }
  return '> 99.999 %';
}

export const scalar = (value: unknown): string =>
  value === null || value === undefined
    ? 'missing'
    : typeof value === 'number'
      ? figure(value)
      : String(value);

/** Making a case a test and taking it back, from a terminal or a script. */
export function testCommands(input: { project: string; endpoint: string; id: string; url: string }): {
  readonly cli: string;
  readonly api: string;
} {
  const { project, endpoint, id, url } = input;
  return {
    cli: `twinloop test add ${quoted(id)} --endpoint ${quoted(endpoint)} --project ${quoted(project)}`,
    api: curlPost(url, {}),
  };
}

export function removeCommands(input: { project: string; endpoint: string; name: string; url: string }): {
  readonly cli: string;
  readonly api: string;
} {
  const { project, endpoint, name, url } = input;
  return {
    cli: `twinloop test remove ${quoted(name)} --endpoint ${quoted(endpoint)} --project ${quoted(project)}`,
    api: `curl -X DELETE ${quoted(url)}`,
  };
}
