/** §2: binned and categorical distances and tests; §9: Evidently's tests; §10: NannyML's univariate distances. */
export const distances = {
  categorical_tests: (stats, { ref_counts, cur_counts }) => {
    const result = stats.chiSquareTwoSample(ref_counts, cur_counts);
    return { chi2: result.statistic, dof: result.df, chi2_pvalue: result.pValue, cramers_v: result.cramersV };
  },
  categorical_distances: (stats, { ref_counts: ref, cur_counts: cur, epsilon }) => ({
    js_distance_base2: stats.jensenShannonDistance(ref, cur),
    hellinger: stats.hellinger(ref, cur),
    tvd: stats.totalVariation(ref, cur),
    psi_eps: stats.populationStabilityIndex(ref, cur, epsilon),
  }),
  psi_quantile10: (stats, { a, b, epsilon }) => {
    const { edges, reference, current } = stats.quantileBinned(a, b);
    return {
      edges,
      ref: reference.map(count => count / a.length),
      cur: current.map(count => count / b.length),
      psi: stats.populationStabilityIndex(reference, current, epsilon),
      hellinger: stats.hellinger(reference, current),
    };
  },
};
