import { formatCount, type ColumnType, type DataFinding, type Probe } from '@twinloop/kernel';
import { isCounter, lookAt, type LookedColumn, type LookedFile } from './look.js';
import { suggest, type Guess, type Suggestions } from './suggest.js';

/** More columns are not shown one by one. */
export const MOST_SHOWN = 1000;
const SAMPLES = 5;
const SAMPLE_LENGTH = 80;

export interface ProfiledColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly missing: number;
  readonly distinct: number;
  readonly sample: readonly string[];
  readonly guess: Guess | null;
  readonly note?: string;
}

export interface DraftProfile {
  readonly file: LookedFile;
  readonly columns: readonly ProfiledColumn[];
  readonly suggestions: Suggestions;
  readonly findings: readonly DataFinding[];
}

const percent = (part: number, all: number): string => `${Math.round((100 * part) / all)} %`;

/** Whether a text column names each row by itself: no model learns from it. */
export function isFreeText({ type, distinct, missing, texts }: LookedColumn): boolean {
  return type === 'string' && distinct > 50 && distinct > 0.5 * (texts.length - missing);
}

function noteOf(column: LookedColumn, { rows, probe }: LookedFile): string | undefined {
  const { missing, distinct, texts, moments } = column;
  if (missing === rows) return 'all of it is missing';
  if (distinct === 1 && missing === 0) return `always ${short(texts[0]!)}`;
  if (isCounter(column, probe.rowNumbers)) return `${texts[0]} to ${texts.at(-1)}, counts the rows`;
  if (moments !== undefined && column.type === 'time')
    return moments.forms.map(({ shown }) => shown).join(', ');
  if (isFreeText(column)) return 'nearly every row has its own text';
  if (missing > 0) return `${percent(missing, rows)} missing`;
  return undefined;
}

const short = (text: string): string =>
  text.length <= SAMPLE_LENGTH ? text : `${text.slice(0, SAMPLE_LENGTH - 1)}…`;

function sampleOf({ texts }: LookedColumn): readonly string[] {
  const found = new Set<string>();
  for (const text of texts) {
    if (text !== null) found.add(short(text));
    if (found.size === SAMPLES) break;
  }
  return [...found];
}

/** A cell that a spreadsheet would run. */
const FORMULA = /^[=@]|^[+-](?!\.?\d)/;

function findingsOf(file: LookedFile): DataFinding[] {
  const { columns, rows, probe } = file;
  const findings: DataFinding[] = [...probe.findings];
  const list = (names: readonly string[]): string =>
    names.length <= 8
      ? names.join(', ')
      : `${names.slice(0, 8).join(', ')} and ${formatCount(names.length - 8)} more`;
  const about = (
    names: readonly string[],
    rest: Omit<DataFinding, 'column' | 'message'> & { readonly message: string },
  ): void => {
    if (names.length === 0) return;
    findings.push({ ...rest, ...(names.length === 1 ? { column: names[0]! } : {}) });
  };
  if (columns.length > MOST_SHOWN)
    findings.push({
      level: 'warning',
      code: 'columns_many',
      message: `${formatCount(columns.length)} columns: the first ${formatCount(MOST_SHOWN)} are listed, and a model will see the 200 that tell most about the label`,
      hint: 'Leave out what no model needs before you send the file.',
    });
  if (rows < probe.rows)
    findings.push({
      level: 'info',
      code: 'sampled',
      message: `${formatCount(probe.rows)} rows; the profile rests on ${formatCount(rows)} of them, evenly spread`,
      hint: 'Every row is read when the project is made.',
    });
  if (probe.rows < 200)
    findings.push({
      level: 'warning',
      code: 'rows_few',
      message: `only ${formatCount(probe.rows)} rows: too few to prove a model on`,
      hint: 'Figures will be rough; send more rows when you have them.',
    });
  const empty = columns.filter(({ missing }) => missing === rows).map(({ name }) => name);
  about(empty, {
    level: 'warning',
    code: 'column_empty',
    message: `${list(empty)}: not one value`,
    hint: 'No model sees it; check the export if you expected some.',
  });
  const constant = columns
    .filter(({ distinct, missing }) => distinct === 1 && missing === 0)
    .map(({ name }) => name);
  if (rows > 1)
    about(constant, {
      level: 'info',
      code: 'column_constant',
      message: `${list(constant)}: the same value in every row`,
      hint: 'No model sees it, for it tells nothing.',
    });
  const free = columns.filter(isFreeText).map(({ name }) => name);
  about(free, {
    level: 'info',
    code: 'text_unique',
    message: `${list(free)}: nearly every row has its own text`,
    hint: 'It may serve as a key; no model sees it.',
  });
  const formulas = columns
    .filter(
      column => column.type === 'string' && column.texts.some(text => text !== null && FORMULA.test(text)),
    )
    .map(({ name }) => name);
  about(formulas, {
    level: 'info',
    code: 'cells_formula',
    message: `${list(formulas)}: some cells begin like a spreadsheet formula`,
    hint: 'They are kept as text and never run.',
  });
  for (const column of columns) if (column.type === 'time') findings.push(...timeFindings(column, file));
  return findings;
}

/** What is wrong with a column of times, and in how many forms it is written. */
export function timeFindings(
  { name, moments }: Pick<LookedColumn, 'name' | 'moments'>,
  { probe }: LookedFile,
): DataFinding[] {
  if (moments === undefined) return [];
  const findings: DataFinding[] = [];
  const rowOf = (row: number | undefined): string => formatCount(probe.rowNumbers[row ?? 0]!);
  if (moments.forms.length > 1)
    findings.push({
      level: 'warning',
      code: 'time_formats',
      column: name,
      message: `${name} is written in ${moments.forms.length} forms: ${moments.forms
        .map(({ shown, count, example }) => `${shown} (${formatCount(count)}, like ${example})`)
        .join('; ')}`,
      hint: 'Each value is read in its own form; check that none is meant otherwise.',
    });
  const { ambiguous, unread } = moments;
  if (ambiguous.count > 0)
    findings.push({
      level: 'error',
      code: 'time_ambiguous',
      column: name,
      message: `${name}: ${formatCount(ambiguous.count)} values such as ${ambiguous.example} (row ${rowOf(ambiguous.row)}) can be read with the day or the month first`,
      hint: 'Say which (`dayFirst`), or write the dates as YYYY-MM-DD.',
    });
  if (unread.count > 0)
    findings.push({
      level: 'error',
      code: 'time_unread',
      column: name,
      message: `${name}: ${formatCount(unread.count)} values are no time, the first is ${JSON.stringify(unread.example)} (row ${rowOf(unread.row)})`,
      hint: 'Correct them, leave them empty, or choose another time.',
    });
  return findings;
}

/** What a file looks like before anything was chosen: types, guesses, and what a person should know. */
export function profileDraft(probe: Probe): DraftProfile {
  const file = lookAt(probe);
  const suggestions = suggest(file);
  return {
    file,
    suggestions,
    findings: findingsOf(file),
    columns: file.columns.slice(0, MOST_SHOWN).map(column => {
      const note = noteOf(column, file);
      return {
        name: column.name,
        type: column.type,
        missing: column.missing,
        distinct: column.distinct,
        sample: sampleOf(column),
        guess: suggestions.guesses.get(column.name) ?? null,
        ...(note === undefined ? {} : { note }),
      };
    }),
  };
}
