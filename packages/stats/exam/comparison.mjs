/** §1: two-sample tests; §3: multiple testing; multivariate two-sample tests. */
export const comparison = {
  ks_2samp: (stats, { a, b }) => ({
    statistic: stats.kolmogorovSmirnov(a, b).statistic,
    pvalue_exact: stats.kolmogorovSmirnov(a, b, 'exact').pValue,
    pvalue_asymp: stats.kolmogorovSmirnov(a, b, 'asymptotic').pValue,
  }),
  wasserstein_1d: (stats, { a, b }) => ({ value: stats.wassersteinDistance(a, b) }),
  mann_whitney_u: (stats, { a, b }) => {
    const asymptotic = stats.mannWhitney(a, b, 'asymptotic');
    return {
      U: asymptotic.statistic,
      pvalue_asymptotic: asymptotic.pValue,
      pvalue_exact: stats.mannWhitney(a, b, 'exact').pValue,
    };
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
  }),
};
