import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDuration, type EpochMs, type Evidence } from '@twinloop/kernel';
import { logLoss, mean, quantile, rocAuc } from '@twinloop/stats';
import { loadProject } from '../config/load-project.js';
import { nextLook } from '../runtime/schedule.js';
import { fromLocal } from '../runtime/zoned-time.js';
import { PastModels, type PastScores } from './past-models.js';
import { TrialPeriod, TRUTH_DAYS, type Trial } from './try-challenger.js';

const DAY = 864e5;
const ALGORITHMS = ['linear', 'gbt'] as const;
/** Rollouts start every second week, from four weeks after the first request on. */
const EVERY = 14 * DAY;
const FIRST = 28 * DAY;
/** Champions are the challengers of that many starts ago, or from before the first request. */
const AGES = [2, 4];
/** Every how many starts challengers with shuffled labels are tried too. */
const SHUFFLED_EVERY = 2;
/** By how much a challenger's mean loss must be lower to be called better. */
const BETTER_BY = [0.005, 0.01, 0.02];
const WORSE_BY = [0, 0.01];
/** Two months of training that make trees worse than the ones of January and February. */
const NOVEMBER = { year: 2013, month: 11, days: [1, 4, 8], window: '61d' };

export interface BetterShare {
  readonly margin: number;
  /** Challengers whose mean loss is lower by more than `margin`. */
  readonly pairs: number;
  readonly promoted: number;
  /** Labels and days until the promotion; NaN when none was. */
  readonly medianLabels: number;
  readonly medianDays: number;
}

export interface WorseShare {
  /** Challengers whose mean loss is higher by more than `margin`. */
  readonly margin: number;
  readonly pairs: number;
  readonly promoted: number;
}

export interface Quality {
  readonly auc: number;
  readonly logLoss: number;
}

export interface NovemberTrial {
  readonly day: number;
  readonly status: Trial['status'];
  readonly evidence: Evidence;
}

export interface ChallengerStudy {
  /** Rollouts played with honest challengers, and days over which the truth is taken. */
  readonly pairs: number;
  readonly truthDays: number;
  readonly better: readonly BetterShare[];
  readonly worse: readonly WorseShare[];
  /** Challengers that know nothing, against champions that beat the base rate. */
  readonly shuffled: { readonly pairs: number; readonly promoted: number };
  readonly november: {
    readonly stale: Quality;
    readonly retrained: Quality;
    readonly trials: readonly NovemberTrial[];
  };
}

/**
 * Plays many rollouts over a year that is known: does the comparison let better challengers in and keep worse ones out?
 * Models learn from labels that had arrived, looks happen when the server looks; nothing but the truth sees the future.
 * Deterministic. Takes tens of seconds of one core; `progress` hears the share that is done.
 */
export async function challengerStudy(
  directory: string,
  progress: (share: number) => void = () => undefined,
): Promise<ChallengerStudy> {
  const text = await readFile(join(directory, 'twinloop.yaml'), 'utf8');
  const past = await PastModels.open(loadProject(text, directory));
  const starts = startsOf(past);
  const trials: Trial[] = [];
  const shuffled: Trial[] = [];
  starts.forEach((start, i) => {
    const period = new TrialPeriod(past, start);
    const older = AGES.filter(age => age <= i).flatMap(age => candidatesAt(past, starts[i - age]!));
    const champions = [...frozen(past), ...older];
    for (const challenger of candidatesAt(past, start))
      for (const champion of champions) trials.push(period.try(champion, challenger));
    if (i % SHUFFLED_EVERY === 0) shuffled.push(...tryShuffled(past, period, champions));
    progress((i + 1) / starts.length);
  });
  return {
    pairs: trials.length,
    truthDays: TRUTH_DAYS,
    better: BETTER_BY.map(margin => betterShare(trials, margin)),
    worse: WORSE_BY.map(margin => {
      const worse = trials.filter(({ truth }) => truth < -margin);
      return { margin, pairs: worse.length, promoted: promotedOf(worse).length };
    }),
    shuffled: { pairs: shuffled.length, promoted: promotedOf(shuffled).length },
    november: tryNovember(past),
  };
}

