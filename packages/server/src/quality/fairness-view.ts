import type { Estimated, FairnessAttributeView, FairnessView } from '@twinloop/client';
import type { Interval } from '@twinloop/kernel';
import { attributeGroups, type FairnessConfig } from '@twinloop/loop/monitoring';
import { fairnessReport, type MetricDisparity, METRICS } from '@twinloop/stats';
import type { Answers } from './read-answers.js';

/** What the field calls the difference of a figure between groups. */
const NAMES: Readonly<Record<string, string>> = {
  selection_rate: 'demographic parity difference',
  recall: 'equal opportunity difference',
  false_positive_rate: 'predictive equality difference',
  precision: 'predictive parity difference',
  accuracy: 'accuracy difference',
  equalized_odds: 'equalised odds difference',
};

/** The limit that a gate declares for a difference, if any. */
export type FairnessLimit = (attribute: string, metric: string) => number | null;

type Disparity = FairnessAttributeView['disparities'][number];

/** Figures of the answers by group on the labels that have arrived, and how far groups are apart. */
export function fairnessView(
  endpoint: string,
  config: FairnessConfig,
  window: Interval,
  answers: Answers,
  limitOf: FairnessLimit,
): FairnessView {
  const { threshold, metrics, minGroup } = config;
  const labelled = answers.label.reduce((count, label) => count + (Number.isNaN(label) ? 0 : 1), 0);
  return {
    endpoint,
    ...window,
    rows: labelled,
    threshold,
    minGroup,
    attributes: config.attributes.flatMap(declared => {
      const groups = attributeGroups(answers.inputs, declared);
      if (groups === null || labelled === 0) return [];
      const report = fairnessReport(
        metrics,
        { task: 'binary', labels: answers.label, scores: answers.score, threshold },
        groups.codes,
        groups.groups.length,
        { minimumGroupSize: minGroup },
      );
      const sizes = new Float64Array(groups.groups.length);
      groups.codes.forEach((code, row) => {
        if (code >= 0 && !Number.isNaN(answers.label[row]!)) sizes[code]!++;
      });
      return [
        {
          attribute: groups.attribute,
          metrics,
          groups: groups.groups
            .map((group, code) => ({
              group,
              n: sizes[code]!,
              metrics: figures(report, code),
            }))
            .filter(({ n }) => n > 0),
          disparities: [...report.map(ofMetric), ...equalizedOdds(report)],
        },
      ];

      function ofMetric(each: MetricDisparity): Disparity {
        const [low, high] = each.differenceInterval;
        const between: readonly [string, string] | null =
          each.largest < 0 || each.largest === each.smallest
            ? null
            : [groups!.groups[each.largest]!, groups!.groups[each.smallest]!];
        return disparity(
          groups!.attribute,
          each.name,
          each.difference,
          [low, high],
          between,
          each.leftOut.length,
        );
      }

      function equalizedOdds(all: readonly MetricDisparity[]): Disparity[] {
        const parts = all.filter(({ name }) => name === 'recall' || name === 'false_positive_rate');
        if (parts.length < 2) return [];
        const worse = parts.reduce((a, b) => (b.difference > a.difference ? b : a));
        // Both bounds hold together: the larger of two figures lies between the larger lows and the larger highs.
        const interval: [number, number] = [
          Math.max(...parts.map(each => each.differenceInterval[0])),
          Math.max(...parts.map(each => each.differenceInterval[1])),
        ];
        return [
          disparity(
            groups!.attribute,
            'equalized_odds',
            worse.difference,
            interval,
            ofMetric(worse).between,
            0,
          ),
        ];
      }
    }),
  };

  function disparity(
    attribute: string,
    metric: string,
    value: number,
    [low, high]: readonly [number, number],
    between: readonly [string, string] | null,
    leftOut: number,
  ): Disparity {
    const limit = limitOf(attribute, metric);
    const title = NAMES[metric] ?? `${titleOf(metric)} difference`;
    const status =
      limit === null || Number.isNaN(value)
        ? null
        : low > limit
          ? ('fail' as const)
          : high <= limit
            ? ('pass' as const)
            : ('inconclusive' as const);
    const told = (figure: number): number | null => (Number.isNaN(figure) ? null : figure);
    return {
      metric,
      title,
      value: told(value),
      low: told(low),
      high: told(high),
      between,
      limit,
      status,
      sentence: sentenceOf(),
    };

    function sentenceOf(): string {
      const small =
        leftOut === 0
          ? ''
          : `; ${leftOut === 1 ? 'one group is' : `${leftOut} groups are`} too small to compare`;
      if (between === null) return `fewer than two groups have ${minGroup} rows${small}`;
      const apart = `${between[0]} and ${between[1]} are ${points(value)} apart`;
      return `${apart}${low > 0 ? `, at least ${points(low)}` : ', which chance can explain'}${small}`;
    }
  }
}

const titleOf = (metric: string): string =>
  (METRICS.binary as Readonly<Record<string, { readonly title: string }>>)[metric]?.title ?? metric;

/** Differences of rates are told in percentage points. */
function points(difference: number): string {
  const value = (100 * difference).toFixed(1).replace(/\.0$/, '');
  return `${value} ${value === '1' ? 'point' : 'points'}`;
}

/** A group's figures; one without a row to rest on is absent. */
function figures(report: readonly MetricDisparity[], code: number): Readonly<Record<string, Estimated>> {
  return Object.fromEntries(
    report.flatMap(({ name, groups }) => {
      const { value, interval, n } = groups[code]!;
      return Number.isNaN(value) ? [] : [[name, { value, low: interval[0], high: interval[1], n }]];
    }),
  );
}
