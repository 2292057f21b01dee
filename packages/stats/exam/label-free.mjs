/** NannyML's names of the metrics that it estimates. */
const NAMES = {
  roc_auc: 'auc',
  f1: 'f1',
  accuracy: 'accuracy',
  precision: 'precision',
  recall: 'recall',
  specificity: 'specificity',
};

const chunksOf = (length, size) =>
  Array.from({ length: Math.ceil(length / size) }, (_, k) => [k * size, Math.min(length, (k + 1) * size)]);

/** The realised metrics of each chunk. */
function realised(stats, name, { y, score }, size, threshold) {
  return chunksOf(y.length, size).map(([from, to]) =>
    stats.metricValue(NAMES[name], {
      task: 'binary',
      labels: y.slice(from, to),
      scores: score.slice(from, to),
      threshold,
    }),
  );
}

/** NannyML's thresholds: mean ± 3 standard deviations (ddof 0) over the reference's chunks. */
function thresholds(values) {
  const known = values.filter(value => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const deviation = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
  return { lower: mean - 3 * deviation, upper: mean + 3 * deviation };
}

/** §10: performance estimated without labels, as NannyML answers. */
export const labelFree = {
  cbpe_functions: (stats, { calibrated_proba, model_proba, y_pred }) => {
    const found = stats.cbpe(calibrated_proba, model_proba, y_pred);
    const { tp, fp, tn, fn } = found.confusion;
    return {
      ...Object.fromEntries(
        Object.entries(NAMES).map(([name, ours]) => [`estimate_${name}`, { value: found[ours].value }]),
      ),
      estimate_ap: { value: found.average_precision.value },
      formula_expected_accuracy: found.accuracy.value,
      formula_expected_tp_fp_tn_fn: [tp, fp, tn, fn],
    };
  },
  cbpe_end_to_end: (stats, { ref, analysis, chunk_size: size, threshold, calibrate = true }) => {
    const calibrated = calibrate
      ? stats.isotonicValues(stats.isotonicFit(ref.score, ref.y), analysis.score)
      : Float64Array.from(analysis.score);
    const predicted = stats.thresholded(analysis.score, threshold);
    const chunks = chunksOf(analysis.score.length, size);
    const estimates = chunks.map(([from, to]) =>
      stats.cbpe(calibrated.slice(from, to), analysis.score.slice(from, to), predicted.slice(from, to)),
    );
    const errors = stats.samplingErrors(ref.y, ref.score, stats.thresholded(ref.score, threshold), size);
    const each = of => Object.fromEntries(Object.keys(NAMES).map(name => [name, of(name)]));
    return {
      nannyml: each(name => {
        const { lower, upper } = thresholds(realised(stats, name, ref, size, threshold));
        return {
          value: estimates.map(estimate => estimate[NAMES[name]].value),
          sampling_error: chunks.map(() => errors[NAMES[name]]),
          upper_threshold: chunks.map(() => upper),
          lower_threshold: chunks.map(() => lower),
        };
      }),
      realized:
        analysis.y_hidden === undefined
          ? undefined
          : each(name =>
              realised(stats, name, { y: analysis.y_hidden, score: analysis.score }, size, threshold),
            ),
    };
  },
};
