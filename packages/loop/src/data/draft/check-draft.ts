import {
  DURATION_PATTERN,
  formatCount,
  formatFigure,
  TwinloopError,
  type DataFinding,
  type Reading,
} from '@twinloop/kernel';
import { chooseFeatures } from './choose-features.js';
import { chooseTime, columnNamed, formsOf, type ChosenTime } from './choose-time.js';
import type { LocalHour } from './clock.js';
import type { LookedColumn, LookedFile } from './look.js';
import { measureOf, type Measure } from './measure.js';
import { isFreeText } from './profile-draft.js';
import { readLabel } from './read-label.js';
import type { DraftTask, TimeChoice } from './suggest.js';
import { findSuspects, type Suspect } from './suspects.js';
import { writeProject, type ProjectSketch } from './write-project.js';

export interface DraftDecisions {
  readonly label: string;
  readonly positive?: string;
  readonly task?: DraftTask;
  readonly time: TimeChoice;
  readonly dayFirst?: boolean;
  readonly timezone?: string;
  readonly key?: string;
  readonly delay?: string;
  readonly exclude?: readonly string[];
}

export interface DraftSurroundings {
  readonly project: string;
  /** The file's name, or `query`. */
  readonly name: string;
  readonly source: ProjectSketch['source'];
  /** What this release trains. */
  readonly tasks: readonly DraftTask[];
}

export interface CheckedDraft {
  readonly task: DraftTask;
  readonly classes?: readonly { readonly value: string; readonly rows: number }[];
  readonly positive?: string;
  readonly findings: readonly DataFinding[];
  readonly suspects: readonly Suspect[];
  readonly clock: {
    readonly skipped: readonly LocalHour[];
    readonly doubled: readonly LocalHour[];
    readonly from?: number;
    readonly until?: number;
  };
  readonly features: readonly string[];
  readonly expectations: readonly string[];
  readonly baseline?: Measure;
  readonly seconds: number;
  readonly yaml: string;
}

/** Rows of a version that fit into memory beside their features. */
const NEWEST = 1_000_000;
const DAY = 864e5;
const duration = new RegExp(DURATION_PATTERN);

/** A dataset's name made of a file's. */
export function datasetNamed(file: string): string {
  const name = file
    .replace(/(\.(csv|tsv|txt|parquet|jsonl|ndjson))?(\.gz)?$/i, '')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^[^A-Za-z]+/, '')
    .replace(/_+$/, '')
    .slice(0, 62);
  return name === '' ? 'cases' : name;
}

function keyFindings(
  key: LookedColumn | undefined,
  file: LookedFile,
): { unique: boolean; findings: DataFinding[] } {
  if (key === undefined) return { unique: false, findings: [] };
  const repeated = file.rows - key.missing - key.distinct;
  const findings: DataFinding[] = [];
  if (repeated > 0) {
    const seen = new Set<string>();
    const example = key.texts.find(text => text !== null && (seen.has(text) || !seen.add(text)));
    findings.push({
      level: 'warning',
      code: 'keys_repeat',
      column: key.name,
      message: `${key.name}: ${formatCount(repeated)} rows repeat the key of another, such as ${JSON.stringify(example)}`,
      hint: 'Outcomes sent by this key would be taken for the newest of them; choose another key, or none.',
    });
  }
  if (key.missing > 0)
    findings.push({
      level: 'warning',
      code: 'keys_missing',
      column: key.name,
      message: `${key.name}: ${formatCount(key.missing)} rows have no key`,
      hint: 'Outcomes for them can be sent by prediction id only.',
    });
  return { unique: repeated === 0, findings };
}

/** The column or the duration that says when a label becomes known. @throws invalid_request for what is neither */
function readDelay(
  file: LookedFile,
  { delay }: DraftDecisions,
): { arrives?: string; settle?: string; times: Readonly<Record<string, readonly string[]>> } {
  if (delay === undefined) return { times: {} };
  const column = file.columns.find(({ name }) => name === delay);
  if (column === undefined) {
    if (duration.test(delay)) return { settle: delay, times: {} };
    throw new TwinloopError('invalid_request', {
      field: 'delay',
      values: { reason: `"${delay}" is neither a column nor a duration` },
      hint: 'For example 6h, 2d, or the column that says when the label became known.',
    });
  }
  if (column.moments === undefined)
    throw new TwinloopError('invalid_request', {
      field: 'delay',
      values: { reason: `column ${delay} holds no times` },
      hint: 'Name the column that says when the label became known, or a duration.',
    });
  const forms = file.probe.format === 'csv' ? formsOf(column.moments) : undefined;
  return { arrives: delay, times: forms === undefined ? {} : { [delay]: forms } };
}

/** Time windows that the span allows: a recent one only when there is much more than it. */
function windowsFor(time: ChosenTime): readonly string[] {
  const { from, until } = time.clock;
  if (from === undefined || until === undefined) return ['all'];
  const days = (until - from) / DAY;
  if (days >= 180) return ['60d', 'all'];
  return days >= 42 ? ['14d', 'all'] : ['all'];
}

