import type { DraftChoices, DraftTask, DraftTime, DraftView, LeakageSuspect } from '@twinloop/client';
import { quoted } from '../../format/shell.js';

/** What has been chosen so far. Empty text means: not chosen. */
export interface Form {
  readonly label: string;
  readonly positive: string;
  readonly task: DraftTask | '';
  readonly time: DraftTime | null;
  readonly dayFirst: boolean;
  readonly timezone: string;
  readonly key: string;
  readonly delay: string;
  readonly exclude: readonly string[];
  /** Suspects that have been shown once: whether they stay out is the person's word from then on. */
  readonly shown: readonly string[];
  readonly project: string;
}

/** Where a new draft starts: the best suggestions, but no zone: which one was meant only a person knows. */
export function formOf(draft: DraftView): Form {
  const { suggestions } = draft;
  return {
    label: suggestions.label[0] ?? '',
    positive: '',
    task: '',
    time: suggestions.time[0] ?? null,
    dayFirst: false,
    timezone: '',
    key: suggestions.key[0] ?? '',
    delay: '',
    exclude: [],
    shown: [],
    project: suggestions.project,
  };
}

/** Another label has other suspects, another task and other classes. */
export function withLabel(form: Form, label: string): Form {
  return form.label === label
    ? form
    : {
        ...form,
        label,
        task: '',
        positive: '',
        exclude: [],
        shown: [],
        key: form.key === label ? '' : form.key,
      };
}

export const suspectKey = (suspect: Pick<LeakageSuspect, 'columns' | 'kind'>): string =>
  `${suspect.kind} ${suspect.columns.join(' ')}`;

/** Leaves out what is suspected for the first time; what was shown before stays as it was put. */
export function withSuspects(form: Form, suspects: readonly LeakageSuspect[]): Form {
  const fresh = suspects.filter(s => !form.shown.includes(suspectKey(s)));
  if (fresh.length === 0) return form;
  return {
    ...form,
    shown: [...form.shown, ...fresh.map(suspectKey)],
    exclude: [...new Set([...form.exclude, ...fresh.flatMap(s => s.columns)])],
  };
}

export function toggled(form: Form, columns: readonly string[], out: boolean): Form {
  const rest = form.exclude.filter(c => !columns.includes(c));
  return { ...form, exclude: out ? [...rest, ...columns] : rest };
}

const needsZone = (time: DraftTime | null): boolean => time !== null && !('order' in time);

/** What still has to be chosen, in words; empty when the choices can be checked. */
export function missing(form: Form): readonly string[] {
  return [
    ...(form.label === '' ? ['the label'] : []),
    ...(form.time === null ? ['the time'] : []),
    ...(needsZone(form.time) && form.timezone === '' ? ['the time zone'] : []),
  ];
}

/** The choices for the server; undefined while something is missing. */
export function choicesOf(form: Form): (DraftChoices & { readonly project: string }) | undefined {
  if (form.time === null || missing(form).length > 0) return undefined;
  return {
    label: form.label,
    time: form.time,
    project: form.project,
    ...(form.positive === '' ? {} : { positive: form.positive }),
    ...(form.task === '' ? {} : { task: form.task }),
    ...(form.dayFirst ? { dayFirst: true } : {}),
    ...(needsZone(form.time) ? { timezone: form.timezone } : {}),
    ...(form.key === '' ? {} : { key: form.key }),
    ...(form.delay.trim() === '' ? {} : { delay: form.delay.trim() }),
    ...(form.exclude.length === 0 ? {} : { exclude: form.exclude }),
  };
}

/** A time as people say it. */
export function timeInWords(time: DraftTime): string {
  if ('order' in time) return 'no time: the rows stand in order, oldest first';
  return 'column' in time ? time.column : `${time.date} and ${time.hour} together`;
}

/** The same from a terminal. */
export function asInit(source: string, form: Form): string {
  return [
    `twinloop init ${quoted(source)}`,
    ...(form.label === '' ? [] : [`--label ${quoted(form.label)}`]),
    ...timeOptions(form.time),
    ...(needsZone(form.time) && form.timezone !== '' ? [`--timezone ${quoted(form.timezone)}`] : []),
    ...(form.dayFirst ? ['--day-first'] : []),
    ...(form.key === '' ? [] : [`--id ${quoted(form.key)}`]),
    ...(form.task === '' ? [] : [`--task ${form.task}`]),
    ...(form.positive === '' ? [] : [`--positive ${quoted(form.positive)}`]),
    ...(form.delay === '' ? [] : [`--delay ${quoted(form.delay)}`]),
    ...(form.exclude.length === 0 ? [] : [`--exclude ${quoted(form.exclude.join(','))}`]),
    `--project ${quoted(form.project)}`,
  ].join(' ');
}

function timeOptions(time: DraftTime | null): readonly string[] {
  if (time === null) return [];
  if ('order' in time) return ['--time rows'];
  return 'column' in time
    ? [`--time ${quoted(time.column)}`]
    : [`--time ${quoted(time.date)}`, `--hour ${quoted(time.hour)}`];
}
