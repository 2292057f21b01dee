import type { Reading } from '@twinloop/kernel';
import { flow } from '../flow.js';
import type { DraftTask } from './suggest.js';

/** Everything that a first project file says. */
export interface ProjectSketch {
  readonly project: string;
  /** Where the data came from, for the first comment. */
  readonly origin: string;
  readonly timezone: string;
  readonly dataset: string;
  /** A file beside the project file, or a query. */
  readonly source: string | { readonly postgres: string; readonly query: string };
  readonly format?: string;
  readonly reading: Reading;
  readonly types: Readonly<Record<string, string>>;
  readonly key?: string;
  readonly time:
    | { readonly column: string }
    | { readonly date: string; readonly hour: string; readonly as?: string }
    | { readonly order: 'rows' };
  readonly label: {
    readonly column: string;
    readonly arrives?: string;
    readonly positive?: string;
    readonly negative?: readonly string[];
  };
  /** Only these columns are read. */
  readonly columns?: readonly string[];
  readonly newest?: number;
  readonly expectations: readonly {
    readonly rule: Readonly<Record<string, unknown>>;
    readonly why: string;
  }[];
  readonly features: {
    readonly inputs: readonly string[];
    readonly derive: Readonly<Record<string, string>>;
    readonly drop: readonly string[];
    readonly excluded: readonly { readonly column: string; readonly why: string }[];
  };
  readonly task: DraftTask;
  readonly windows: readonly string[];
  readonly holdout?: number;
  readonly inconclusive?: 'pass';
  readonly gates: readonly { readonly gate: Readonly<Record<string, unknown>>; readonly why: string }[];
  readonly rollout: Readonly<Record<string, unknown>>;
  readonly monitors: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly answers: Readonly<Record<string, string>>;
}

/** A list that may be long: as many on a line as fit. */
function list(values: readonly string[], indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const [i, value] of values.map(flow).entries()) {
    const word = i === values.length - 1 ? value : `${value},`;
    if (line !== '' && indent.length + line.length + word.length > 100) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  if (line !== '') lines.push(line);
  return `[${lines.join(`\n${indent}`)}]`;
}

/** A comment is one line, whatever a column is called. */
const comment = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ');

/** The project file as a person would have written it, with the reason beside each choice. */
export function writeProject(sketch: ProjectSketch): string {
  const { dataset, features, label, reading } = sketch;
  const lines: string[] = [
    `# Made from ${comment(sketch.origin)}. \`twinloop plan\` shows what a change to this file would do;`,
    '# docs/reference/configuration.md lists every field.',
    `project: ${flow(sketch.project)}`,
    `timezone: ${flow(sketch.timezone)} # of times without a zone, of schedules and of local days`,
    'datasets:',
    `  ${flow(dataset)}:`,
    `    source: ${flow(sketch.source)}`,
  ];
  const say = (line: string): void => {
    lines.push(line);
  };
  if (sketch.format !== undefined) say(`    format: ${sketch.format}`);
  if (Object.keys(reading).length > 0)
    say(`    read: ${flow(reading)} # how the file is written, so that it is read the same every time`);
  if (Object.keys(sketch.types).length > 0) say(`    types: ${flow(sketch.types)}`);
  if (sketch.columns !== undefined) {
    say('    # Only these columns are read.');
    say(`    columns: ${list(sketch.columns, '      ')}`);
  }
  if (sketch.newest !== undefined)
    say(`    newest: ${sketch.newest} # rows of a version, so that it fits into memory`);
  if (sketch.key !== undefined)
    say(`    key: ${flow(sketch.key)} # names a case; outcomes may be sent by it`);
  const { time } = sketch;
  if ('order' in time)
    say('    time: { order: rows } # no column says it: rows stand in order, oldest first');
  else if ('column' in time)
    say(`    time: ${flow(time.column)} # when the case happened; rows are ordered, and held out, by it`);
  else
    say(
      `    time: ${flow(time)} # made of both, called ${comment(flow(time.as ?? 'time'))}; rows are ordered, and held out, by it`,
    );
  say(`    label: ${flow(label)}${label.arrives === undefined ? '' : ' # `arrives`: when it became known'}`);
  if (sketch.expectations.length > 0) {
    say('expectations: # a version that breaks one is refused before anything is trained');
    say(`  ${flow(dataset)}:`);
    for (const { rule, why } of sketch.expectations) say(`    - ${flow(rule)} # ${comment(why)}`);
  }
  say('features:');
  for (const { column, why } of features.excluded.slice(0, 50))
    say(`  # without ${comment(flow(column))}: ${comment(why)}`);
  say('  # Columns that every request must carry, all of them known at the time of the request.');
  say(`  inputs: ${list(features.inputs, '    ')}`);
  if (Object.keys(features.derive).length > 0) say(`  derive: ${flow(features.derive)}`);
  if (features.drop.length > 0)
    say(
      `  drop: ${flow(features.drop)} # only its parts are learned from: a model cannot know a date to come`,
    );
  say('train:');
  say(`  task: ${sketch.task}`);
  say(`  candidates: { algorithms: [linear, gbt], windows: ${flow(sketch.windows)} }`);
  if (sketch.holdout !== undefined)
    say(`  holdout: ${sketch.holdout} # of few rows a larger share, or nothing could be judged`);
  if (sketch.inconclusive !== undefined)
    say(`  inconclusive: ${sketch.inconclusive} # too few rows to judge a model: it is served unproven`);
  if (sketch.gates.length > 0) {
    say('gates: # each must pass, or nothing is deployed');
    for (const { gate, why } of sketch.gates) say(`  - ${flow(gate)} # ${comment(why)}`);
  }
  say('endpoint:');
  say(`  name: ${flow(sketch.project)} # requests go to /v2/models/${sketch.project}/infer`);
  if (Object.keys(sketch.rollout).length > 0) say(`  rollout: ${flow(sketch.rollout)}`);
  if (Object.keys(sketch.monitors).length > 0) {
    say('monitors:');
    for (const [name, settings] of Object.entries(sketch.monitors)) say(`  ${name}: ${flow(settings)}`);
  }
  say('policy:');
  say(`  answers: ${flow(sketch.answers)}`);
  say('  budget: { retrainings: 12, per: 365d, daily: 2 }');
  return `${lines.join('\n')}\n`;
}
