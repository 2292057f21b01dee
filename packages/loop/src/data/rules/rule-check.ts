import type { Json } from '@twinloop/kernel';
import type { Expectation, QuarantineConfig } from '../config.js';
import { isRowRule, subjectOf } from './compile-rule.js';
import type { RuleResult } from './judge-rule.js';
import { ruleText } from './rule-text.js';

/** A rule as it stood when a version was checked, and what it said: one entry of `DatasetVersionRecord.checks`. */
export interface RuleCheck {
  readonly rule: string;
  readonly subject: string;
  /** As it stands in twinloop.yaml, on one line. */
  readonly text: string;
  readonly where: string | null;
  readonly severity: 'error' | 'warning';
  readonly quarantines: boolean;
  readonly result: RuleResult;
}

/** How a rule is shown: by its text, which also tells it from every other. */
export function ruleWords(rule: Expectation, quarantine: QuarantineConfig = {}): Omit<RuleCheck, 'result'> {
  return {
    rule: rule.rule,
    subject: subjectOf(rule),
    text: ruleText(rule),
    where: 'where' in rule ? (rule.where ?? null) : null,
    severity: rule.severity ?? 'error',
    quarantines: isRowRule(rule) && (rule.quarantine ?? quarantine.rules === 'all'),
  };
}

export const ruleChecks = (
  rules: readonly Expectation[],
  results: readonly RuleResult[],
  quarantine?: QuarantineConfig,
): readonly RuleCheck[] => rules.map((rule, i) => ({ ...ruleWords(rule, quarantine), result: results[i]! }));

/** The checks of a record; a version of an earlier release has none. */
export const checksOf = (record: { readonly checks: Json }): readonly RuleCheck[] =>
  record.checks as unknown as readonly RuleCheck[];
