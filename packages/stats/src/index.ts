export {
  type IsolationForest,
  type IsolationForestOptions,
  isolationForest,
} from './anomaly/isolation-forest.js';
export {
  type LogisticShift,
  type LogisticShiftOptions,
  logisticShift,
} from './calibration/logistic-shift.js';
export { type MeanShift, meanShift } from './calibration/mean-shift.js';
export { mean, type Moments, moments } from './common/moments.js';
export type { Counts } from './common/counts.js';
export type { Sample } from './common/samples.js';
export { benjaminiHochberg, benjaminiYekutieli, bonferroni, holm } from './corrections/p-adjust.js';
export {
  hellinger,
  jensenShannonDistance,
  populationStabilityIndex,
  totalVariation,
} from './distances/categorical.js';
export { standardizedMeanShift } from './distances/mean-shift.js';
export { type QuantileBinned, quantileBinned } from './distances/quantile-binned.js';
export { wassersteinDistance } from './distances/wasserstein.js';
export { categoricalDrift } from './drift/categorical-drift.js';
export type { DriftOptions, DriftResult } from './drift/drift-result.js';
export { numericDrift } from './drift/numeric-drift.js';
export { clopperPearson } from './intervals/clopper-pearson.js';
export { type MeanInterval, meanInterval } from './intervals/mean-interval.js';
export { wilson } from './intervals/wilson.js';
export { type ClassReport, classReport, likeliest } from './metrics/class-report.js';
export { type BinaryReport, binaryReport } from './metrics/binary-report.js';
export {
  type CalibrationBin,
  calibrationBins,
  expectedCalibrationError,
} from './metrics/calibration-error.js';
export { type DeLongResult, deLongTest, type RocAucInterval, rocAucInterval } from './metrics/delong.js';
export {
  bestConstant,
  isLoss,
  isScaled,
  LOSS_CLIP,
  LOSS_NAMES,
  type LossName,
  lossesOf,
  lossesOfTask,
  lossFunction,
  lossOfShown,
  lossWords,
  meanLoss,
  shownLoss,
  type ShownLoss,
} from './metrics/losses.js';
export { accuracy, baseRate, brierScore, logLoss, logLossOf } from './metrics/probability-scores.js';
export { bias, mae, r2, type RegressionReport, regressionReport, rmse } from './metrics/regression.js';
export { rocAuc } from './metrics/roc-auc.js';
export { equalWidthEdges, type FullHistogram, type Histogram, histogram } from './profiles/histogram.js';
export { type CategoricalProfile, profileCategorical } from './profiles/profile-categorical.js';
export { type NumericProfile, PROFILE_LEVELS, profileNumeric } from './profiles/profile-numeric.js';
export { quantile } from './profiles/quantile.js';
export { type AsymptoticOptions, type AsymptoticState, asymptoticCS } from './sequential/asymptotic-cs.js';
export type { RunningMoments } from './sequential/running-moments.js';
export {
  type Alternative,
  type BettingOptions,
  type BettingState,
  bettingEProcess,
  type EProcess,
} from './sequential/betting-e-process.js';
export {
  type BinomialEProcess,
  type BinomialOptions,
  type BinomialState,
  binomialEProcess,
} from './sequential/binomial-e-process.js';
export type { ConfidenceSequence } from './sequential/confidence-sequence.js';
export {
  type RestartedOptions,
  type RestartedState,
  restartedBetting,
} from './sequential/restarted-betting.js';
export {
  type SymmetricEProcess,
  type SymmetricOptions,
  type SymmetricState,
  symmetricBetting,
} from './sequential/symmetric-betting.js';
export {
  type EmpiricalBernsteinOptions,
  type EmpiricalBernsteinState,
  empiricalBernsteinCS,
} from './sequential/empirical-bernstein-cs.js';
export {
  type NormalMixtureOptions,
  type NormalMixtureState,
  normalMixtureCS,
} from './sequential/normal-mixture-cs.js';
export { betaCdf, betaQuantile, betaSf } from './special/beta.js';
export { chiSquareSf } from './special/chi-square.js';
export { logGamma } from './special/gamma.js';
export { kolmogorovQuantile, kolmogorovSf } from './special/kolmogorov.js';
export { kolmogorovFiniteSf } from './special/kolmogorov-exact.js';
export { normalCdf, normalQuantile, normalSf } from './special/normal.js';
export { studentTQuantile, studentTSf } from './special/student-t.js';
export { type ChiSquareResult, chiSquareTwoSample } from './two-sample/chi-square.js';
export { type KolmogorovSmirnovResult, kolmogorovSmirnov } from './two-sample/kolmogorov-smirnov.js';
export type { KsMethod } from './two-sample/ks-p-value.js';
export { type MannWhitneyMethod, type MannWhitneyResult, mannWhitney } from './two-sample/mann-whitney.js';
export { type WelchResult, welchT } from './two-sample/welch.js';
export { fisherExact } from './two-sample/fisher-exact.js';
