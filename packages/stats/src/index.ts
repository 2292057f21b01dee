export {
  type IsolationForest,
  type IsolationForestOptions,
  isolationForest,
} from './anomaly/isolation-forest.js';
export { betaBestArm, type BestArm } from './bandits/beta-best-arm.js';
export { ucb1Index } from './bandits/ucb1.js';
export { type IsotonicFit, isotonicFit, isotonicValues } from './calibration/isotonic.js';
export {
  type CalibrationLine,
  calibrationLine,
  type LogisticLine,
  logisticLine,
  type PlattFit,
  plattFit,
  plattValues,
} from './calibration/logistic-line.js';
export {
  type LogisticShift,
  type LogisticShiftOptions,
  logisticShift,
} from './calibration/logistic-shift.js';
export { type MeanShift, meanShift } from './calibration/mean-shift.js';
export {
  type ReliabilityOptions,
  type ReliabilityPoint,
  reliabilityCurve,
} from './calibration/reliability-curve.js';
export { type BinaryConfusion, binaryConfusion, thresholded } from './classification/binary-confusion.js';
export {
  balancedAccuracy,
  binaryRate,
  cohenKappa,
  f1Score,
  isRate,
  matthewsCorrelation,
  RATE_NAMES,
  rateCounts,
  type RateName,
} from './classification/binary-rates.js';
export { type Influence, multiclassAuc } from './classification/multiclass-auc.js';
export {
  type ConfusionMatrix,
  confusionMatrix,
  multiclassAccuracy,
  multiclassBalancedAccuracy,
  multiclassF1,
  multiclassKappa,
  multiclassMatthews,
} from './classification/multiclass.js';
export {
  averagePrecision,
  ksSeparation,
  precisionRecallAuc,
  type RankingCurve,
  rankingCurve,
} from './classification/ranking.js';
export type { Counts } from './common/counts.js';
export { mean, type Moments, moments } from './common/moments.js';
export { type AnySample, type Sample, type SortedSample, sortSample } from './common/samples.js';
export { fisherCombined, stoufferCombined } from './corrections/combine.js';
export { benjaminiHochberg, benjaminiYekutieli, bonferroni, holm } from './corrections/p-adjust.js';
export { weightedHolm } from './corrections/weighted-holm.js';
export {
  chebyshevDistance,
  hellinger,
  jensenShannonDistance,
  kullbackLeibler,
  populationStabilityIndex,
  totalVariation,
} from './distances/categorical.js';
export { standardizedMeanShift } from './distances/mean-shift.js';
export { type QuantileBinned, quantileBinned } from './distances/quantile-binned.js';
export { energyDistance, wassersteinDistance } from './distances/wasserstein.js';
export { categoricalDrift } from './drift/categorical-drift.js';
export type { DriftAspect, DriftOptions, DriftResult, DriftSummary } from './drift/drift-result.js';
export { groupDrift, numericDrift, type NumericDriftOptions } from './drift/numeric-drift.js';
export { groupQuantile, type TieGroups, tieGroups } from './drift/tie-groups.js';
export { type ColumnFigure, columnFigure, partitionDivergence } from './expectations/column-figures.js';
export {
  type Bounds,
  type Cell,
  type Columns,
  holdsMostly,
  type RowTest,
  type RowTestResult,
  testRows,
  within,
} from './expectations/row-tests.js';
export {
  abBayesian,
  type AbTestResult,
  abSequential,
  abTest,
  type BayesianAbResult,
  type NormalPrior,
} from './experiments/ab-tests.js';
export { meanArm, type MeanSums, proportionArm, ratioArm, type RatioSums } from './experiments/arm.js';
export { cupedFromSums, type CupedSums } from './experiments/cuped-sums.js';
export { cuped, type Cuped, type CupedArm } from './experiments/cuped.js';
export {
  detectableMeanDifference,
  type DetectableOptions,
  detectablePairedDifference,
  detectableProportionDifference,
} from './experiments/detectable-effect.js';
export { type DurationOptions, experimentDuration } from './experiments/duration.js';
export { type Effect, type EffectProblem, type EffectScale, experimentEffect } from './experiments/effect.js';
export { type RelativeLift, relativeLift } from './experiments/lift.js';
export { noncentralTSf } from './experiments/noncentral-t.js';
export { pairedMeanPower, type PowerOptions, twoMeanPower, twoProportionPower } from './experiments/power.js';
export { ratioMetric } from './experiments/ratio-metric.js';
export { sampleRatioMismatch, type SampleRatioResult } from './experiments/sample-ratio.js';
export {
  pairedMeanSize,
  type PlanOptions,
  type SampleSize,
  twoMeanSize,
  twoProportionSize,
} from './experiments/sample-size.js';
export { type TwoProportionResult, twoProportionZ } from './experiments/two-proportions.js';
export { differentialFairness } from './fairness/differential-fairness.js';
export {
  differenceVerdict,
  type Disparity,
  type DisparityOptions,
  disparity,
  type GroupFigure,
  ratioVerdict,
  type Verdict,
} from './fairness/disparity.js';
export { betweenGroupEntropyIndex, generalizedEntropyIndex, theilIndex } from './fairness/entropy-index.js';
export {
  type FairnessOptions,
  fairnessReport,
  type GroupToRest,
  type MetricDisparity,
} from './fairness/fairness-report.js';
export { type GroupCodes, groupCodes, intersectGroups } from './fairness/group-codes.js';
export { type GroupConfusions, groupConfusions } from './fairness/group-confusions.js';
export { type GroupFairness, type GroupFairnessOptions, groupFairness } from './fairness/group-fairness.js';
export {
  demographicParity,
  type EqualizedOdds,
  equalizedOdds,
  equalOpportunity,
  type GroupSpread,
  groupSpread,
  rateSpread,
} from './fairness/group-spread.js';
export { clopperPearson } from './intervals/clopper-pearson.js';
export { hoeffdingRadius } from './intervals/hoeffding.js';
export { jeffreys } from './intervals/jeffreys.js';
export { type MeanInterval, meanInterval } from './intervals/mean-interval.js';
export { medianInterval } from './intervals/median-interval.js';
export { type Estimated, moverDifference, moverRatio, moverSum } from './intervals/mover.js';
export { miettinenNurminen, newcombeDifference, scoreDifference } from './intervals/proportion-difference.js';
export { wilsonCorrected } from './intervals/wilson-corrected.js';
export { wilson } from './intervals/wilson.js';
export { type CbpeEstimates, type CbpeOptions, cbpe, type LabelFreeEstimate } from './label-free/cbpe.js';
export {
  checkEstimates,
  type EstimateCheck,
  type EstimateVerdict,
  FEWEST_WINDOWS,
  type RealisedWindow,
} from './label-free/estimate-check.js';
export {
  type DirectLossOptions,
  directLossEstimate,
  type LossModel,
  type LossModelOptions,
  lossModelFit,
  lossModelValues,
} from './label-free/loss-model.js';
export { type SamplingErrors, samplingErrors } from './label-free/sampling-error.js';
export {
  type ConfusionMetric,
  confusionInterval,
  confusionMetric,
} from './metric-table/confusion-interval.js';
export {
  type BinaryMetric,
  type IntervalMethod,
  type IntervalOptions,
  type MetricDefinition,
  metricDefinition,
  type MetricInterval,
  metricNames,
  METRICS,
  type MetricTask,
  type MulticlassMetric,
  type RegressionMetric,
} from './metric-table/definitions.js';
export { type GroupOrder, groupOrder } from './metric-table/group-order.js';
export type { BinaryData, MetricData, MulticlassData, RegressionData } from './metric-table/metric-data.js';
export { metricInterval, metricValue } from './metric-table/metric-interval.js';
export { type GroupMetrics, metricsByGroup } from './metric-table/metrics-by-group.js';
export { type BinaryReport, binaryReport } from './metrics/binary-report.js';
export {
  type CalibrationBin,
  calibrationBins,
  expectedCalibrationError,
  maximumCalibrationError,
} from './metrics/calibration-error.js';
export { type ClassReport, classReport, likeliest } from './metrics/class-report.js';
export { kendallTauB, midRanks, pearson, spearman } from './metrics/correlation.js';
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
export {
  explainedVariance,
  mape,
  maxError,
  medianAbsoluteError,
  mse,
  msle,
  pinballLoss,
} from './metrics/regression-errors.js';
export { bias, mae, r2, type RegressionReport, regressionReport, rmse } from './metrics/regression.js';
export { rocAuc } from './metrics/roc-auc.js';
export {
  classifierTwoSample,
  type ClassifierTwoSampleOptions,
  type ClassifierTwoSampleResult,
  type ColumnContribution,
} from './multivariate/classifier-two-sample.js';
export type { ColumnData, SampleColumns } from './multivariate/column-features.js';
export { type MmdOptions, type MmdResult, mmdTest, type Rows } from './multivariate/mmd.js';
export {
  type LossComparison,
  type LossComparisonOptions,
  pairedLossTest,
  type SignFlipResult,
  signFlipTest,
} from './paired/loss-difference.js';
export { type McNemarResult, mcnemarTest } from './paired/mcnemar.js';
export { type MetricDifference, metricDifference } from './paired/metric-difference.js';
export { type BinRule, histogramEdges } from './profiles/histogram-edges.js';
export { equalWidthEdges, type FullHistogram, type Histogram, histogram } from './profiles/histogram.js';
export { type CategoricalProfile, profileCategorical } from './profiles/profile-categorical.js';
export { type NumericProfile, PROFILE_LEVELS, profileNumeric } from './profiles/profile-numeric.js';
export { quantile } from './profiles/quantile.js';
export { type Shape, shapeOf } from './profiles/shape.js';
export { type ColumnValue, type Uniqueness, uniqueness } from './profiles/uniqueness.js';
export {
  type BootstrapInterval,
  type BootstrapOptions,
  cellBootstrap,
  poissonBootstrap,
} from './resampling/poisson-bootstrap.js';
export { type AsymptoticOptions, type AsymptoticState, asymptoticCS } from './sequential/asymptotic-cs.js';
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
  alwaysValidP,
  eBenjaminiHochberg,
  eToP,
  mergeByAverage,
  mergeByProduct,
  pToE,
} from './sequential/e-values.js';
export {
  type EmpiricalBernsteinOptions,
  type EmpiricalBernsteinState,
  empiricalBernsteinCS,
} from './sequential/empirical-bernstein-cs.js';
export {
  type BoundsOptions,
  type GroupSequentialBounds,
  type Looks,
  obrienFlemingBounds,
  pocockBounds,
  spendingBounds,
  wangTsiatisBounds,
} from './sequential/group/bounds.js';
export {
  type Crossing,
  crossingProbabilities,
  type GroupSequentialDesign,
} from './sequential/group/crossing.js';
export { alwaysValidInflation, groupSequentialInflation } from './sequential/group/inflation.js';
export {
  hwangShihDeCaniSpending,
  obrienFlemingSpending,
  pocockSpending,
  powerSpending,
  type SpendingFunction,
} from './sequential/group/spending.js';
export { type Msprt, msprtNormal, type MsprtOptions, type MsprtState } from './sequential/msprt-normal.js';
export {
  type NormalMixtureOptions,
  type NormalMixtureState,
  normalMixtureCS,
} from './sequential/normal-mixture-cs.js';
export { quantileCS, type QuantileSequence, type QuantileSequenceOptions } from './sequential/quantile-cs.js';
export {
  type RatePeriod,
  type RateRatioEProcess,
  rateRatioEProcess,
  type RateRatioOptions,
  type RateRatioState,
} from './sequential/rate-ratio-e-process.js';
export {
  type RestartedOptions,
  type RestartedState,
  restartedBetting,
} from './sequential/restarted-betting.js';
export type { RunningMoments } from './sequential/running-moments.js';
export {
  type SymmetricEProcess,
  type SymmetricOptions,
  type SymmetricState,
  symmetricBetting,
} from './sequential/symmetric-betting.js';
export {
  type CategoricalColumnOptions,
  CategoricalColumnSketch,
  type CategoricalColumnSketchJson,
  type CategoricalColumnSummary,
} from './sketches/categorical-column-sketch.js';
export { type ColumnSketch, columnSketchFromJson, type ColumnSketchJson } from './sketches/column-sketch.js';
export {
  DistinctSketch,
  type DistinctSketchJson,
  type DistinctSketchOptions,
} from './sketches/distinct-sketch.js';
export {
  type HeavyHitter,
  HeavyHitters,
  type HeavyHittersJson,
  type HeavyHittersOptions,
} from './sketches/heavy-hitters.js';
export { mergeMoments, MomentSketch, type MomentSketchJson } from './sketches/moment-sketch.js';
export {
  type NumericColumnOptions,
  NumericColumnSketch,
  type NumericColumnSketchJson,
  type NumericColumnSummary,
} from './sketches/numeric-column-sketch.js';
export {
  QuantileSketch,
  type QuantileSketchJson,
  type QuantileSketchOptions,
} from './sketches/quantile-sketch.js';
export {
  type ColumnValues,
  type NamedColumn,
  TableSketch,
  type TableSketchJson,
  type TableSketchOptions,
} from './sketches/table-sketch.js';
export type { Predicate } from './slices/candidates.js';
export { type QuantileCodes, quantileCodes } from './slices/quantile-codes.js';
export { type ResamplingBound, resamplingBound } from './slices/resampling-bound.js';
export { type Slice, type SliceOptions, type SliceSearch, worstSlices } from './slices/worst-slices.js';
export { betaCdf, betaQuantile, betaSf } from './special/beta.js';
export { chiSquareSf } from './special/chi-square.js';
export { cramerVonMisesCdf, cramerVonMisesSf } from './special/cramer-von-mises.js';
export { logGamma } from './special/gamma.js';
export { hypergeometricSf } from './special/hypergeometric.js';
export { kolmogorovFiniteSf } from './special/kolmogorov/kolmogorov-exact.js';
export { kolmogorovQuantile, kolmogorovSf } from './special/kolmogorov/kolmogorov.js';
export { noncentralChiSquareSf, shiftedTwoSidedSf } from './special/noncentral.js';
export { normalCdf, normalQuantile, normalSf } from './special/normal.js';
export { studentTQuantile, studentTSf } from './special/student-t.js';
export { adwin, type AdwinOptions } from './streams/adwin.js';
export { bernoulliGlr, type BernoulliGlrOptions } from './streams/bernoulli-glr.js';
export { conformalDetector, type ConformalOptions } from './streams/conformal-detector.js';
export { ddm, type DdmOptions } from './streams/ddm.js';
export { eddm, type EddmOptions } from './streams/eddm.js';
export { fhddm, type FhddmOptions } from './streams/fhddm.js';
export { hddmA, type HddmOptions, hddmW, type HddmWOptions } from './streams/hddm.js';
export { pageHinkley, type PageHinkleyOptions } from './streams/page-hinkley.js';
export type { DetectorState, StreamDetector } from './streams/stream-detector.js';
export {
  type TogetherAlarm,
  type TogetherState,
  type TogetherWatch,
  watchTogether,
} from './streams/watch-together.js';
export { type AndersonDarlingResult, andersonDarling } from './two-sample/anderson-darling.js';
export { type ChiSquareResult, chiSquareTwoSample } from './two-sample/chi-square.js';
export {
  type CramerVonMisesMethod,
  type CramerVonMisesResult,
  cramerVonMises,
} from './two-sample/cramer-von-mises.js';
export { type EppsSingletonResult, eppsSingleton } from './two-sample/epps-singleton.js';
export { fisherExact } from './two-sample/fisher-exact.js';
export { chiSquareYates, gTest, type TableTest } from './two-sample/g-test.js';
export { type KolmogorovSmirnovResult, kolmogorovSmirnov } from './two-sample/kolmogorov-smirnov.js';
export type { KsMethod } from './two-sample/ks-p-value.js';
export {
  type MannWhitneyMethod,
  type MannWhitneyResult,
  mannWhitney,
  type RankAlternative,
} from './two-sample/mann-whitney.js';
export { studentT } from './two-sample/student-t.js';
export { type WelchResult, welchT } from './two-sample/welch.js';
