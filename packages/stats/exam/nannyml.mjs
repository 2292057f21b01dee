/** §10: NannyML's univariate distances of each chunk from the whole reference, and its alerts. */
export function nannymlUnivariate(stats, { ref, cur, chunk_size }) {
  const sorted = stats.sortSample(ref);
  const edges = stats.histogramEdges(sorted, 'doane');
  const methods = {
    kolmogorov_smirnov: chunk => stats.kolmogorovSmirnov(sorted, chunk).statistic,
    jensen_shannon: chunk => stats.jensenShannonDistance(...binned(stats, edges, ref, chunk)),
    wasserstein: chunk => stats.wassersteinDistance(sorted, chunk),
    hellinger: chunk => stats.hellinger(...binned(stats, edges, ref, chunk)),
  };
  const answer = {};
  for (const [name, distance] of Object.entries(methods)) {
    const { mean, deviation } = stats.shapeOf(chunks(ref, chunk_size).map(distance));
    const value = chunks(cur, chunk_size).map(distance);
    // NannyML's drift thresholds are open below.
    answer[name] = { value, alert: value.map(each => each > mean + 3 * deviation) };
  }
  return answer;
}

function chunks(rows, size) {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i) =>
    rows.slice(i * size, (i + 1) * size),
  );
}

/** Counts over the edges; what falls outside them is one more bin. */
function binned(stats, edges, ref, chunk) {
  return [ref, chunk].map(rows => {
    const { counts, below, above } = stats.histogram(rows, edges);
    return [...counts, below + above];
  });
}
