import type { RunDetail, StepReport, Verdict, VerdictStatus } from '@twinloop/client';

/** What a report is divided into, in the order in which a reader asks. */
export const GROUPS = [
  ['data', 'Data'],
  ['accuracy', 'Accuracy'],
  ['bias', 'Bias'],
  ['slices', 'Slices'],
  ['robustness', 'Robustness'],
  ['predictions', 'Prediction tests'],
  ['performance', 'Performance'],
] as const;
type Group = (typeof GROUPS)[number][0];

const GROUP: Readonly<Record<string, Group>> = {
  metric: 'accuracy',
  champion: 'accuracy',
  calibration: 'accuracy',
  bias: 'bias',
  slices: 'slices',
  robustness: 'robustness',
  fuzz: 'robustness',
  predictions: 'predictions',
  latency: 'performance',
  size: 'performance',
};

/** Steps that say whether the data was fit to learn from. */
const DATA_STEPS: Readonly<Record<string, string>> = {
  expectations: 'expectations',
  leaks: 'leaks',
  'code-tests': 'code tests',
};

export interface ReportGroup {
  readonly name: Group;
  readonly title: string;
  /** What fails first. */
  readonly verdicts: readonly Verdict[];
  readonly status: VerdictStatus;
}

const RANK: Readonly<Record<VerdictStatus, number>> = { fail: 0, inconclusive: 1, pass: 2 };

function ofStep({ step, status, summary }: StepReport): readonly Verdict[] {
  const gate = DATA_STEPS[step];
  if (gate === undefined) return [];
  return [{ gate, status: status === 'failed' ? 'fail' : 'pass', reason: summary, evidence: [] }];
}

/** A kind of a newer server, or a verdict of an older one, whose name begins with it. */
function groupOf({ kind, gate }: Verdict): Group {
  return GROUP[kind ?? gate.split(/[ (]/, 1)[0]!] ?? 'accuracy';
}

/** The verdicts by group, groups that fail first, and in each what fails first; groups without any are left out. */
export function reportGroups(run: Pick<RunDetail, 'steps' | 'verdicts'>): readonly ReportGroup[] {
  const data = run.steps.flatMap(ofStep);
  const groups = GROUPS.map(([name, title]): ReportGroup => {
    const own = name === 'data' ? data : run.verdicts.filter(verdict => groupOf(verdict) === name);
    const verdicts = [...own].sort((a, b) => RANK[a.status] - RANK[b.status]);
    return { name, title, verdicts, status: verdicts[0]?.status ?? 'pass' };
  });
  return groups.filter(({ verdicts }) => verdicts.length > 0).sort((a, b) => RANK[a.status] - RANK[b.status]);
}

export interface Scale {
  /** Shares of the drawing's width. */
  readonly value: number;
  readonly interval: readonly [number, number] | undefined;
  readonly limit: number | undefined;
}

/** Where a figure, its interval and its limit lie on one axis that just holds them; undefined when there is nothing to draw. */
export function scaleOf(
  value: number,
  interval: readonly [number, number] | undefined,
  limit: number | undefined,
): Scale | undefined {
  const points = [value, ...(interval ?? []), ...(limit === undefined ? [] : [limit])];
  if (points.length < 2 || !points.every(Number.isFinite)) return undefined;
  const low = Math.min(...points);
  const span = Math.max(...points) - low;
  const at = (point: number): number => (span === 0 ? 0.5 : 0.08 + (0.84 * (point - low)) / span);
  return {
    value: at(value),
    interval: interval === undefined ? undefined : [at(interval[0]), at(interval[1])],
    limit: limit === undefined ? undefined : at(limit),
  };
}
