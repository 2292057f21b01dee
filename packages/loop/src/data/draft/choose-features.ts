import { formatCount, type DataFinding } from '@twinloop/kernel';
import type { ChosenTime } from './choose-time.js';
import type { LookedColumn, LookedFile } from './look.js';
import { isFreeText } from './profile-draft.js';

/** More inputs than that make requests that nobody wants to write. */
const MOST = 200;

export interface ChosenFeatures {
  /** Raw columns that a request carries. */
  readonly inputs: readonly string[];
  readonly derive: Readonly<Record<string, string>>;
  readonly drop: readonly string[];
  /** Whether some columns of the file are not needed by anything. */
  readonly limited: boolean;
  readonly findings: readonly DataFinding[];
}

export interface FeatureChoice {
  readonly label: string;
  readonly key: string | undefined;
  readonly arrives: string | undefined;
  readonly exclude: readonly string[];
  readonly time: ChosenTime;
  /** How well each column alone tells the label. */
  readonly strength: ReadonlyMap<string, number>;
}

const SAYS: Readonly<Record<string, RegExp>> = {
  hour: /^(hr|hour|hours|stunde|heure|hora)(_|$)/i,
  dayofweek: /^(dow|weekday|day_?of_?week|wochentag)(_|$)/i,
  month: /^(mnth|month|monat|mois|mes)(_|$)/i,
};

/** Everything that is known at the time of a request and tells something, the time's parts included. */
export function chooseFeatures(file: LookedFile, choice: FeatureChoice): ChosenFeatures {
  const { label, key, arrives, exclude, time, strength } = choice;
  const findings: DataFinding[] = [];
  const out = new Set([
    label,
    ...(key === undefined ? [] : [key]),
    ...(arrives === undefined ? [] : [arrives]),
  ]);
  for (const name of exclude) out.add(name);
  // Of a date and an hour the hour is a feature as it stands; the date only dates.
  if (time.columns[0] !== undefined) out.add(time.columns[0]);
  const usable = (column: LookedColumn): boolean =>
    !out.has(column.name) &&
    column.missing < file.rows &&
    column.distinct > 1 &&
    column.type !== 'time' &&
    !isFreeText(column);
  const otherTimes = file.columns
    .filter(({ name, type }) => type === 'time' && !out.has(name))
    .map(({ name }) => name);
  if (otherTimes.length > 0)
    findings.push({
      level: 'info',
      code: 'times_unused',
      message: `${otherTimes.join(', ')}: other times; no model sees them`,
      hint: 'Derive features from them in the project file if they are known at the time of a request.',
    });
  let columns = file.columns.filter(usable);
  const limited = columns.length > MOST;
  if (limited) {
    const strongest = new Set(
      [...columns]
        .sort((a, b) => (strength.get(b.name) ?? 0) - (strength.get(a.name) ?? 0))
        .slice(0, MOST)
        .map(({ name }) => name),
    );
    findings.push({
      level: 'warning',
      code: 'features_limited',
      message: `of ${formatCount(columns.length)} columns the ${MOST} that tell most about ${label} alone are used`,
      hint: 'Name others under `features.inputs` in the project file.',
    });
    columns = columns.filter(({ name }) => strongest.has(name));
  }
  const inputs = columns.map(({ name }) => name);
  const derive: Record<string, string> = {};
  const drop: string[] = [];
  const dated = time.as !== undefined && !time.composed;
  if (dated && !exclude.includes(time.as) && /^[A-Za-z_]\w*$/.test(time.as)) {
    const parts = [...(time.hours ? ['hour'] : []), 'dayofweek', 'month'];
    for (const part of parts)
      if (!file.columns.some(({ name }) => name === part || SAYS[part]!.test(name)))
        derive[part] = `${part}(${time.as})`;
    if (Object.keys(derive).length > 0) {
      inputs.push(time.as);
      drop.push(time.as);
    }
  }
  if (inputs.length === 0)
    findings.push({
      level: 'error',
      code: 'features_none',
      message: 'no column is left to predict from',
      hint: 'Exclude fewer columns, or send a file with more.',
    });
  return { inputs, derive, drop, limited, findings };
}
