import type {
  DriftCauseView,
  DriftCellView,
  DriftMatrixView,
  DriftSubjectKind,
  DriftSubjectView,
} from '@twinloop/client';
import { counted, fixed, pValue, whole } from '../../../format/numbers.js';
import { dayYear } from '../../../format/time.js';

const KINDS: Readonly<Record<DriftSubjectKind, string>> = {
  input: 'input',
  missing: 'missing values',
  prediction: 'answers',
  label: 'labels',
  joint: 'all inputs together',
  text: 'words',
};

export const kindOfSubject = (kind: DriftSubjectKind): string => KINDS[kind] ?? kind;

/** The feature that a row is about, if the page has its details. */
export function featureOf({ subject }: DriftSubjectView, features: ReadonlySet<string>): string | undefined {
  if (features.has(subject)) return subject;
  const column = subject.replace(/ (missing|words)$/, '');
  return features.has(column) ? column : undefined;
}

/**
 * How dark a cell is, from 0 to 1: effects up to what matters take the lower half, what is beyond
 * the rest, so that what is far beyond does not bleach all others.
 */
export function shade(effect: number, tolerance: number): number {
  if (!Number.isFinite(effect)) return 0;
  const times = Math.abs(effect) / Math.max(tolerance, 1e-12);
  return times <= 1 ? 0.5 * times : Math.min(1, 0.5 + (times - 1) / 5);
}

/** All there is to say of a cell, in one sentence. */
export function cellWords(
  view: Pick<DriftMatrixView, 'windows' | 'subjects' | 'tolerance'>,
  row: number,
  column: number,
): string {
  const subject = view.subjects[row]!;
  const window = view.windows[column]!;
  const when = windowWords(window);
  const cell = subject.cells[column];
  const what = `${subject.subject}, ${when}`;
  if (cell == null) return `${what}: not looked at.`;
  return `${what}: effect ${effectWords(cell, view.tolerance)}, adjusted p ${pValue(cell.adjustedP)}, n = ${whole(window.rows)}: ${
    cell.drifted ? 'drifted' : 'within'
  }.${window.alarm ? ' An alarm was raised.' : ''}`;
}

function effectWords({ effect }: DriftCellView, tolerance: number): string {
  return `${fixed(effect, 2)} (${fixed(effect / Math.max(tolerance, 1e-12), 1)} × the ${fixed(tolerance, 2)} that matters)`;
}

/** `3 Jun 2013 to 10 Jun 2013`. */
export function windowWords({ from, until }: { readonly from: number; readonly until: number }): string {
  return `${dayYear(from)} to ${dayYear(until)}`;
}

export function headWords(window: DriftMatrixView['windows'][number]): string {
  return `${windowWords(window)}, ${counted(window.signals, 'signal')}${window.alarm ? ', alarm' : ''}`;
}

/** `AUC 0.012 lower`; small sizes keep three digits. */
export function lossWords(loss: DriftCauseView['expectedLoss']): string | undefined {
  if (loss === null || !Number.isFinite(loss.value)) return undefined;
  const size = Math.abs(loss.value);
  const text = fixed(size, size < 10 ? 3 : 1);
  const name = loss.metric === 'auc' ? 'AUC' : loss.metric.replaceAll('_', ' ');
  if (Number(text) === 0) return `${name} unchanged`;
  return `${name} ${text} ${loss.value > 0 ? 'higher' : 'lower'}`;
}

/** A cause's sentence without the loss to be expected, which stands beside it. */
export function causeWords(sentence: string): string {
  return sentence.replace(/; expected [^;]*$/, '');
}

/** Of the year's windows: how many raised an alarm, and what drifted most often. */
export function matrixSentence({ windows, subjects }: DriftMatrixView): string {
  const alarms = windows.filter(({ alarm }) => alarm).length;
  const often = subjects
    .map(({ subject, cells }) => ({ subject, drifted: cells.filter(cell => cell?.drifted === true).length }))
    .toSorted((a, b) => b.drifted - a.drifted)[0];
  const most =
    often === undefined || often.drifted === 0
      ? 'nothing drifted'
      : `${often.subject} drifted most often, in ${whole(often.drifted)}`;
  return `${counted(subjects.length, 'subject')} in ${counted(windows.length, 'window')}, ${counted(alarms, 'alarm')}; ${most}.`;
}
