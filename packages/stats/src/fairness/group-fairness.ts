import type { BinaryConfusion } from '../classification/binary-confusion.js';
import { rateCounts, RATE_NAMES, type RateName } from '../classification/binary-rates.js';
import { type Estimated, moverDifference, moverRatio, moverSum } from '../intervals/mover.js';
import { wilson } from '../intervals/wilson.js';
import { cellBootstrap } from '../resampling/poisson-bootstrap.js';
import { differentialFairness } from './differential-fairness.js';
import { betweenGroupEntropyIndex, generalizedEntropyIndex, theilIndex } from './entropy-index.js';

/** Figures of one group against another; every difference is unprivileged − privileged, every ratio unprivileged / privileged. */
export interface GroupFairness {
  /** By rate, AIF360's `*_difference`. */
  readonly differences: Readonly<Record<RateName, Estimated>>;
  /** By rate, AIF360's `*_ratio`. */
  readonly ratios: Readonly<Record<RateName, Estimated>>;
  /** Difference of the selection rates. */
  readonly statisticalParityDifference: Estimated;
  /** Ratio of the selection rates. */
  readonly disparateImpact: Estimated;
  /** ½(ΔFPR + ΔTPR). */
  readonly averageOddsDifference: Estimated;
  /** ½(|ΔFPR| + |ΔTPR|). */
  readonly averageAbsOddsDifference: Estimated;
  /** ΔTPR. */
  readonly equalOpportunityDifference: Estimated;
  /** ½(ΔPPV + ΔFOR) (AIF360: average_predictive_value_difference). */
  readonly averagePredictiveValueDifference: Estimated;
  /** Of the rows of both groups together. */
  readonly theilIndex: Estimated;
  readonly generalizedEntropyIndex: Estimated;
  /** 2√(generalized entropy index). */
  readonly coefficientOfVariation: Estimated;
  readonly betweenGroupTheilIndex: Estimated;
  readonly betweenGroupGeneralizedEntropyIndex: Estimated;
  /** Smoothed empirical differential fairness of the predictions (Foulds et al. 2020). */
  readonly differentialFairness: Estimated;
  /** That of the predictions minus that of the labels. */
  readonly differentialFairnessBiasAmplification: Estimated;
}

export interface GroupFairnessOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /** Uniform draws in [0, 1) for the indices, whose intervals are bootstrapped; without it those are NaN. */
  readonly rng?: () => number;
  readonly replicates?: number;
}

/** Rates that AIF360 answers with 0 when nothing is predicted so; the others are NaN without rows. */
const ZERO_WHEN_EMPTY: ReadonlySet<RateName> = new Set([
  'precision',
  'negative_predictive_value',
  'false_discovery_rate',
  'false_omission_rate',
] as const);

function rate(name: RateName, confusion: BinaryConfusion, confidence: number): Estimated {
  const [successes, n] = rateCounts(name, confusion);
  const value = n === 0 && ZERO_WHEN_EMPTY.has(name) ? 0 : successes / n;
  return { value, interval: wilson(successes, n, confidence) };
}

/**
 * Everything that AIF360's ClassificationMetric says of two groups, with intervals: differences of rates by Newcombe's hybrid
 * score, ratios on the log scale, sums of them from their parts, indices by the bootstrap. A rate without rows is NaN, its
 * interval [0, 1]; predictive values without predictions are 0 (AIF360).
 */
export function groupFairness(
  unprivileged: BinaryConfusion,
  privileged: BinaryConfusion,
  options: GroupFairnessOptions = {},
): GroupFairness {
  const { confidence = 0.95 } = options;
  const difference = (name: RateName, level = confidence): Estimated => {
    const a = rate(name, unprivileged, level);
    const b = rate(name, privileged, level);
    return { value: a.value - b.value, interval: moverDifference(a, b) };
  };
  const ratio = (name: RateName): Estimated => {
    const a = rate(name, unprivileged, confidence);
    const b = rate(name, privileged, confidence);
    return { value: a.value / b.value, interval: moverRatio(a, b) };
  };
  const byRate = (of: (name: RateName) => Estimated): Record<RateName, Estimated> =>
    Object.fromEntries(RATE_NAMES.map(name => [name, of(name)])) as Record<RateName, Estimated>;
  const differences = byRate(name => difference(name));
  const ratios = byRate(ratio);
  // Both bounds of both parts have to hold when signs are dropped.
  const strict = 1 - (1 - confidence) / 2;
  const index = (of: (unprivileged: BinaryConfusion, privileged: BinaryConfusion) => number): Estimated =>
    bootstrapped(unprivileged, privileged, of, options);
  const both = (a: BinaryConfusion, b: BinaryConfusion): BinaryConfusion => ({
    tp: a.tp + b.tp,
    fp: a.fp + b.fp,
    tn: a.tn + b.tn,
    fn: a.fn + b.fn,
  });
  return {
    differences,
    ratios,
    statisticalParityDifference: differences.selection_rate,
    disparateImpact: ratios.selection_rate,
    equalOpportunityDifference: differences.recall,
    averageOddsDifference: halves(differences.false_positive_rate, differences.recall),
    averageAbsOddsDifference: halves(
      absolute(difference('false_positive_rate', strict)),
      absolute(difference('recall', strict)),
    ),
    averagePredictiveValueDifference: halves(differences.precision, differences.false_omission_rate),
    theilIndex: index((a, b) => theilIndex(both(a, b))),
    generalizedEntropyIndex: index((a, b) => generalizedEntropyIndex(both(a, b))),
    coefficientOfVariation: index((a, b) => 2 * Math.sqrt(generalizedEntropyIndex(both(a, b)))),
    betweenGroupTheilIndex: index((a, b) => betweenGroupEntropyIndex([a, b], 1)),
    betweenGroupGeneralizedEntropyIndex: index((a, b) => betweenGroupEntropyIndex([a, b])),
    differentialFairness: index((a, b) => differentialFairness([a, b], 'predictions')),
    differentialFairnessBiasAmplification: index(
      (a, b) => differentialFairness([a, b], 'predictions') - differentialFairness([a, b], 'labels'),
    ),
  };
}

function halves(a: Estimated, b: Estimated): Estimated {
  return { value: (a.value + b.value) / 2, interval: moverSum([a, b], [0.5, 0.5]) };
}

function absolute({ value, interval: [low, high] }: Estimated): Estimated {
  return {
    value: Math.abs(value),
    interval: [Math.max(0, low, -high), Math.max(Math.abs(low), Math.abs(high))],
  };
}

function bootstrapped(
  unprivileged: BinaryConfusion,
  privileged: BinaryConfusion,
  of: (unprivileged: BinaryConfusion, privileged: BinaryConfusion) => number,
  { confidence, rng, replicates }: GroupFairnessOptions,
): Estimated {
  if (rng === undefined) return { value: of(unprivileged, privileged), interval: [NaN, NaN] };
  const table = ([tp, fp, tn, fn]: number[]): BinaryConfusion => ({ tp: tp!, fp: fp!, tn: tn!, fn: fn! });
  const cells = [unprivileged, privileged].flatMap(({ tp, fp, tn, fn }) => [tp, fp, tn, fn]);
  return cellBootstrap(cells, drawn => of(table([...drawn.subarray(0, 4)]), table([...drawn.subarray(4)])), {
    rng,
    ...(confidence !== undefined && { confidence }),
    ...(replicates !== undefined && { replicates }),
  });
}
