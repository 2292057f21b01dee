/** 0-based indices of the values that raise the alarm, how many others warn, and the first of those. */
function watch(detector, values) {
  const drifts = [];
  const warnings = [];
  values.forEach((value, index) => {
    if (detector.update(value)) drifts.push(index);
    else if (detector.warning) warnings.push(index);
  });
  return { drifts, n_warnings: warnings.length, first_warning: warnings[0] ?? null };
}

/** §11: stream detectors with river's defaults. */
export const streams = {
  stream_detectors_numeric: (stats, { x }) => ({
    adwin_default: watch(stats.adwin(), x).drifts,
    adwin_delta_0_05: watch(stats.adwin({ delta: 0.05 }), x).drifts,
    page_hinkley_default: watch(stats.pageHinkley(), x).drifts,
    page_hinkley_up_t20: watch(stats.pageHinkley({ threshold: 20, direction: 'up' }), x).drifts,
  }),
  stream_detectors_binary: (stats, { x }) => {
    const bits = Array.from(x, Number);
    return {
      ddm: watch(stats.ddm(), bits),
      eddm: watch(stats.eddm(), bits),
      hddm_a: watch(stats.hddmA(), bits),
      hddm_w: watch(stats.hddmW(), bits),
      fhddm: watch(stats.fhddm(), bits),
      adwin: watch(stats.adwin(), bits).drifts,
      page_hinkley: watch(stats.pageHinkley(), bits).drifts,
    };
  },
};
