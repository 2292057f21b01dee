import type { Decision } from '@twinloop/client';
import type { FactPayloads, FactType } from '@twinloop/kernel';
import type { CleanRun } from './clean-run.js';
import { attempt, point, type Point } from './point.js';

const WEATHER = new Set(['temp', 'dewp', 'humid', 'wind_speed', 'precip', 'pressure', 'visib']);
const LIMITS = { seconds: 90, memory: 700e6, dependencies: 330e6, meanLoss: 0.505, retrainings: 12 };

type Found<T extends FactType> = Omit<Decision, 'payload'> & { readonly payload: FactPayloads[T] };

function of<T extends FactType>(run: CleanRun, type: T): readonly Found<T>[] {
  return run.decisions.filter(decision => decision.type === type) as unknown as readonly Found<T>[];
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
const before = (at: number, month: number): boolean => at < Date.UTC(2013, month - 1, 1, 5);
const three = (value: number): string => value.toFixed(3);

/** The points that the clean run alone decides. */
export async function judgeCleanRun(
  run: CleanRun,
  dependencyBytes: number | undefined,
): Promise<readonly Point[]> {
  return Promise.all([
    attempt('A1', 'measure', () => size(run, dependencyBytes)),
    attempt('A2', 'decision', () => champions(run)),
    attempt('A4', 'decision', () => answered(run)),
    attempt('A5', 'decision', () => drift(run)),
    attempt('A6', 'decision', () => decay(run)),
    attempt('A8', 'decision', () => promotions(run)),
    attempt('A14', 'decision', () =>
      point(
        'A14',
        'decision',
        run.plan.changes.length === 0,
        `plan after the run: ${run.plan.changes.length} changes`,
      ),
    ),
    attempt('A15', 'decision', () => loss(run)),
  ]);
}

function size({ seconds, peakMemory }: CleanRun, dependencies: number | undefined): Point {
  const mb = (bytes: number | undefined): string =>
    bytes === undefined ? 'unknown' : `${Math.round(bytes / 1e6)} MB`;
  const passed =
    seconds <= LIMITS.seconds &&
    (peakMemory ?? 0) <= LIMITS.memory &&
    (dependencies ?? 0) <= LIMITS.dependencies;
  return point(
    'A1',
    'measure',
    passed,
    `clean run ${seconds.toFixed(0)} s (limit ${LIMITS.seconds}), server peak ${mb(peakMemory)} (limit 700), production dependencies ${mb(dependencies)} (limit 330; MLflow + Evidently 1,271 MB)`,
  );
}

function champions(run: CleanRun): Point {
  const first = run.runs.at(-1)!;
  const best = (algorithm: string): number =>
    Math.max(
      ...first.candidates
        .filter(one => one.algorithm === algorithm)
        .map(one => one.metrics['in_time_auc'] ?? Number.NaN),
    );
  const [linear, gbt] = [best('linear'), best('gbt')];
  const gates = first.verdicts.length;
  return point(
    'A2',
    'decision',
    linear >= 0.7 && gbt >= 0.71 && gates >= 5 && first.status === 'passed',
    `in-time AUC linear ${three(linear)} (≥ 0.70), gbt ${three(gbt)} (≥ 0.71); ${gates} gates executed, run ${first.status}`,
  );
}

function answered({ replay, status }: CleanRun): Point {
  const { sent, failures } = replay;
  return point(
    'A4',
    'decision',
    failures === 0 && status.counts.errors === 0 && status.counts.predictions === sent && sent > 50_000,
    `${sent} requests, ${failures} failed, ${status.counts.errors} errors, ${status.counts.predictions} logged`,
  );
}

function drift(run: CleanRun): Point {
  const alarm = of(run, 'AlarmRaised').find(
    ({ payload }) =>
      payload.kind === 'data-drift' && payload.signals.some(signal => WEATHER.has(signal.subject)),
  );
  const subjects =
    alarm?.payload.signals.map(signal => signal.subject).filter(subject => WEATHER.has(subject)) ?? [];
  return point(
    'A5',
    'decision',
    alarm !== undefined && before(alarm.at, 7),
    alarm === undefined
      ? 'no drift alarm on a weather column'
      : `drift alarm on ${subjects.join(', ')} on ${day(alarm.at)}, from inputs alone (false-alarm rate: bench/drift/false-alarms)`,
  );
}

function decay(run: CleanRun): Point {
  const first = run.models.find(model => model.run === run.runs.at(-1)!.run)!;
  // An alarm that comes while an answer is under way is coalesced into the one that asked for it: it is seen all the same.
  const [alarm] = [...of(run, 'AlarmRaised'), ...of(run, 'AlarmCoalesced')]
    .filter(({ payload }) => payload.kind === 'model-drift')
    .sort((a, b) => a.seq - b.seq);
  const frozen = run.baselines.find(series => series.name === 'frozen-linear');
  const trees = run.baselines.find(series => series.name === 'frozen-gbt');
  const july = frozen?.months.find(month => new Date(month.from).getUTCMonth() === 6);
  const passed = first.algorithm === 'linear' && alarm !== undefined && before(alarm.at, 8);
  return point(
    'A6',
    'decision',
    passed,
    `first champion ${first.algorithm} (the teaching case: trees decay less, frozen trees would score ${trees?.mean == null ? '?' : three(trees.mean)} against ${frozen?.mean == null ? '?' : three(frozen.mean)} frozen linear); ` +
      `${alarm === undefined ? 'no model-drift alarm' : `model-drift alarm on ${day(alarm.at)}: ${alarm.payload.sentence}`}; stale linear in July ${july === undefined ? '?' : three(july.loss)}`,
  );
}

function promotions(run: CleanRun): Point {
  const promoted = of(run, 'ModelPromoted');
  const sound = promoted.filter(
    ({ payload: { evidence, by } }) =>
      by === 'evidence' && evidence.interval !== undefined && evidence.interval[0] > 0 && evidence.n > 0,
  );
  const shown = promoted.map(
    ({ at, payload: { evidence } }) =>
      `${day(at)} +${three(evidence.value)} [${evidence.interval?.map(three).join(', ')}] n ${evidence.n}`,
  );
  return point(
    'A8',
    'decision',
    promoted.length > 0 && sound.length === promoted.length,
    `${promoted.length} promotions, all on the always-valid interval: ${shown.join('; ')}`,
  );
}

function loss(run: CleanRun): Point {
  const live = run.baselines.find(series => series.name === 'loop');
  const others = run.baselines
    .filter(series => series.name !== 'loop')
    .map(series => `${series.title} ${series.mean === null ? '?' : three(series.mean)}`);
  const { retrainings, recalibrations } = run.status.counts;
  const mean = live?.mean ?? Number.NaN;
  return point(
    'A15',
    'decision',
    mean <= LIMITS.meanLoss && retrainings <= LIMITS.retrainings,
    `mean monthly log loss April–December ${mean.toFixed(4)} (≤ ${LIMITS.meanLoss}) with ${retrainings} retrainings (≤ ${LIMITS.retrainings}) and ${recalibrations} recalibrations; beside: ${others.join(', ')}. Trees need the loop less than a linear model does`,
  );
}
