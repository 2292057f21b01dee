import type { GatesConfig } from '@twinloop/loop/testing';
import type { FairnessLimit } from './fairness-view.js';

/** The criterion that holds when a rate is the same in all groups. */
const CRITERION: Readonly<Record<string, string>> = {
  selection_rate: 'demographic_parity',
  recall: 'equal_opportunity',
  false_positive_rate: 'predictive_equality',
  precision: 'predictive_parity',
  accuracy: 'accuracy_parity',
};

/** What the project's bias gates allow as a difference between groups. */
export function biasLimits(gates: GatesConfig): FairnessLimit {
  return (attribute, metric) => {
    for (const gate of gates) {
      if (gate.gate !== 'bias' || gate.attributes.join(' × ') !== attribute || gate.max === undefined)
        continue;
      const named = gate.metric.replace(/_difference$/, '');
      if (named === metric || named === CRITERION[metric]) return gate.max;
    }
    return null;
  };
}
