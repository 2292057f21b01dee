import type { DraftCheck, DraftChoices, DraftTime, DraftView } from '@twinloop/client';
import { TwinloopError } from '@twinloop/kernel';
import type { Person } from './ask.js';

export interface InitOptions {
  readonly label?: string;
  readonly positive?: string;
  readonly task?: 'binary' | 'multiclass' | 'regression';
  /** A column, or `rows` for rows in order. */
  readonly time?: string;
  readonly hour?: string;
  readonly dayFirst?: boolean;
  readonly timezone?: string;
  readonly key?: string;
  readonly delay?: string;
  readonly exclude?: readonly string[];
  readonly yes?: boolean;
}

export interface ChoosePorts {
  readonly check: (choices: DraftChoices) => Promise<DraftCheck>;
  /** Absent in scripts. */
  readonly person: Person | undefined;
  readonly say: (line: string) => void;
}

const timeInWords = (time: DraftTime): string =>
  'column' in time ? time.column : 'date' in time ? `${time.date} + ${time.hour}` : 'rows';

function timeFrom(text: string, hour: string | undefined): DraftTime {
  const [date, other] = text.split(/\s*\+\s*/);
  if (hour !== undefined || other !== undefined) return { date: date!, hour: hour ?? other! };
  return text === 'rows' ? { order: 'rows' } : { column: text };
}

/** @throws usage with everything that a script must name */
function mustName(missing: readonly string[]): never {
  throw new TwinloopError('usage', {
    values: { reason: `Name ${missing.join(', ')}` },
    hint: 'On a terminal they are asked for; --yes takes the guesses for label and time, never for the zone.',
  });
}

/**
 * Completes what was named on the command line: by asking on a terminal, by guesses with --yes, else not at all.
 * Columns that know the answer are left out when the person says so, or with --yes.
 * @throws usage naming what a script must say · whatever the check throws
 */
export async function choose(
  draft: DraftView,
  options: InitOptions,
  { check, person, say }: ChoosePorts,
): Promise<{ choices: DraftChoices; checked: DraftCheck }> {
  const { suggestions } = draft;
  const [label] = suggestions.label;
  const [time] = suggestions.time;
  const guessed = options.yes === true;
  if (person === undefined && !guessed) {
    const missing = [
      ...(options.label === undefined ? [`--label${label === undefined ? '' : ` (perhaps ${label})`}`] : []),
      ...(options.time === undefined
        ? [`--time${time === undefined ? '' : ` (perhaps ${timeInWords(time)})`}`]
        : []),
    ];
    if (missing.length > 0) mustName([...missing, ...(options.timezone === undefined ? ['--timezone'] : [])]);
  }
  const chosenLabel =
    options.label ??
    (person !== undefined && !guessed ? await person.ask('Which column is to be predicted', label) : label);
  if (chosenLabel === undefined) mustName(['--label']);
  const timeText =
    options.time ??
    (person !== undefined && !guessed
      ? await person.ask(
          'Which column says when (a column, DATE + HOUR, or rows for the order of the rows)',
          time === undefined ? undefined : timeInWords(time),
        )
      : timeInWords(time ?? { order: 'rows' }));
  if (options.label === undefined && guessed) say(`label ${chosenLabel} (guessed)`);
  if (options.time === undefined && guessed) say(`time ${timeText} (guessed)`);
  let choices: DraftChoices = {
    label: chosenLabel,
    time: timeFrom(timeText, options.hour),
    ...(options.positive === undefined ? {} : { positive: options.positive }),
    ...(options.task === undefined ? {} : { task: options.task }),
    ...(options.dayFirst === undefined ? {} : { dayFirst: options.dayFirst }),
    ...(options.timezone === undefined ? {} : { timezone: options.timezone }),
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(options.delay === undefined ? {} : { delay: options.delay }),
    exclude: options.exclude ?? [],
  };
  let checked = await check(choices);
  const has = (code: string): boolean => checked.findings.some(finding => finding.code === code);
  if (has('timezone_missing')) {
    if (person === undefined) mustName(['--timezone, the zone of the times such as Europe/Zurich or UTC']);
    choices = { ...choices, timezone: await person.ask('In which time zone were the times written') };
    checked = await check(choices);
  }
  if (has('time_ambiguous') && person !== undefined) {
    choices = { ...choices, dayFirst: await person.confirm('Does the day stand before the month') };
    checked = await check(choices);
  }
  if ((has('label_values') || has('task_unsupported')) && person !== undefined) {
    const values = (checked.classes ?? []).map(({ value }) => value).join(', ');
    choices = {
      ...choices,
      task: 'binary',
      positive: await person.ask(`Which value counts as yes (${values})`),
    };
    checked = await check(choices);
  }
  const suspects = checked.leakage.filter(({ excluded }) => !excluded);
  if (suspects.length > 0) {
    for (const { sentence, evidence } of suspects) (person?.say ?? say)(`! ${sentence} (${evidence})`);
    const names = [...new Set(suspects.flatMap(({ columns }) => columns))];
    const leave =
      guessed || (person !== undefined && (await person.confirm(`Leave out ${names.join(', ')}`)));
    if (leave) {
      choices = { ...choices, exclude: [...(choices.exclude ?? []), ...names] };
      checked = await check(choices);
      say(`left out: ${names.join(', ')}`);
    } else if (person === undefined)
      say(
        `not left out; do so with --exclude ${names.join(',')} if they are not known at the time of a request`,
      );
  }
  return { choices, checked };
}