const promotedOf = (trials: readonly Trial[]): readonly Trial[] =>
  trials.filter(({ status }) => status === 'better');

const median = (values: readonly number[]): number => quantile(Float64Array.from(values).sort(), 0.5);

/** The loop asks at its first look of the day; the rollout starts when the training has ended. */
function startAfter({ config }: PastModels, midnight: EpochMs): EpochMs {
  return nextLook(midnight, DAY, config.timezone) + parseDuration(config.train.takes);
}

/** As many as the year has room for: the last rollout must be able to go its full length. */
function startsOf(past: PastModels): readonly EpochMs[] {
  const last = past.at.at(-1)! - (TRUTH_DAYS + 1) * DAY;
  const starts: EpochMs[] = [];
  for (let day = past.first + FIRST; startAfter(past, day) <= last; day += EVERY)
    starts.push(startAfter(past, day));
  return starts;
}

/** Models that were trained before the first request and never again. */
function frozen(past: PastModels): readonly PastScores[] {
  return ALGORITHMS.map(algorithm => past.train({ algorithm, window: 'all', at: past.first }));
}

/** What the project would have trained at that moment. */
function candidatesAt(past: PastModels, at: EpochMs): readonly PastScores[] {
  const { windows } = past.config.train.candidates;
  return ALGORITHMS.flatMap(algorithm => windows.map(window => past.train({ algorithm, window, at })));
}

/** A champion that has decayed below the base rate may rightly lose to a model that knows nothing else: it is left out. */
function tryShuffled(
  past: PastModels,
  period: TrialPeriod,
  champions: readonly PastScores[],
): readonly Trial[] {
  const { startedAt: at } = period;
  const rate = mean(Float64Array.from(past.known(at), row => past.label[row]!));
  const baseRate = past.label.map(() => rate);
  const sound = champions.filter(champion => period.truth(period.pick(baseRate), period.pick(champion)) > 0);
  return ALGORITHMS.flatMap(algorithm => {
    const challenger = past.train({ algorithm, window: 'all', at, shuffled: true });
    return sound.map(champion => period.try(champion, challenger));
  });
}

function betterShare(trials: readonly Trial[], margin: number): BetterShare {
  const better = trials.filter(({ truth }) => truth > margin);
  const promoted = promotedOf(better);
  return {
    margin,
    pairs: better.length,
    promoted: promoted.length,
    medianLabels: median(promoted.map(({ evidence }) => evidence.n)),
    medianDays: median(promoted.map(({ days }) => days)),
  };
}

function tryNovember(past: PastModels): ChallengerStudy['november'] {
  const { year, month, days, window } = NOVEMBER;
  const midnight = (of: { month: number; day: number }): EpochMs =>
    fromLocal({ year, ...of }, past.config.timezone);
  const retrainedAt = (at: EpochMs): PastScores => past.train({ algorithm: 'gbt', window, at });
  const stale = past.train({ algorithm: 'gbt', window: 'all', at: past.first });
  const november = past.between(
    startAfter(past, midnight({ month, day: 1 })),
    midnight({ month: month + 1, day: 1 }),
  );
  const labels = Float64Array.from(november, row => past.label[row]!);
  const quality = (scores: PastScores): Quality => {
    const answers = Float64Array.from(november, row => scores[row]!);
    return { auc: rocAuc(labels, answers), logLoss: logLoss(labels, answers) };
  };
  const trials = days.map((day): NovemberTrial => {
    const period = new TrialPeriod(past, startAfter(past, midnight({ month, day })));
    const { status, evidence } = period.try(stale, retrainedAt(period.startedAt));
    return { day, status, evidence };
  });
  const first = startAfter(past, midnight({ month, day: days[0]! }));
  return { stale: quality(stale), retrained: quality(retrainedAt(first)), trials };
}
