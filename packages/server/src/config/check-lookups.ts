import { TwinloopError } from '@twinloop/kernel';
import { checkLookupLeaks, columnsOf, parseExpression } from '@twinloop/model';
import type { ProjectFinding } from './finding.js';
import type { ProjectConfig } from './project-config.js';

/** A month of rows in memory is what an aggregate may need; a year would be a table of its own. */
const LONGEST_WINDOW = 92 * 864e5;

/** What the schema of `features.joins` and `features.aggregates` cannot say; a value from the future is refused here. */
export function checkLookups(
  config: ProjectConfig,
  training: string | undefined,
  leftOf: (join: number) => string | undefined,
): readonly ProjectFinding[] {
  const { lookups, datasets } = config;
  const findings: ProjectFinding[] = [];
  const say = (path: readonly (string | number)[], message: string, hint?: string): void => {
    findings.push({ path: ['features', ...path], message, ...(hint === undefined ? {} : { hint }) });
  };
  const time = training === undefined ? undefined : datasets[training]?.time;
  const all = [
    ...lookups.joins.map((spec, i) => ({ spec, path: ['joins', i] as const })),
    ...lookups.aggregates.map((spec, i) => ({ spec, path: ['aggregates', i] as const })),
  ];
  const names = new Set<string>();
  for (const { spec, path } of all) {
    if (datasets[spec.dataset] === undefined) continue;
    if (names.has(spec.name)) say([...path, 'name'], `"${spec.name}" is declared twice`);
    names.add(spec.name);
    if (spec.at === '')
      say(path, `"${spec.dataset}" has no time`, 'Say which of its columns dates a row with `asof`.');
    for (const key of Object.keys(spec.by))
      if (!lookups.inputs.includes(key))
        say([...path, 'by'], `"${key}" is not one of the inputs`, `Inputs: ${lookups.inputs.join(', ')}.`);
  }
  if (all.length > 0 && time === undefined)
    say(
      ['joins'],
      'nothing can be looked up for rows without a time',
      'Add `time: <column>` to the dataset.',
    );
  lookups.joins.forEach((_, i) => {
    const left = leftOf(i);
    if (left !== undefined && left !== time)
      say(
        ['joins', i, 'asof', 'left'],
        `joins are made as of the moment of the prediction${time === undefined ? '' : `, "${time}"`}`,
        'Leave `left` out.',
      );
  });
  lookups.aggregates.forEach((one, i) => {
    if (one.over > LONGEST_WINDOW) say(['aggregates', i, 'over'], 'a window may hold 92 days at most');
    if (one.value === undefined && one.function !== 'count')
      say(['aggregates', i], `"${one.function}" needs a value`, 'Add `value: <column or expression>`.');
    for (const part of ['value', 'filter'] as const) {
      const text = one[part];
      if (text === undefined) continue;
      try {
        columnsOf(parseExpression(text));
      } catch (error) {
        say(['aggregates', i, part], error instanceof Error ? error.message : String(error));
      }
    }
  });
  const label = training === undefined ? undefined : datasets[training]?.label;
  if (label === undefined || findings.length > 0) return findings;
  try {
    checkLookupLeaks(lookups, {
      label: label.column,
      availableAfter: label.arrives === undefined ? [] : [label.arrives],
    });
  } catch (error) {
    if (!(error instanceof TwinloopError)) throw error;
    for (const { field = '', message } of error.details) {
      const [, kind = '', index = '0', part = ''] = field.split('/');
      say([kind, Number(index), part], `feature_leak: ${message}`);
    }
  }
  return findings;
}
