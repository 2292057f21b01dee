/** The limiting tail as scipy rounds it: 1 − F, the series for F cut at 1e-7. */
export function scipyTail(stats, x) {
  return x < 0.003 ? 1 : Math.max(0, 1 - stats.cramerVonMisesCdf(x, 1e-7));
}

/** §1: two-sample tests; §3: multiple testing; multivariate two-sample tests. */
export const comparison = {
  ks_2samp: (stats, { a, b }) => ({
    statistic: stats.kolmogorovSmirnov(a, b).statistic,
    pvalue_exact: stats.kolmogorovSmirnov(a, b, 'exact').pValue,
    pvalue_asymp: stats.kolmogorovSmirnov(a, b, 'asymptotic').pValue,
  }),
  wasserstein_1d: (stats, { a, b }) => ({ value: stats.wassersteinDistance(a, b) }),
  energy_distance: (stats, { a, b }) => ({ value: stats.energyDistance(a, b) }),
  mann_whitney_u: (stats, { a, b }) => {
    const asymptotic = stats.mannWhitney(a, b, 'asymptotic');
    const answer = { U: asymptotic.statistic, pvalue_asymptotic: asymptotic.pValue };
    // The exact distribution exists without ties only.
    const tied = stats.uniqueness([...a, ...b]).uniqueness < 1;
    return tied ? answer : { ...answer, pvalue_exact: stats.mannWhitney(a, b, 'exact').pValue };
  },
  cramer_von_mises_2samp: (stats, { a, b }) => {
    const { statistic, standardized } = stats.cramerVonMises(a, b, 'asymptotic');
    return { statistic, pvalue_asymptotic: scipyTail(stats, standardized) };
  },
  anderson_darling_ksamp: (stats, { a, b }) => {
    const { statistic, criticalValues, pValue } = stats.andersonDarling([a, b]);
    return { statistic_midrank: statistic, critical_values: criticalValues, pvalue_clipped: pValue };
  },
  nan_empty_contract: (stats, { a, b }) => ({
    after_dropping_nan: stats.kolmogorovSmirnov(a, b).statistic,
  }),
  welch_t: (stats, { a, b }) => {
    const { statistic, df, pValue } = stats.welchT(a, b);
    return { t: statistic, df, pvalue: pValue };
  },
  p_adjust: (stats, { p }) => ({
    bh: stats.benjaminiHochberg(p),
    by: stats.benjaminiYekutieli(p),
    bonferroni: stats.bonferroni(p),
    holm: stats.holm(p),
    fisher_combined: stats.fisherCombined(p),
    stouffer_combined: stats.stoufferCombined(p),
  }),
  mmd2_unbiased_rbf_permutation: (stats, { x, y, gamma, permutations }) => {
    const { statistic, pValue, medianSquaredDistance, permuted } = stats.mmdTest(x, y, {
      gamma,
      orders: permutations,
    });
    const total = permuted.length;
    return {
      median_sq_distance: medianSquaredDistance,
      mmd2: statistic,
      perm_stats_first5: permuted.slice(0, 5),
      // Without the observed sample among the permutations.
      pvalue_ge: (pValue * (1 + total) - 1) / total,
    };
  },
};
