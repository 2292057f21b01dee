import {
  type Evidence,
  formatCount,
  formatFigure,
  formatInterval,
  seededRng,
  type Verdict,
  type VerdictStatus,
} from '@twinloop/kernel';
import { fairnessReport, type MetricData, type MetricDisparity, metricDefinition } from '@twinloop/stats';
import { metricDataOf, oneClass, withProbabilities } from '../accuracy/metric-data.js';
import type { BiasGate } from '../config.js';
import { byStatus, decide, worst } from '../decide.js';
import type { GateContext } from '../gate-context.js';
import { type ComparedRate, comparedRates } from './fairness-metric.js';
import { groupRows, type RowGroups } from './group-rows.js';

/** For the metrics whose interval is drawn; equal on every machine. */
const SEED = 5;
const REPLICATES = 400;
/** Groups that a sentence names. */
const NAMED = 5;

interface Judged {
  readonly status: VerdictStatus;
  readonly words: string;
  readonly evidence: readonly Evidence[];
}

async function dataOf(
  gate: BiasGate,
  context: GateContext,
  rates: readonly ComparedRate[],
): Promise<MetricData | string> {
  if (gate.class !== undefined)
    return oneClass(context, gate.class) ?? `no row is of class ${gate.class}, and none is answered so`;
  const data = metricDataOf(context);
  if (data.task === 'binary') return { ...data, threshold: gate.threshold };
  const scores = rates.some(({ rate }) => metricDefinition(data.task, rate).needs === 'scores');
  return scores && context.held !== undefined ? withProbabilities(data, context.held) : data;
}

/**
 * How far apart a figure lies between groups: the difference of the largest and the smallest, their ratio, or both. The
 * intervals hold for the true extremes of all groups that are compared (each pair at its share of the error, Newcombe's
 * method for rates), so that many small groups do not make a bias out of noise. Groups that are too small are named, not
 * compared.
 * @throws dataset_column_missing for an attribute that the data does not have
 */
export async function biasGate(gate: BiasGate, context: GateContext): Promise<Verdict> {
  const name = `bias ${gate.metric} by ${gate.attributes.join(' × ')}`;
  const unsure = (reason: string): Verdict => ({ gate: name, status: 'inconclusive', reason, evidence: [] });
  if (context.held === undefined) return unsure('there are no held-out rows');
  const rates = comparedRates(gate.metric);
  const data = await dataOf(gate, context, rates);
  if (typeof data === 'string') return unsure(data);
  const groups = groupRows(context.held.rows, gate.attributes);
  if (groups.names.length < 2)
    return unsure(
      `${gate.attributes.join(' × ')} has ${formatCount(groups.names.length)} group on the held-out rows`,
    );
  const reports = fairnessReport(
    rates.map(({ rate }) => rate),
    data,
    groups.codes,
    groups.names.length,
    {
      confidence: gate.confidence,
      minimumGroupSize: gate.minGroup,
      rng: uniform(),
      replicates: REPLICATES,
    },
  );
  const judged = reports.flatMap((report, i) => judgeReport(gate, rates[i]!, report, groups));
  const [first] = byStatus(judged);
  if (first === undefined) return unsure('neither `max` nor `min` is asked');
  const small = new Set(reports.flatMap(({ leftOut }) => leftOut.map(group => groups.names[group]!)));
  return {
    gate: name,
    status: worst(judged.map(({ status }) => status)),
    reason: [first.words, ...leftOutInWords(gate, [...small], groups)].join('; '),
    evidence: judged.flatMap(({ evidence }) => evidence),
  };
}

function uniform(): () => number {
  const rng = seededRng(SEED);
  return () => rng.next();
}

function judgeReport(
  gate: BiasGate,
  { title }: ComparedRate,
  report: MetricDisparity,
  { names }: RowGroups,
): readonly Judged[] {
  const { compared, largest, smallest } = report;
  const n = compared.reduce((sum, group) => sum + report.groups[group]!.n, 0);
  const apart =
    compared.length < 2
      ? `the ${title} can be compared in ${formatCount(compared.length)} group alone`
      : `the ${title} is ${formatFigure(report.groups[largest]!.value)} in ${names[largest]} and ${formatFigure(report.groups[smallest]!.value)} in ${names[smallest]}`;
  const judge = (
    kind: 'difference' | 'ratio',
    value: number,
    interval: readonly [number, number],
    bounds: { readonly min?: number; readonly max?: number },
  ): Judged => {
    const [low, high] = interval;
    const limit = bounds.max ?? bounds.min!;
    return {
      status: decide({ value, low, high }, bounds, gate.decide),
      words:
        compared.length < 2
          ? apart
          : `${apart}: ${kind} ${formatFigure(value)} ${formatInterval(interval)}, ${bounds.max === undefined ? 'at least' : 'at most'} ${formatFigure(limit)} is asked`,
      evidence: [
        {
          statistic: `${kind} of the ${title}`,
          value,
          n,
          ...(Number.isNaN(low) ? {} : { interval }),
          threshold: limit,
          method: `extremes of ${formatCount(compared.length)} groups, all pairs at ${formatFigure(gate.confidence * 100)} % together (Bonferroni)`,
        },
      ],
    };
  };
  return [
    ...(gate.max === undefined
      ? []
      : [judge('difference', report.difference, report.differenceInterval, { max: gate.max })]),
    ...(gate.min === undefined
      ? []
      : [judge('ratio', report.ratio, report.ratioInterval, { min: gate.min })]),
  ];
}

function leftOutInWords({ minGroup }: BiasGate, small: readonly string[], { missing }: RowGroups): string[] {
  const told: string[] = [];
  if (small.length > 0)
    told.push(
      `too small to compare (fewer than ${formatCount(minGroup)} rows): ${small.slice(0, NAMED).join(', ')}${small.length > NAMED ? ` and ${formatCount(small.length - NAMED)} more` : ''}`,
    );
  if (missing > 0) told.push(`${formatCount(missing)} rows belong to no group`);
  return told;
}
