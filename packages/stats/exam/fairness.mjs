/** Fairlearn's names of rates. */
const RATES = {
  accuracy: 'accuracy',
  precision: 'precision',
  recall: 'recall',
  selection_rate: 'selection_rate',
  tpr: 'recall',
  fpr: 'false_positive_rate',
  tnr: 'specificity',
  fnr: 'false_negative_rate',
};

const rowsOf = ({ tp, fp, tn, fn }) => tp + fp + tn + fn;

/** §6: fairness, as Fairlearn and AIF360 answer. */
export const fairness = {
  fairness_binary: (stats, { y, pred, group }) => {
    const { codes, levels } = stats.groupCodes(group);
    const confusions = stats.groupConfusions(y, pred, codes, levels.length);
    const figures = confusion => ({
      ...Object.fromEntries(
        Object.entries(RATES).map(([name, rate]) => [name, stats.binaryRate(rate, confusion) || 0]),
      ),
      count: rowsOf(confusion),
    });
    const overall = figures(confusions.overall);
    const groups = confusions.groups.map(figures);
    const spreads = Object.keys(overall).map(name => [
      name,
      stats.groupSpread(
        groups.map(each => each[name]),
        overall[name],
      ),
    ]);
    const pick = field => Object.fromEntries(spreads.map(([name, spread]) => [name, spread[field]]));
    const parity = stats.demographicParity(confusions);
    const odds = stats.equalizedOdds(confusions);
    const opportunity = stats.equalOpportunity(confusions);
    return {
      overall,
      by_group: Object.fromEntries(levels.map((level, g) => [String(level), groups[g]])),
      difference_between_groups: pick('difference'),
      difference_to_overall: pick('differenceToOverall'),
      ratio_between_groups: pick('ratio'),
      demographic_parity_difference: parity.difference,
      demographic_parity_ratio: parity.ratio,
      equalized_odds_difference: odds.difference,
      equalized_odds_difference_mean: odds.differenceMean,
      equalized_odds_ratio: odds.ratio,
      equal_opportunity_difference: opportunity.difference,
      equal_opportunity_ratio: opportunity.ratio,
    };
  },
  fairness_aif360: (stats, { y, pred, group, privileged, unprivileged }) => {
    // Rows of any further group count in the indices over all rows.
    const codes = Int32Array.from(group, level =>
      level === unprivileged ? 0 : level === privileged ? 1 : 2,
    );
    const { overall, groups } = stats.groupConfusions(y, pred, codes, 3);
    const report = stats.groupFairness(groups[0], groups[1]);
    // Between groups AIF360 gives them no benefit.
    const others = { tp: 0, fp: 0, tn: 0, fn: rowsOf(groups[2]) };
    return {
      statistical_parity_difference: report.statisticalParityDifference.value,
      disparate_impact: report.disparateImpact.value,
      average_odds_difference: report.averageOddsDifference.value,
      average_abs_odds_difference: report.averageAbsOddsDifference.value,
      equal_opportunity_difference: report.equalOpportunityDifference.value,
      false_positive_rate_difference: report.differences.false_positive_rate.value,
      false_discovery_rate_difference: report.differences.false_discovery_rate.value,
      error_rate_difference: report.differences.error_rate.value,
      theil_index: stats.theilIndex(overall),
      generalized_entropy_index: stats.generalizedEntropyIndex(overall),
      between_group_theil_index: stats.betweenGroupEntropyIndex([groups[0], groups[1], others], 1),
    };
  },
};
