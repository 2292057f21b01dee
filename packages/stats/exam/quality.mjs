/** §4: profiles; §5: model quality. */
export const quality = {
  numeric_profile: (stats, { x }) => {
    const { count, missing, min, max, mean, std, quantiles } = stats.profileNumeric(x);
    const shape = stats.shapeOf(x);
    const levels = quantiles.length > 0 ? quantiles : stats.PROFILE_LEVELS.map(level => [level, Number.NaN]);
    return {
      count,
      missing,
      completeness: (count - missing) / count,
      min,
      max,
      mean,
      std_sample: std,
      std_pop: shape.deviation,
      skew_biased: shape.skewness,
      kurtosis_excess_biased: shape.excessKurtosis,
      q: Object.fromEntries(levels.map(([level, value]) => [String(level), value])),
    };
  },
  column_uniqueness: (stats, { x }) => {
    const { completeness, distinct, distinctness, uniqueness, uniqueValueRatio, entropy } =
      stats.uniqueness(x);
    return {
      completeness,
      distinct,
      distinctness,
      uniqueness,
      unique_value_ratio: uniqueValueRatio,
      entropy_nats: entropy,
    };
  },
  binary_classification: (stats, { y, score, threshold }) => {
    const confusion = stats.binaryConfusion(y, stats.thresholded(score, threshold));
    const { tp, fp, tn, fn } = confusion;
    return {
      roc_auc: stats.rocAuc(y, score),
      average_precision: stats.averagePrecision(y, score),
      pr_auc_trapezoid: stats.precisionRecallAuc(y, score),
      ks_separation: stats.ksSeparation(y, score),
      log_loss: stats.logLoss(y, score, 2 ** -52),
      brier: stats.brierScore(y, score),
      accuracy: stats.accuracy(y, score, threshold),
      balanced_accuracy: stats.balancedAccuracy(confusion),
      precision: orZero(stats.binaryRate('precision', confusion)),
      recall: orZero(stats.binaryRate('recall', confusion)),
      f1: orZero(stats.f1Score(confusion)),
      mcc: orZero(stats.matthewsCorrelation(confusion)),
      cohen_kappa: stats.cohenKappa(confusion),
      confusion: [
        [tn, fp],
        [fn, tp],
      ],
      ece10: stats.expectedCalibrationError(y, score, 10),
      ece15: stats.expectedCalibrationError(y, score, 15),
      mce10: stats.maximumCalibrationError(y, score, 10),
      mce15: stats.maximumCalibrationError(y, score, 15),
    };
  },
  multiclass_classification: (stats, { y, proba }) => {
    const classes = proba[0]?.length ?? 0;
    const probabilities = Float64Array.from(proba.flat());
    const report = stats.classReport(y, probabilities, classes);
    const matrix = { classes, counts: Float64Array.from(report.confusion.flatMap(row => [...row])) };
    return {
      log_loss: report.log_loss,
      accuracy: report.accuracy,
      micro_f1: report.accuracy,
      macro_f1: report.macro_f1,
      weighted_f1: stats.multiclassF1(matrix, 'weighted'),
      mcc: orZero(stats.multiclassMatthews(matrix)),
      roc_auc_ovr_macro: stats.multiclassAuc(y, probabilities, classes, 'ovr').value,
      roc_auc_ovo_macro: stats.multiclassAuc(y, probabilities, classes, 'ovo').value,
      confusion: report.confusion,
    };
  },
  regression: (stats, { y, pred }) => {
    const { rmse, mae, r2, bias } = stats.regressionReport(y, pred);
    return {
      rmse,
      mae,
      r2,
      bias,
      mse: stats.mse(y, pred),
      mape: stats.mape(y, pred),
      medae: stats.medianAbsoluteError(y, pred),
      max_error: stats.maxError(y, pred),
      explained_variance: stats.explainedVariance(y, pred),
      msle: stats.msle(y, pred),
      pinball09: stats.pinballLoss(y, pred, 0.9),
      pearson: stats.pearson(y, pred),
      spearman: stats.spearman(y, pred),
      kendall_b: stats.kendallTauB(y, pred),
    };
  },
};

/** scikit-learn's answer to 0/0. */
const orZero = value => (Number.isNaN(value) ? 0 : value);
