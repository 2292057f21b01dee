import { isCounter, type LookedColumn, type LookedFile } from './look.js';

export type Guess = 'time' | 'date-part' | 'hour-part' | 'key' | 'label';
export type DraftTask = 'binary' | 'multiclass' | 'regression';
/** Which columns say the time; `order`: none does, and the rows stand in order, oldest first. */
export type TimeChoice =
  | { readonly column: string }
  | { readonly date: string; readonly hour: string }
  | { readonly order: 'rows' };

const LABEL =
  /^(label|target|class|klasse|outcome|y|churn(ed)?|default(ed)?|fraud|late|survived|cnt|count|demand|sales|price|preis|zielwert|response|result|status|converted|clicked)$/i;
const LABEL_PART = /(label|target|outcome|churn|default|fraud|_class|is_|has_)/i;
const TIME = /(time|date|stamp|datum|zeit|_at$|^at$|^ts$|epoch|when|day$)/i;
const KEY = /(^|_)(id|uuid|key|nr|no|code)$|^id|(Id|ID|Nr)$/;
const HOUR = /^(hr|hour|hours|h|stunde|heure|hora|time_of_day|uhrzeit)(_|$)/i;

/** More text classes than this are no classes. */
export const MOST_CLASSES = 50;

/** What a label asks for: two values are classes; more numbers are an amount; more texts are classes. */
export function taskOf(label: LookedColumn): DraftTask {
  if (label.distinct <= 2) return 'binary';
  return label.type === 'number' ? 'regression' : 'multiclass';
}

export function isHourPart({ name, numbers, texts, type }: LookedColumn): boolean {
  if (numbers !== undefined && type === 'number')
    return (
      HOUR.test(name) &&
      numbers.every(value => Number.isNaN(value) || (Number.isInteger(value) && value >= 0 && value < 24))
    );
  return (
    type === 'string' &&
    texts.some(text => text !== null) &&
    texts.every(text => text === null || /^([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(text.trim()))
  );
}

export interface Suggestions {
  readonly guesses: ReadonlyMap<string, Guess>;
  readonly label: readonly string[];
  readonly time: readonly TimeChoice[];
  readonly key: readonly string[];
  readonly task?: DraftTask;
}

/** Guesses by values first and by names second; a person confirms each of them. */
export function suggest(file: LookedFile): Suggestions {
  const { columns, rows, probe } = file;
  const guesses = new Map<string, Guess>();

  const timed = columns.filter(
    column =>
      column.moments !== undefined &&
      column.missing < rows &&
      // A number is a time only where its name says so too.
      (column.type === 'time' || (column.type === 'number' && TIME.test(column.name))),
  );
  const clock = timed.filter(column => column.moments!.hours);
  const dates = timed.filter(column => !column.moments!.hours);
  const hours = columns.filter(isHourPart);
  const time: TimeChoice[] = clock.map(({ name }) => ({ column: name }));
  for (const date of dates) {
    const [hour] = hours;
    if (hour !== undefined && date.distinct < rows) {
      time.push({ date: date.name, hour: hour.name });
      guesses.set(date.name, 'date-part');
      guesses.set(hour.name, 'hour-part');
    }
  }
  for (const { name } of dates) time.push({ column: name });
  // Of several times the one that is never missing and named so.
  const rank = (choice: TimeChoice): number => {
    const name = 'column' in choice ? choice.column : 'date' in choice ? choice.date : '';
    const column = columns.find(each => each.name === name)!;
    return (column.missing > 0 ? 2 : 0) + (TIME.test(name) ? 0 : 1);
  };
  time.sort((a, b) => rank(a) - rank(b));
  const [first] = time;
  for (const column of timed) if (!guesses.has(column.name)) guesses.set(column.name, 'time');

  const key = columns
    .filter(
      column =>
        column.distinct === rows && column.moments === undefined && !isCounter(column, probe.rowNumbers),
    )
    .filter(column => column.type === 'string' || KEY.test(column.name))
    .sort((a, b) => Number(KEY.test(b.name)) - Number(KEY.test(a.name)))
    .map(({ name }) => name);
  for (const name of key) guesses.set(name, 'key');

  const used = new Set([...guesses.keys()]);
  const scored = columns
    .map((column, i) => ({ column, score: labelScore(column, i === columns.length - 1, rows) }))
    .filter(
      ({ column, score }) => score > 0 && !used.has(column.name) && !isCounter(column, probe.rowNumbers),
    )
    .sort((a, b) => b.score - a.score);
  const label = scored.slice(0, 5).map(({ column }) => column.name);
  const chosen = scored[0]?.column;
  if (chosen !== undefined) guesses.set(chosen.name, 'label');
  return {
    guesses,
    label,
    time: first === undefined ? [{ order: 'rows' }] : time,
    key,
    ...(chosen === undefined ? {} : { task: taskOf(chosen) }),
  };
}

function labelScore(column: LookedColumn, last: boolean, rows: number): number {
  const { name, type, distinct, missing } = column;
  if (distinct < 2 || missing > 0.9 * rows) return 0;
  if (type === 'time' || (type === 'string' && distinct > MOST_CLASSES)) return 0;
  return (
    (LABEL.test(name) ? 4 : LABEL_PART.test(name) ? 2 : 0) +
    (last ? 2 : 0) +
    (distinct === 2 ? 1 : 0) +
    (missing > 0 ? 0 : 0.5)
  );
}
