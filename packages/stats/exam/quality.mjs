/** §4: profiles; §5: model quality. */
export const quality = {
  numeric_profile: (stats, { x }) => {
    const profile = stats.profileNumeric(x);
    const { count, missing, min, max, mean, std } = profile;
    return {
      count,
      missing,
      min,
      max,
      mean,
      std_sample: std,
      q: Object.fromEntries(profile.quantiles.map(([level, value]) => [String(level), value])),
    };
  },
  binary_classification: (stats, { y, score, threshold }) => ({
    roc_auc: stats.rocAuc(y, score),
    log_loss: stats.logLoss(y, score, 2 ** -52),
    brier: stats.brierScore(y, score),
    accuracy: stats.accuracy(y, score, threshold),
    ece10: stats.expectedCalibrationError(y, score, 10),
    ece15: stats.expectedCalibrationError(y, score, 15),
  }),
  multiclass_classification: (stats, { y, proba }) => {
    const report = stats.classReport(y, Float64Array.from(proba.flat()), proba[0].length);
    return {
      log_loss: report.log_loss,
      accuracy: report.accuracy,
      micro_f1: report.accuracy,
      macro_f1: report.macro_f1,
      confusion: report.confusion,
    };
  },
  regression: (stats, { y, pred }) => {
    const { rmse, mae, r2, bias } = stats.regressionReport(y, pred);
    return { rmse, mae, r2, bias };
  },
};