function expectationsFor(
  file: LookedFile,
  sketch: { key: LookedColumn | undefined; unique: boolean; inputs: readonly string[] },
): ProjectSketch['expectations'] {
  const rules: { rule: Readonly<Record<string, unknown>>; why: string }[] = [
    {
      rule: { rule: 'rows', min: Math.max(10, Math.floor(file.probe.rows / 10)) },
      why: 'a version with far fewer rows is probably cut off',
    },
  ];
  if (sketch.key !== undefined && sketch.unique)
    rules.push({ rule: { rule: 'unique', columns: [sketch.key.name] }, why: 'a case comes once' });
  for (const name of sketch.inputs.slice(0, 30)) {
    const column = file.columns.find(each => each.name === name)!;
    if (column.missing > 0) {
      const max = Math.min(1, Math.ceil(200 * (column.missing / file.rows) + 5) / 100);
      if (max < 1)
        rules.push({
          rule: { rule: 'nulls', column: name, max },
          why: `${Math.round((100 * column.missing) / file.rows)} % are missing now`,
        });
    }
  }
  return rules;
}

function expectationInWords({ rule, why }: ProjectSketch['expectations'][number]): string {
  switch (rule['rule']) {
    case 'rows':
      return `At least ${formatCount(rule['min'] as number)} rows: ${why}.`;
    case 'unique':
      return `${(rule['columns'] as string[]).join(', ')} is unique: ${why}.`;
    default:
      return `At most ${formatFigure(100 * (rule['max'] as number))} % of ${String(rule['column'])} missing: ${why}.`;
  }
}

interface Judging {
  readonly gates: ProjectSketch['gates'];
  readonly rollout: ProjectSketch['rollout'];
  readonly monitors: ProjectSketch['monitors'];
  readonly answers: ProjectSketch['answers'];
}

/** How models are judged; what depends on the task alone is left to the defaults. */
function judging(task: DraftTask, heldOut: number, settle: string | undefined): Judging {
  const late = settle === undefined ? {} : { settle };
  const beats = heldOut >= 1000;
  if (task === 'regression') {
    return {
      gates: [
        { gate: { gate: 'metric', metric: 'r2', min: 0 }, why: 'better than always saying the mean' },
        {
          gate: { gate: 'champion', metric: 'squared_error', tolerance: 0.05 },
          why: 'not clearly worse than the model in service; the tolerance is a share of its squared error',
        },
      ],
      rollout: { strategy: 'shadow', metric: 'squared_error', ...late },
      monitors: settle === undefined ? {} : { quality: { settle }, calibration: { settle } },
      answers: { 'data-drift': 'retrain', 'model-drift': 'retrain', calibration: 'recalibrate' },
    };
  }
  return {
    gates:
      task === 'binary'
        ? [
            {
              gate: { gate: 'metric', metric: 'auc', min: beats ? 0.55 : 0.5 },
              why: 'better than chance at telling the two apart',
            },
            {
              gate: { gate: 'champion', metric: 'log_loss', tolerance: 0.005 },
              why: 'not clearly worse than the model in service',
            },
          ]
        : [
            {
              gate: { gate: 'champion', metric: 'log_loss', tolerance: 0.01 },
              why: 'not clearly worse than the model in service',
            },
          ],
    rollout: { strategy: 'shadow', metric: 'log_loss', ...late },
    monitors: settle === undefined ? {} : { quality: { settle }, calibration: { settle } },
    answers: {
      'data-drift': 'retrain',
      'model-drift': 'retrain',
      calibration: task === 'binary' ? 'recalibrate' : 'hold',
    },
  };
}

function whyExcluded(name: string, file: LookedFile, suspects: readonly Suspect[]): string {
  const suspect = suspects.find(({ columns }) => columns.includes(name));
  if (suspect !== undefined) return suspect.sentence;
  const column = file.columns.find(each => each.name === name);
  if (column === undefined) return 'left out';
  if (column.missing === file.rows) return 'it has no value';
  if (column.distinct === 1) return 'it is always the same';
  return isFreeText(column) ? 'nearly every row has its own text' : 'left out by hand';
}

/**
 * What the choices make of a file: the task, what stands in the way, columns that know the answer, and the project
 * file. Nothing is written. With an `error` among the findings the project file is a preview only.
 * @throws dataset_column_missing · invalid_request naming the choice
 */
