import { describe, expect, it } from 'vitest';
import { type GoldenCase, goldenCases, mismatches } from '../test-support/golden.js';
import * as stats from './index.js';

type Input = GoldenCase['input'];
const numbers = (input: Input, field: string): number[] => input[field] as number[];

/** What this package answers to each kind of case. */
const answers: Readonly<Record<string, (input: Input, expected: Input) => Record<string, unknown>>> = {
  'two_sample.json ks_2samp': (input, expected) => {
    const a = numbers(input, 'a');
    const b = numbers(input, 'b');
    return {
      statistic: stats.kolmogorovSmirnov(a, b).statistic,
      pvalue_exact: stats.kolmogorovSmirnov(a, b, 'exact').pValue,
      ...('pvalue_asymp' in expected
        ? { pvalue_asymp: stats.kolmogorovSmirnov(a, b, 'asymptotic').pValue }
        : {}),
    };
  },
  'two_sample.json wasserstein_1d': input => ({
    value: stats.wassersteinDistance(numbers(input, 'a'), numbers(input, 'b')),
  }),
  'two_sample.json mann_whitney_u': (input, expected) => {
    const a = numbers(input, 'a');
    const b = numbers(input, 'b');
    const asymptotic = stats.mannWhitney(a, b, 'asymptotic');
    return {
      U: asymptotic.statistic,
      pvalue_asymptotic: asymptotic.pValue,
      ...('pvalue_exact' in expected ? { pvalue_exact: stats.mannWhitney(a, b, 'exact').pValue } : {}),
    };
  },
  'two_sample.json nan_empty_contract': input => ({
    after_dropping_nan: stats.kolmogorovSmirnov(numbers(input, 'a'), numbers(input, 'b')).statistic,
  }),
  'ab.json welch_t': input => {
    const { statistic, df, pValue } = stats.welchT(numbers(input, 'a'), numbers(input, 'b'));
    return { t: statistic, df, pvalue: pValue };
  },
  'ab.json two_proportion_z': input => ({
    wilson95_arm1: stats.wilson(input.x1 as number, input.n1 as number),
    clopper95_arm1: stats.clopperPearson(input.x1 as number, input.n1 as number),
  }),
  'ab.json concentration_bounds': input => {
    const [s, n, alpha] = [input.successes as number, input.n as number, input.alpha as number];
    return {
      jeffreys: [
        stats.betaQuantile(alpha / 2, s + 0.5, n - s + 0.5),
        stats.betaQuantile(1 - alpha / 2, s + 0.5, n - s + 0.5),
      ],
    };
  },
  'categorical.json categorical_tests': input => {
    const result = stats.chiSquareTwoSample(numbers(input, 'ref_counts'), numbers(input, 'cur_counts'));
    return { chi2: result.statistic, dof: result.df, chi2_pvalue: result.pValue, cramers_v: result.cramersV };
  },
  'categorical.json categorical_distances': input => {
    const [ref, cur] = [numbers(input, 'ref_counts'), numbers(input, 'cur_counts')];
    return {
      js_distance_base2: stats.jensenShannonDistance(ref, cur),
      hellinger: stats.hellinger(ref, cur),
      tvd: stats.totalVariation(ref, cur),
      psi_eps: stats.populationStabilityIndex(ref, cur, input.epsilon as number),
    };
  },
  'binned.json psi_quantile10': input => {
    const a = numbers(input, 'a');
    const b = numbers(input, 'b');
    const { edges, reference, current } = stats.quantileBinned(a, b);
    return {
      edges,
      ref: reference.map(count => count / a.length),
      cur: current.map(count => count / b.length),
      psi: stats.populationStabilityIndex(reference, current, input.epsilon as number),
      hellinger: stats.hellinger(reference, current),
    };
  },
  'multiple_testing.json p_adjust': (input, expected) => {
    const p = numbers(input, 'p');
    const all = {
      bh: stats.benjaminiHochberg(p),
      by: stats.benjaminiYekutieli(p),
      bonferroni: stats.bonferroni(p),
      holm: stats.holm(p),
    };
    return Object.fromEntries(Object.entries(all).filter(([name]) => name in expected));
  },
  'classification.json binary_classification': input => {
    const y = numbers(input, 'y');
    const score = numbers(input, 'score');
    return {
      roc_auc: stats.rocAuc(y, score),
      log_loss: stats.logLoss(y, score, 2 ** -52),
      brier: stats.brierScore(y, score),
      accuracy: stats.accuracy(y, score, input.threshold as number),
      ece10: stats.expectedCalibrationError(y, score, 10),
      ece15: stats.expectedCalibrationError(y, score, 15),
    };
  },
  'classification.json multiclass_classification': input => {
    const y = numbers(input, 'y');
    const rows = input.proba as number[][];
    const report = stats.classReport(y, Float64Array.from(rows.flat()), rows[0]!.length);
    return {
      log_loss: report.log_loss,
      accuracy: report.accuracy,
      micro_f1: report.accuracy,
      macro_f1: report.macro_f1,
      confusion: report.confusion.map(row => [...row]),
    };
  },
  'regression.json regression': input => {
    const { rmse, mae, r2, bias } = stats.regressionReport(numbers(input, 'y'), numbers(input, 'pred'));
    return { rmse, mae, r2, bias };
  },
  'quality.json numeric_profile': (input, expected) => {
    const profile = stats.profileNumeric(numbers(input, 'x'));
    const wanted = expected.q as Record<string, number>;
    const levels = new Map(profile.quantiles.map(([level, value]) => [String(level), value]));
    for (const [level, value] of Object.entries(wanted)) expect(levels.get(level)).toBeCloseTo(value, 10);
    const { count, missing, min, max, mean, std } = profile;
    return { count, missing, min, max, mean, std_sample: std };
  },
};

describe('golden cases of the reference libraries', () => {
  for (const [title, answer] of Object.entries(answers)) {
    const [file, kind] = title.split(' ') as [string, string];
    const cases = goldenCases(file, kind);
    it(`${kind} has cases`, () => expect(cases.length).toBeGreaterThan(0));
    it.each(cases.map(each => [each.name, each] as const))(`${kind}: %s`, (_name, each) => {
      const got = answer(each.input, each.expected);
      expect(Object.keys(got).some(field => field in each.expected)).toBe(true);
      expect(mismatches(each, got)).toEqual([]);
    });
  }
});
