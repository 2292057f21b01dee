import { evidentlyCategorical, evidentlyNumeric } from './evidently.mjs';
import { nannymlUnivariate } from './nannyml.mjs';

/** §2: binned and categorical distances and tests; §9: Evidently's tests; §10: NannyML's univariate distances. */
export const distances = {
  categorical_tests: (stats, { ref_counts, cur_counts }) => {
    const chi2 = stats.chiSquareTwoSample(ref_counts, cur_counts);
    const g = stats.gTest(ref_counts, cur_counts);
    const answer = {
      chi2: chi2.statistic,
      dof: chi2.df,
      chi2_pvalue: chi2.pValue,
      g: g.statistic,
      g_pvalue: g.pValue,
      cramers_v: chi2.cramersV,
    };
    if (chi2.df !== 1) return answer;
    const yates = stats.chiSquareYates(ref_counts, cur_counts);
    const [first, second] = ref_counts.flatMap((count, k) =>
      count + cur_counts[k] > 0 ? [[count, cur_counts[k]]] : [],
    );
    const fisher = stats.fisherExact(first[0], second[0], first[1], second[1]);
    return { ...answer, chi2_yates: yates.statistic, chi2_yates_pvalue: yates.pValue, fisher_p: fisher };
  },
  categorical_distances: (stats, { ref_counts: ref, cur_counts: cur, epsilon }) => ({
    js_distance_base2: stats.jensenShannonDistance(ref, cur),
    hellinger: stats.hellinger(ref, cur),
    tvd: stats.totalVariation(ref, cur),
    linf: stats.chebyshevDistance(ref, cur),
    psi_eps: stats.populationStabilityIndex(ref, cur, epsilon),
  }),
  psi_quantile10: (stats, { a, b, epsilon }) => {
    const { edges, reference, current } = stats.quantileBinned(a, b);
    return {
      edges,
      ref: shares(reference),
      cur: shares(current),
      psi: stats.populationStabilityIndex(reference, current, epsilon),
      hellinger: stats.hellinger(reference, current),
    };
  },
  evidently_stattest_categorical: evidentlyCategorical,
  evidently_stattest_numerical: evidentlyNumeric,
  nannyml_univariate: nannymlUnivariate,
};

function shares(counts) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map(count => count / total);
}