export function checkDraft(
  file: LookedFile,
  decisions: DraftDecisions,
  surroundings: DraftSurroundings,
): CheckedDraft {
  const { exclude = [] } = decisions;
  const labelColumn = columnNamed(file, decisions.label, 'label');
  for (const name of exclude) columnNamed(file, name, 'exclude');
  const key = decisions.key === undefined ? undefined : columnNamed(file, decisions.key, 'key');
  const label = readLabel(labelColumn, decisions, surroundings.tasks);
  const time = chooseTime(file, decisions.time, decisions.timezone, decisions.dayFirst);
  const delay = readDelay(file, decisions);
  const keyed = keyFindings(key, file);
  const findings: DataFinding[] = [
    ...file.probe.findings.filter(({ level }) => level === 'error'),
    ...label.findings,
    ...time.findings,
    ...keyed.findings,
  ];
  if (time.columns.includes(decisions.label))
    findings.push({
      level: 'error',
      code: 'label_is_time',
      column: decisions.label,
      message: `${decisions.label} is the time, too`,
      hint: 'Choose another label.',
    });
  const others = file.columns.filter(
    ({ name }) =>
      name !== decisions.label &&
      name !== decisions.key &&
      name !== delay.arrives &&
      !time.columns.includes(name),
  );
  const { suspects, strength } = findSuspects(
    others,
    { ...label.values, name: decisions.label, texts: labelColumn.texts },
    file.probe.rowNumbers,
  );
  const features = chooseFeatures(file, {
    label: decisions.label,
    key: decisions.key,
    arrives: delay.arrives,
    exclude,
    time,
    strength,
  });
  findings.push(...features.findings);
  const { rows } = file.probe;
  const newest = rows > NEWEST ? NEWEST : undefined;
  if (newest !== undefined)
    findings.push({
      level: 'warning',
      code: 'rows_newest',
      message: `of ${formatCount(rows)} rows the newest ${formatCount(NEWEST)} make a version`,
      hint: 'Change `newest` in the project file if the machine has room for more.',
    });
  const holdout = rows < 250 ? (rows < 125 ? 0.5 : 0.4) : undefined;
  const heldOut = Math.floor(Math.min(rows, NEWEST) * (holdout ?? 0.2));
  const measure = measureOf(label.values, time.values, holdout ?? 0.2);
  const judge = judging(label.task, heldOut, delay.settle);
  const expectations = expectationsFor(file, {
    key,
    unique: keyed.unique,
    inputs: features.inputs,
  });
  const reading: Reading = readingFor(file, { ...time.forms, ...delay.times });
  const sketch: ProjectSketch = {
    project: surroundings.project,
    origin: `${surroundings.name}, ${formatCount(rows)} rows`,
    timezone: time.timezone,
    dataset: datasetNamed(surroundings.name),
    source: surroundings.source,
    ...(surroundings.name.match(/\.(csv|parquet|jsonl|ndjson)$/i) === null &&
    typeof surroundings.source === 'string'
      ? { format: file.probe.format }
      : {}),
    reading,
    types: {},
    ...(decisions.key === undefined ? {} : { key: decisions.key }),
    time: timeInFile(time, decisions.time),
    label: {
      column: decisions.label,
      ...(delay.arrives === undefined ? {} : { arrives: delay.arrives }),
      ...(label.plain || label.positive === undefined ? {} : { positive: label.positive }),
      ...(label.plain || label.negative === undefined || label.negative.length > 20
        ? {}
        : { negative: label.negative }),
    },
    ...(features.limited
      ? {
          columns: [
            ...new Set([
              ...features.inputs,
              ...time.columns,
              decisions.label,
              ...(decisions.key === undefined ? [] : [decisions.key]),
              ...(delay.arrives === undefined ? [] : [delay.arrives]),
            ]),
          ],
        }
      : {}),
    ...(newest === undefined ? {} : { newest }),
    expectations,
    features: {
      inputs: features.inputs.length === 0 ? [decisions.label] : features.inputs,
      derive: features.derive,
      drop: features.drop,
      excluded: exclude.map(column => ({ column, why: whyExcluded(column, file, suspects) })),
    },
    task: label.task,
    windows: windowsFor(time),
    ...(holdout === undefined ? {} : { holdout }),
    ...(heldOut < 50 ? { inconclusive: 'pass' } : {}),
    ...judge,
  };
  const { skipped, doubled, from, until } = time.clock;
  return {
    task: label.task,
    ...(label.classes === undefined ? {} : { classes: label.classes }),
    ...(label.positive === undefined ? {} : { positive: label.positive }),
    findings,
    suspects,
    clock: {
      skipped,
      doubled,
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    },
    features: features.inputs,
    expectations: expectations.map(expectationInWords),
    ...(measure === undefined ? {} : { baseline: measure }),
    // 50,000 rows of 20 features take the trees 2 s on one core; lines take a tenth of that.
    seconds: Math.ceil(
      2 + (sketch.windows.length * Math.min(rows, NEWEST) * (5 + features.inputs.length)) / 4e5,
    ),
    yaml: writeProject(sketch),
  };
}

function timeInFile(time: ChosenTime, choice: TimeChoice): ProjectSketch['time'] {
  if ('order' in choice) return choice;
  if ('column' in choice) return choice;
  return { date: choice.date, hour: choice.hour, ...(time.as === 'time' ? {} : { as: time.as! }) };
}

function readingFor(file: LookedFile, times: Readonly<Record<string, readonly string[]>>): Reading {
  const { reading } = file.probe;
  return Object.keys(times).length === 0 ? reading : { ...reading, times };
}
