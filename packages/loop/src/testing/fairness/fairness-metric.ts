/** A rate that is compared between groups. */
export interface ComparedRate {
  /** Its name in the table of metrics. */
  readonly rate: string;
  readonly title: string;
}

/** Names of the field for "this rate is the same in all groups", and the rates that they compare. */
const CRITERIA: Readonly<Record<string, readonly ComparedRate[]>> = {
  demographic_parity: [{ rate: 'selection_rate', title: 'share of positive answers' }],
  equal_opportunity: [{ rate: 'recall', title: 'true positive rate' }],
  predictive_equality: [{ rate: 'false_positive_rate', title: 'false positive rate' }],
  predictive_parity: [{ rate: 'precision', title: 'precision' }],
  equalized_odds: [
    { rate: 'recall', title: 'true positive rate' },
    { rate: 'false_positive_rate', title: 'false positive rate' },
  ],
  accuracy_parity: [{ rate: 'accuracy', title: 'accuracy' }],
};

export const CRITERION_NAMES: readonly string[] = Object.keys(CRITERIA);

/**
 * The rates behind a fairness figure: a criterion of the field, with or without `_difference` or `_ratio`, or any metric
 * of the task (`mae`, `auc`, `false_omission_rate`).
 */
export function comparedRates(metric: string): readonly ComparedRate[] {
  const name = metric.replace(/_(?:difference|ratio)$/, '');
  return Object.hasOwn(CRITERIA, name) ? CRITERIA[name]! : [{ rate: name, title: name.replaceAll('_', ' ') }];
}
