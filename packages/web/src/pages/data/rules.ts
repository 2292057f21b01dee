import type { ExpectationHistoryView, ExpectationRuleView, SuggestionsView } from '@twinloop/client';
import { counted, figure, percent, whole } from '../../format/numbers.js';
import { dayYear } from '../../format/time.js';

export type Version = ExpectationHistoryView['versions'][number];
export type Standing = 'passed' | 'failed' | 'warned' | 'unchecked';

/** What a rule said of a version: a warning does not refuse. */
export function standingOf(rule: ExpectationRuleView, column: number): Standing {
  const result = rule.results[column];
  if (result == null) return 'unchecked';
  if (result.passed) return 'passed';
  return rule.severity === 'error' ? 'failed' : 'warned';
}

/** Rows of a version as they came: those that went on and those that were kept apart. */
export function cameIn({ rows, quarantined }: Version): number {
  return rows + quarantined;
}

/** A share that is there is never `0.0 %`. */
export function shareWords(share: number): string {
  return share > 0 && share < 0.0005 ? '< 0.1 %' : percent(share);
}

export function versionWords(version: Version): string {
  const { rows, quarantined, status } = version;
  const apart =
    quarantined === 0
      ? 'none kept apart'
      : `${whole(quarantined)} kept apart (${shareWords(quarantined / cameIn(version))})`;
  return `${version.version.slice(0, 12)} of ${dayYear(version.createdAt)}, ${status}: ${counted(rows, 'row')}, ${apart}`;
}

/** All there is to say of a rule and a version, in one sentence. */
export function resultWords(view: ExpectationHistoryView, row: number, column: number): string {
  const rule = view.rules[row]!;
  const version = view.versions[column]!;
  const result = rule.results[column];
  const about = `${rule.text}, version ${version.version.slice(0, 12)} of ${dayYear(version.createdAt)}`;
  if (result == null) return `${about}: not checked.`;
  const observed = result.observed === null ? '' : `, observed ${figure(result.observed)}`;
  if (result.passed) return `${about}: holds over ${counted(result.rows, 'row')}${observed}.`;
  const kept = rule.quarantines ? '; those rows are kept apart' : '';
  return `${about}: ${rule.severity === 'error' ? 'broken' : 'warned'}, ${whole(result.count)} of ${counted(result.rows, 'row')}${observed}${kept}. ${result.message ?? ''}`.trim();
}

/** Which rules does this data keep, and since when not? */
export function historyAnswer(view: ExpectationHistoryView): string {
  const last = view.versions.length - 1;
  const newest = view.versions[last];
  if (newest === undefined) return 'No version has been registered yet.';
  const current = view.rules.filter(rule => rule.current);
  const checked = current.filter(rule => rule.results[last] != null);
  const broken = checked.filter(rule => rule.results[last]!.passed === false);
  const apart = view.versions.filter(({ quarantined }) => quarantined > 0).length;
  const rules =
    current.length === 0
      ? 'No rule is declared.'
      : checked.length === 0
        ? `None of ${counted(current.length, 'declared rule')} was checked on the newest version.`
        : broken.length === 0
          ? `The newest version keeps ${checked.length === 1 ? 'the one rule' : `all ${whole(checked.length)} rules`}${checked.length < current.length ? ` checked, of ${whole(current.length)} declared` : ''}.`
          : `The newest version breaks ${whole(broken.length)} of ${counted(checked.length, 'rule')}${broken.length > 1 ? '; first' : ''}: ${broken[0]!.results[last]!.message ?? broken[0]!.text}.`;
  const kept =
    apart === 0
      ? `No row of ${counted(view.versions.length, 'version')} was kept apart.`
      : `${whole(apart)} of ${counted(view.versions.length, 'version')} had rows kept apart.`;
  return `${rules} ${kept}`;
}

/** Declared rules first, and of each kind those that were broken most often. */
export function rulesInOrder(view: ExpectationHistoryView): ExpectationHistoryView {
  const broken = ({ results }: ExpectationRuleView): number =>
    results.filter(result => result?.passed === false).length;
  return {
    ...view,
    rules: view.rules.toSorted((a, b) => Number(b.current) - Number(a.current) || broken(b) - broken(a)),
  };
}

/** The YAML of those rules that are not declared yet, under the same two lines as that of all. */
export function openYaml({ yaml, rules }: Pick<SuggestionsView, 'yaml' | 'rules'>): string {
  const open = rules.filter(({ declared }) => !declared);
  if (open.length === 0) return '';
  return [...yaml.split('\n').slice(0, 2), ...open.map(({ text }) => `    - ${text}`), ''].join('\n');
}
