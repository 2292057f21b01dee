// What drift-cells.mjs draws from: families of columns, shifts of 0.2 σ, and for each the test of one who knows it.
import { hypergeometricSf, normalQuantile, normalSf, chiSquareTwoSample, welchT } from '@twinloop/stats';

const CELLS = 200;
const DIRECT = 1000;

/** sfc32, seeded by a name. */
export function random(name) {
  let h = 1779033703 ^ name.length;
  for (const letter of name) h = Math.imul(h ^ letter.charCodeAt(0), 3432918353) ^ (h >>> 13);
  let [a, b, c, d] = [h | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1];
  const uniform = () => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return ((t >>> 0) + 0.5) / 4294967296;
  };
  for (let i = 0; i < 20; i++) uniform();
  let spare = NaN;
  const normal = () => {
    if (spare === spare) {
      const kept = spare;
      spare = NaN;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  /** Exact below a mean of 40; above it the rounded normal, whose error is far below what a rank test sees. */
  const binomial = (n, p) => {
    if (n <= 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - binomial(n, 1 - p);
    if (n * p > 40) {
      const drawn = Math.round(n * p + Math.sqrt(n * p * (1 - p)) * normal());
      return Math.min(n, Math.max(0, drawn));
    }
    let left = uniform();
    let term = (1 - p) ** n;
    let k = 0;
    while (left > term && k < n) {
      left -= term;
      k++;
      term *= ((n - k + 1) / k) * (p / (1 - p));
    }
    return k;
  };
  const multinomial = (n, shares) => {
    const counts = new Float64Array(shares.length);
    let [rows, rest] = [n, 1];
    for (let k = 0; k < shares.length && rows > 0; k++) {
      counts[k] = k === shares.length - 1 ? rows : binomial(rows, Math.min(1, shares[k] / rest));
      rows -= counts[k];
      rest -= shares[k];
    }
    return counts;
  };
  return { uniform, normal, multinomial };
}

const t = df => rng => {
  let square = 0;
  for (let k = 0; k < df; k++) square += rng.normal() ** 2;
  return rng.normal() / Math.sqrt(square / df);
};
const cauchy = rng => Math.tan(Math.PI * (rng.uniform() - 0.5));
const t2Quantile = u => (2 * u - 1) / Math.sqrt(2 * u * (1 - u));

/** Shape 2, scale 1: the sum of two waiting times. */
const gamma = rng => -Math.log(rng.uniform()) - Math.log(rng.uniform());
function gammaQuantile(u) {
  let [low, high] = [0, 50];
  for (let i = 0; i < 60; i++) {
    const x = (low + high) / 2;
    if (1 - Math.exp(-x) * (1 + x) < u) low = x;
    else high = x;
  }
  return low;
}
/** t with 4 df, one row in five three times as wide. */
const scaleMixture = rng => (rng.uniform() < 0.2 ? 3 : 1) * t(4)(rng);

/** A numeric column: drawn row by row, or as counts of cells. */
function numeric(value, quantile) {
  const values = Float64Array.from({ length: CELLS }, (_, k) => quantile((k + 0.5) / CELLS));
  const shares = new Array(CELLS).fill(1 / CELLS);
  return {
    draw: (rng, n) =>
      n <= DIRECT
        ? { values: Float64Array.from({ length: n }, () => value(rng)) }
        : { values, cells: rng.multinomial(n, shares) },
  };
}
/** A numeric column of few different values. */
function atoms(value, values, shares) {
  return {
    draw: (rng, n) =>
      n <= DIRECT
        ? { values: Float64Array.from({ length: n }, () => value(rng)) }
        : { values: Float64Array.from(values), cells: rng.multinomial(n, shares) },
  };
}
const levels = shares => ({ draw: (rng, n) => ({ counts: rng.multinomial(n, shares) }) });
const zipf = size => {
  const weights = Array.from({ length: size }, (_, k) => 1 / (k + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map(weight => weight / total);
};
const equal = size => new Array(size).fill(1 / size);

const STEPS = Array.from({ length: 17 }, (_, k) => (k - 8) / 2);
const ZEROS = 0.7;

export const FAMILIES = {
  normal: numeric(rng => rng.normal(), normalQuantile),
  lognormal: numeric(
    rng => Math.exp(rng.normal()),
    u => Math.exp(normalQuantile(u)),
  ),
  't, 3 df': numeric(t(3), t2Quantile),
  't, 2 df': numeric(t(2), t2Quantile),
  Cauchy: numeric(cauchy, u => Math.tan(Math.PI * (u - 0.5))),
  'rounded to half a σ': atoms(
    rng => Math.round(2 * rng.normal()) / 2,
    STEPS,
    STEPS.map(x => normalSf(x - 0.25) - normalSf(x + 0.25)),
  ),
  '70 % zeros': atoms(
    rng => (rng.uniform() < ZEROS ? 0 : Math.exp(rng.normal())),
    [0, ...Array.from({ length: 100 }, (_, k) => Math.exp(normalQuantile((k + 0.5) / 100)))],
    [ZEROS, ...new Array(100).fill((1 - ZEROS) / 100)],
  ),
  '98 % zeros': atoms(
    rng => (rng.uniform() < 0.98 ? 0 : Math.exp(rng.normal())),
    [0, ...Array.from({ length: 100 }, (_, k) => Math.exp(normalQuantile((k + 0.5) / 100)))],
    [0.98, ...new Array(100).fill(0.02 / 100)],
  ),
  '2 levels': levels([0.7, 0.3]),
  '2 levels, one rare': levels([0.98, 0.02]),
  '5 levels': levels(equal(5)),
  'gamma, shape 2': numeric(gamma, gammaQuantile),
  't, 4 df, two scales': numeric(scaleMixture, t2Quantile),
  '10 levels': levels(equal(10)),
  '30 levels': levels(zipf(30)),
  '200 levels': levels(zipf(200)),
};

/** Welch's t test on the score of the true density at the reference's true place: what cannot be beaten by much. */
const scored = psi => (a, b) => welchT(a.values.map(psi), b.values.map(psi)).pValue;
const SHIFT = 0.2;
/** σ of t with 3 df; of what has none, interquartile range / 1.349, which is σ of a normal distribution. */
const SIGMA = { t3: Math.sqrt(3), t2: 1.633 / 1.349, cauchy: 2 / 1.349 };
const moved = (value, by) => (rng, n) => [
  { values: Float64Array.from({ length: n }, () => value(rng)) },
  { values: Float64Array.from({ length: n }, () => value(rng) + by) },
];
const tPsi = df => x => ((df + 1) * x) / (df + x * x);
const t4Density = x => (1 + (x * x) / 4) ** -2.5;
const lognormalSigma = Math.sqrt((Math.E - 1) * Math.E);

/** Twice the smaller exact tail of one level's count. */
function levelP(then, now, n, m) {
  const both = then + now;
  const tail =
    now * n >= then * m ? hypergeometricSf(now, n + m, both, m) : hypergeometricSf(then, n + m, both, n);
  return Math.min(1, 2 * tail);
}
const oneLevel = (a, b) => {
  let smallest = 1;
  for (let k = 0; k < a.counts.length; k++)
    smallest = Math.min(smallest, levelP(a.counts[k], b.counts[k], 1000, 1000));
  return Math.min(1, smallest * a.counts.length);
};
const allLevels = (a, b) => chiSquareTwoSample(a.counts, b.counts).pValue;
/** Two proportions, pooled. */
const proportions = (x, y, n) => {
  const pooled = (x + y) / (2 * n);
  return 2 * normalSf(Math.abs(y - x) / Math.sqrt(2 * n * pooled * (1 - pooled)) || 0);
};
const zeros = values => values.reduce((sum, x) => sum + (x === 0 ? 1 : 0), 0);

/** One level gains 0.2 of its standard deviation, the others give in proportion. */
function swell(shares, level) {
  const p = shares[level];
  const by = SHIFT * Math.sqrt(p * (1 - p));
  return shares.map((share, k) => (k === level ? p + by : (share * (1 - p - by)) / (1 - p)));
}
/** Every second level gains, the others lose: w = 0.2. */
const wave = shares => shares.map((share, k) => share * (k % 2 === 0 ? 1 + SHIFT : 1 - SHIFT));
const between = (p, q) => (rng, n) => [{ counts: rng.multinomial(n, p) }, { counts: rng.multinomial(n, q) }];

export const SHIFTS = {
  normal: { draw: moved(rng => rng.normal(), SHIFT), oracle: scored(x => x), of: 't test' },
  lognormal: {
    draw: moved(rng => Math.exp(rng.normal()), SHIFT * lognormalSigma),
    oracle: scored(x => (1 + Math.log(x)) / x),
    of: 'score of the lognormal',
  },
  'lognormal, in its logarithm': {
    draw: (rng, n) => [
      { values: Float64Array.from({ length: n }, () => Math.exp(rng.normal())) },
      { values: Float64Array.from({ length: n }, () => Math.exp(rng.normal() + SHIFT)) },
    ],
    oracle: scored(Math.log),
    of: 't test of the logarithms',
  },
  't, 3 df': { draw: moved(t(3), SHIFT * SIGMA.t3), oracle: scored(tPsi(3)), of: 'score of t3' },
  't, 2 df': { draw: moved(t(2), SHIFT * SIGMA.t2), oracle: scored(tPsi(2)), of: 'score of t2' },
  Cauchy: { draw: moved(cauchy, SHIFT * SIGMA.cauchy), oracle: scored(tPsi(1)), of: 'score of the Cauchy' },
  // These three came after the decision was tuned on the others.
  'gamma, shape 2': {
    draw: moved(gamma, SHIFT * Math.SQRT2),
    oracle: scored(x => x),
    of: 't test',
  },
  'gamma, shape 2, in its logarithm': {
    draw: (rng, n) => {
      // The logarithm of such a gamma has standard deviation √ψ′(2) = 0.803.
      const grown = Math.exp(SHIFT * 0.803);
      return [
        { values: Float64Array.from({ length: n }, () => gamma(rng)) },
        { values: Float64Array.from({ length: n }, () => grown * gamma(rng)) },
      ];
    },
    oracle: scored(x => x),
    of: 'mean, the score of the scale',
  },
  't, 4 df, two scales': {
    draw: moved(scaleMixture, SHIFT * Math.sqrt(2 * (0.8 + 0.2 * 9))),
    oracle: scored(x => {
      const [near, far] = [0.8 * t4Density(x), (0.2 * t4Density(x / 3)) / 3];
      return (near * tPsi(4)(x) + (far * tPsi(4)(x / 3)) / 3) / (near + far);
    }),
    of: 'score of the mixture',
  },
  'rounded to half a σ': {
    draw: (rng, n) => [
      { values: Float64Array.from({ length: n }, () => Math.round(2 * rng.normal()) / 2) },
      { values: Float64Array.from({ length: n }, () => Math.round(2 * (rng.normal() + SHIFT)) / 2) },
    ],
    oracle: scored(x => x),
    of: 't test',
  },
  '70 % zeros, their share': {
    draw: (rng, n) => {
      const fewer = ZEROS - SHIFT * Math.sqrt(ZEROS * (1 - ZEROS));
      const column = share =>
        Float64Array.from({ length: n }, () => (rng.uniform() < share ? 0 : Math.exp(rng.normal())));
      return [{ values: column(ZEROS) }, { values: column(fewer) }];
    },
    oracle: (a, b) => proportions(zeros(a.values), zeros(b.values), a.values.length),
    of: 'two proportions',
  },
  '2 levels': {
    draw: between([0.7, 0.3], swell([0.7, 0.3], 1)),
    oracle: (a, b) => proportions(a.counts[1], b.counts[1], 1000),
    of: 'two proportions',
  },
  ...Object.fromEntries(
    [5, 10, 30, 200].flatMap(size => [
      [
        `${size} levels, one of them`,
        {
          draw: between(equal(size), swell(equal(size), 0)),
          oracle: oneLevel,
          of: 'the largest of the levels, exact',
          promised: size <= 10,
        },
      ],
      [
        `${size} levels, all of them`,
        {
          draw: between(equal(size), wave(equal(size))),
          oracle: allLevels,
          of: 'χ²',
          promised: size <= 10,
        },
      ],
    ]),
  ),
};
