/** §3: proportions, sequential tests, bandits; §8: the A/B engine. */
export const experiments = {
  two_proportion_z: (stats, { x1, n1, x2, n2 }) => {
    const { statistic, pValue } = stats.twoProportionZ(x1, n1, x2, n2);
    return {
      z: statistic,
      pvalue: pValue,
      wilson95_arm1: stats.wilson(x1, n1),
      wilsoncc95_arm1: stats.wilsonCorrected(x1, n1),
      clopper95_arm1: stats.clopperPearson(x1, n1),
      // Exact only for whole counts.
      fisher_p: [x1, n1, x2, n2].every(Number.isInteger)
        ? stats.fisherExact(x1, n1 - x1, x2, n2 - x2)
        : undefined,
    };
  },
  concentration_bounds: (stats, { successes, n, alpha }) => ({
    hoeffding_radius: stats.hoeffdingRadius(n, alpha),
    jeffreys: stats.jeffreys(successes, n, 1 - alpha),
  }),
  sample_ratio_mismatch: (stats, { observed, weights }) => {
    const { statistic, df, pValue } = stats.sampleRatioMismatch(observed, weights);
    return { chi2: statistic, dof: df, pvalue: pValue };
  },
  msprt_normal: (stats, { a, b, sigma2_diff: variance, tau2: mixtureVariance, theta0: nullMean }) => {
    const test = stats.msprtNormal({ variance, mixtureVariance, nullMean });
    const lambda = {};
    const p = {};
    let first = null;
    let state = test.start();
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const difference = b[i] - a[i];
      if (Number.isNaN(difference)) continue;
      state = test.update(state, difference);
      lambda[state.n] = test.eValue(state);
      p[state.n] = test.pValue(state);
      if (first === null && p[state.n] <= 0.05) first = state.n;
    }
    return { lambda_at: lambda, always_valid_p_at: p, first_n_p_le_005: first };
  },
  ucb1_index: (stats, { pulls, reward_sum }) => ({ index: stats.ucb1Index(pulls, reward_sum) }),
  beta_best_arm: (stats, { arms }) => {
    const { probabilities, expectedMax, expectedLosses } = stats.betaBestArm(arms);
    return { p_best: probabilities, expected_max: expectedMax, expected_loss: expectedLosses };
  },
  ab_gbstats: (stats, { metric, a, b }) => {
    const control = arm(stats, metric, a);
    const treatment = arm(stats, metric, b);
    return Object.fromEntries(
      ['relative', 'absolute'].flatMap(scale => {
        const effect = stats.experimentEffect(control, treatment, scale);
        return Object.entries({
          two_sided: frequentist(control, effect, stats.abTest(effect)),
          sequential_5000: frequentist(control, effect, stats.abSequential(effect, 5000)),
          sequential_500: frequentist(control, effect, stats.abSequential(effect, 500)),
          bayes_flat: bayesian(control, effect, stats.abBayesian(effect)),
          'bayes_prior_0.3': bayesian(control, effect, stats.abBayesian(effect, { mean: 0, deviation: 0.3 })),
        }).map(([test, result]) => [`${test}_${scale}`, result]);
      }),
    );
  },
};

function arm(stats, metric, sums) {
  const { n } = sums;
  if (metric === 'proportion') return stats.proportionArm(sums.sum, n);
  if (metric === 'mean') return stats.meanArm({ n, sum: sums.sum, sumSquares: sums.sum_squares });
  return stats.ratioArm({
    n,
    numerator: sums.m_sum,
    numeratorSquares: sums.m_sum_squares,
    denominator: sums.d_sum,
    denominatorSquares: sums.d_sum_squares,
    products: sums.m_d_sum_of_products,
  });
}

// gbstats takes the mean of nothing (no units, or a ratio over zero) for 0.
const hasBaseline = ({ mean }) => Number.isFinite(mean) && mean !== 0;
const NO_BASELINE = 'ZERO_NEGATIVE_BASELINE_VARIATION';
const NO_VARIANCE = 'ZERO_NEGATIVE_VARIANCE';

/** An effect that cannot be judged is answered as "nothing happened", with a message. */
function nothing(error_message, more) {
  return {
    expected: 0,
    ci: [0, 0],
    error_message,
    uplift_mean: 0,
    uplift_stddev: 0,
    uplift_dist: 'normal',
    ...more,
  };
}

function frequentist(control, { problem }, { effect, standardError, interval, pValue }) {
  if (!hasBaseline(control)) return nothing(NO_BASELINE, { p_value: 1 });
  if (problem !== null) return nothing(NO_VARIANCE, { p_value: 1 });
  return {
    expected: effect,
    ci: interval,
    error_message: null,
    p_value: pValue,
    uplift_mean: effect,
    uplift_stddev: standardError,
    uplift_dist: 'normal',
  };
}

function bayesian(control, { scale, problem }, { effect, deviation, interval, chanceToWin, risk }) {
  const undecided = { chance_to_win: 0.5, risk: [0, 0], risk_type: scale };
  if (scale === 'relative' && !hasBaseline(control)) return nothing(NO_BASELINE, undecided);
  if (problem !== null)
    return nothing(problem === 'no-units' ? 'NO_UNITS_IN_VARIATION' : NO_VARIANCE, undecided);
  return {
    expected: effect,
    ci: interval,
    error_message: null,
    chance_to_win: chanceToWin,
    risk,
    risk_type: scale,
    uplift_mean: effect,
    uplift_stddev: deviation,
    uplift_dist: 'normal',
  };
}
