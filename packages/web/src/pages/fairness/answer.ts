import type { FairnessAttributeView, FairnessView } from '@twinloop/client';
import { counted, fixed, whole } from '../../format/numbers.js';

export type Disparity = FairnessAttributeView['disparities'][number];

const TITLES: Readonly<Record<string, readonly [title: string, meaning: string]>> = {
  selection_rate: ['Selection rate', 'answers that are positive'],
  recall: ['Recall', 'positives that are found'],
  false_positive_rate: ['False positive rate', 'negatives that are called positive'],
  precision: ['Precision', 'positive answers that are right'],
  accuracy: ['Accuracy', 'answers that are right'],
};

/** What a group's figure is called, and of what it is a share. */
export function titleOf(metric: string): readonly [title: string, meaning: string] {
  const words = metric.replaceAll('_', ' ');
  return TITLES[metric] ?? [`${words.charAt(0).toUpperCase()}${words.slice(1)}`, ''];
}

/** A difference of rates in percentage points: `5.2 points`. */
export function points(difference: number): string {
  const text = fixed(100 * difference, 1);
  return `${text} ${text === '1.0' ? 'point' : 'points'}`;
}

/** `[3.1, 7.4]`, in points; a bound that cannot be said is a dash. */
export function pointsWithin({ low, high }: Pick<Disparity, 'low' | 'high'>): string {
  return low === null || high === null ? '' : `[${fixed(100 * low, 1)}, ${fixed(100 * high, 1)}]`;
}

/** The attribute that the address names, or else the first with the worst to show. */
export function chosenOf(
  view: FairnessView,
  attribute: string | undefined,
): FairnessAttributeView | undefined {
  return (
    view.attributes.find(each => each.attribute === attribute) ??
    view.attributes.find(each => each.disparities.some(({ status }) => status === 'fail')) ??
    view.attributes[0]
  );
}

const above = (value: number): string => `the ${points(value)} that are allowed`;

/** Are all groups treated alike? */
export function answerOf(view: FairnessView): string {
  if (view.attributes.length === 0)
    return view.rows === 0
      ? 'No group is compared: no attribute is declared, or no label has come yet.'
      : 'No attribute is declared, so no groups are compared.';
  const all = view.attributes.flatMap(({ attribute, disparities }) =>
    disparities.map(disparity => ({ attribute, ...disparity })),
  );
  const rests = `over ${counted(view.rows, 'labelled answer')}`;
  const failing = all.filter(({ status }) => status === 'fail');
  const worst = failing.toSorted((a, b) => excess(b) - excess(a))[0];
  if (worst !== undefined) {
    const more =
      failing.length === 1
        ? ''
        : ` ${counted(failing.length - 1, 'other')} ${failing.length === 2 ? 'fails' : 'fail'}, too.`;
    const between = worst.between === null ? '' : ` between ${worst.between[0]} and ${worst.between[1]}`;
    return `The ${worst.title} by ${worst.attribute} fails: ${points(worst.value ?? 0)}${between}, at least ${points(worst.low ?? 0)}, above ${above(worst.limit ?? 0)}.${more}`;
  }
  const limited = all.filter(({ limit }) => limit !== null);
  const open = limited.filter(({ status }) => status !== 'pass').length;
  if (limited.length === 0) {
    const largest = all
      .filter(({ value }) => value !== null)
      .toSorted((a, b) => (b.low ?? 0) - (a.low ?? 0) || (b.value ?? 0) - (a.value ?? 0))[0];
    if (largest === undefined) return `No limit is declared, and groups are too small to compare ${rests}.`;
    return `No limit is declared; furthest apart is the ${largest.title} by ${largest.attribute}: ${points(largest.value!)} ${pointsWithin(largest)} ${rests}.`;
  }
  if (open > 0)
    return `Nothing fails ${rests}, but ${whole(open)} of ${counted(limited.length, 'limited difference')} cannot be told from ${open === 1 ? 'its limit' : 'their limits'} yet.`;
  return `Groups differ by no more than allowed: ${limited.length === 1 ? 'the one limited difference is' : `all ${whole(limited.length)} limited differences are`} within ${limited.length === 1 ? 'its limit' : 'their limits'} ${rests}.`;
}

const excess = ({ value, limit }: Disparity): number => (value ?? 0) - (limit ?? 0);

/** From zero to the largest of what is drawn, so that all rows share a scale. */
export function scaleOf(disparities: readonly Disparity[]): number {
  return Math.max(0.01, ...disparities.flatMap(({ high, limit }) => [high ?? 0, limit ?? 0])) * 1.05;
}
