/** §3: proportions, sequential tests, bandits; §8: the A/B engine. */
export const experiments = {
  two_proportion_z: (stats, { x1, n1 }) => ({
    wilson95_arm1: stats.wilson(x1, n1),
    clopper95_arm1: stats.clopperPearson(x1, n1),
  }),
  concentration_bounds: (stats, { successes, n, alpha }) => ({
    jeffreys: [
      stats.betaQuantile(alpha / 2, successes + 0.5, n - successes + 0.5),
      stats.betaQuantile(1 - alpha / 2, successes + 0.5, n - successes + 0.5),
    ],
  }),
};
