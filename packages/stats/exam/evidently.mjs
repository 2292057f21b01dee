import { scipyTail } from './comparison.mjs';

/** §9: Evidently's drift tests. Each answers `{score, drift, threshold}`; one that is undefined is left out. */
const P_VALUE_THRESHOLDS = { chisquare: 0.05, z: 0.05, es: 0.05, ks: 0.05, mannw: 0.05, t_test: 0.05 };
const DISTANCES = ['psi', 'kl_div', 'jensenshannon', 'hellinger', 'wasserstein'];

function judged(scores) {
  const answer = {};
  for (const [name, score] of Object.entries(scores)) {
    if (score === undefined) continue;
    const threshold = P_VALUE_THRESHOLDS[name] ?? 0.1;
    const drift = DISTANCES.includes(name)
      ? score >= threshold
      : name === 'ed'
        ? score > threshold
        : name === 'ks' || name === 'cramer_von_mises'
          ? score <= threshold
          : score < threshold;
    answer[name] = { score, drift, threshold };
  }
  return answer;
}

export function evidentlyCategorical(stats, { ref, cur }) {
  const levels = [...new Set([...ref, ...cur])].sort(ascending);
  const counts = [ref, cur].map(rows => levels.map(level => rows.filter(row => row === level).length));
  const [r, c] = counts;
  const sameSize = ref.length === cur.length;
  return judged({
    ...binnedDistances(stats, r, c),
    hellinger: hellinger(shares(r), shares(c)),
    chisquare: goodnessOfFit(stats, r, c, (o, e) => (o - e) ** 2 / e),
    z: pooledZ(stats, r, c),
    g_test: sameSize
      ? goodnessOfFit(stats, r, c, (o, e) => (o === 0 ? 0 : 2 * o * Math.log(o / e)))
      : undefined,
    fisher_exact:
      sameSize && levels.length <= 2 ? stats.fisherExact(c[0], c[1] ?? 0, r[0], r[1] ?? 0) : undefined,
  });
}

export function evidentlyNumeric(stats, { ref, cur }) {
  const [a, b] = [ref, cur].map(stats.sortSample);
  const pool = [...ref, ...cur];
  const distinct = [...new Set(pool)].sort(ascending);
  const counts =
    new Set(ref).size > 20
      ? overEdges(stats, stats.histogramEdges(pool, 'sturges'), ref, cur)
      : [ref, cur].map(rows => distinct.map(level => rows.filter(row => row === level).length));
  const edges = stats.histogramEdges(distinct, 'sturges');
  const es = stats.eppsSingleton(ref, cur).pValue;
  const anderson = stats.andersonDarling([a, b]).pValue;
  return judged({
    ...binnedDistances(stats, ...counts),
    hellinger: hellinger(...overEdges(stats, edges, ref, cur).map(counts => densities(counts, edges)), edges),
    ks: stats.kolmogorovSmirnov(a, b, Math.max(ref.length, cur.length) <= 10_000 ? 'exact' : 'asymptotic')
      .pValue,
    mannw: stats.mannWhitney(a, b, 'auto', 'less').pValue,
    t_test: stats.studentT(ref, cur).pValue,
    anderson: Number.isNaN(anderson) ? undefined : anderson,
    cramer_von_mises: cramerVonMises(stats, a, b),
    // An interquartile range of 0 is an error there.
    es: Number.isNaN(es) ? undefined : es,
    ed: stats.energyDistance(a, b),
    wasserstein: stats.wassersteinDistance(a, b) / Math.max(stats.shapeOf(ref).deviation, 0.001),
  });
}

/** Fewer than two values a side are an error there. */
function cramerVonMises(stats, a, b) {
  const { n, m, standardized, pValue } = stats.cramerVonMises(a, b);
  if (Math.min(n, m) < 2) return undefined;
  return Math.max(n, m) > 20 ? scipyTail(stats, standardized) : pValue;
}

function ascending(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function overEdges(stats, edges, ref, cur) {
  return [ref, cur].map(rows => stats.histogram(rows, edges).counts);
}

function shares(counts) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map(count => count / total);
}

/** A share of 0 becomes 1e-4, or a millionth of the smallest share where that is not above 1e-4. */
function filled(counts) {
  const all = shares(counts);
  const smallest = Math.min(...all.filter(share => share > 0));
  const low = smallest <= 1e-4 ? smallest / 1e6 : 1e-4;
  return all.map(share => (share === 0 ? low : share));
}

function binnedDistances(stats, ref, cur) {
  const r = filled(ref);
  const c = filled(cur);
  return {
    psi: r.reduce((sum, share, k) => sum + (share - c[k]) * Math.log(share / c[k]), 0),
    kl_div: stats.kullbackLeibler(r, c),
    // Natural logarithm.
    jensenshannon: stats.jensenShannonDistance(ref, cur) * Math.sqrt(Math.LN2),
  };
}

/** As numpy rounds them: beside 1 − Σ√(rc) the last bit is seen. */
function densities(counts, edges) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count, k) => count / (edges[k + 1] - edges[k]) / total);
}

function hellinger(r, c, edges = [0, r.length]) {
  const width = (edges[edges.length - 1] - edges[0]) / r.length;
  const affinity = r.reduce((sum, share, k) => sum + Math.sqrt(share * c[k]) * width, 0);
  return Math.sqrt(1 - Math.min(1, affinity));
}

/** The reference taken for certain: current counts against reference counts scaled to their number. */
function goodnessOfFit(stats, ref, cur, term) {
  const [n, m] = [ref, cur].map(counts => counts.reduce((sum, count) => sum + count, 0));
  const statistic = ref.reduce((sum, count, k) => sum + term(cur[k], count * (m / n)), 0);
  return stats.chiSquareSf(statistic, ref.length - 1);
}

/** Shares of rows that are not of the first level. */
function pooledZ(stats, ref, cur) {
  if (ref.length === 1) return 1;
  const [n, m] = [ref, cur].map(counts => counts.reduce((sum, count) => sum + count, 0));
  const [p, q] = [1 - ref[0] / n, 1 - cur[0] / m];
  const pooled = (p * n + q * m) / (n + m);
  const z = (p - q) / Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return 2 * stats.normalSf(Math.abs(z));
}
