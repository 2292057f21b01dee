import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDuration, seededRng } from '@twinloop/kernel';
import { loadProject } from '../config/load-project.js';
import { nextLook } from '../runtime/schedule.js';
import { playOneSided, type OneSidedEnd } from './one-sided-labels.js';
import { PastModels, type PastScores } from './past-models.js';
import { TrialPeriod, TRUTH_DAYS, type Trial } from './try-challenger.js';

const DAY = 864e5;
const ALGORITHMS = ['linear', 'gbt'] as const;
/** Rollouts start every sixth week, from four weeks after the first request on. */
const EVERY = 42 * DAY;
const FIRST = 28 * DAY;
/** A promotion is wrong when the challenger's mean loss over the next weeks is higher by more than that. */
export const WRONG_BY = 0.01;
const MISSING = 0.3;

/** What became of rollouts whose labels were tampered with. */
export interface LabelCase {
  readonly pairs: number;
  readonly worse: number;
  readonly wronglyPromoted: number;
  readonly better: number;
  readonly promoted: number;
}

export interface LabelStudy {
  readonly untouched: LabelCase;
  readonly doubled: LabelCase;
  readonly missing: LabelCase;
  /** Labels of one variant only, from the first canary step on: the challenger's missing, then the champion's. */
  readonly oneSided: {
    readonly rollouts: number;
    readonly canaries: number;
    readonly inconclusive: number;
    readonly promoted: number;
  };
}

/**
 * What late, missing and one-sided labels do to rollouts, over a year that is known. Models learn from labels as they
 * came; only the comparison's labels are tampered with, so that each case is held against the untouched one.
 * Deterministic.
 */
export async function labelStudy(
  directory: string,
  progress: (share: number) => void = () => undefined,
): Promise<LabelStudy> {
  const text = await readFile(join(directory, 'twinloop.yaml'), 'utf8');
  return studyLabels(await PastModels.open(loadProject(text, directory)), progress);
}

export function studyLabels(past: PastModels, progress: (share: number) => void): LabelStudy {
  const arrivals = {
    untouched: past.arrived,
    doubled: past.arrived.map((arrived, row) => 2 * arrived - past.at[row]!),
    missing: withoutSome(past.arrived),
  };
  const trials = { untouched: [] as Trial[], doubled: [] as Trial[], missing: [] as Trial[] };
  const ends: OneSidedEnd[] = [];
  const starts = startsOf(past);
  const frozen = ALGORITHMS.map(algorithm => past.train({ algorithm, window: 'all', at: past.first }));
  starts.forEach((start, i) => {
    const challengers = ALGORITHMS.map(algorithm => past.train({ algorithm, window: 'all', at: start }));
    const pairs: [PastScores, PastScores][] = frozen.flatMap(champion =>
      challengers.map((challenger): [PastScores, PastScores] => [champion, challenger]),
    );
    for (const name of ['untouched', 'doubled', 'missing'] as const) {
      const period = new TrialPeriod(past, start, arrivals[name]);
      // Both ways round: a retrained model that stands against the old one, and the old one against it.
      for (const [champion, challenger] of pairs)
        trials[name].push(period.try(champion, challenger), period.try(challenger, champion));
    }
    for (const [champion, challenger] of pairs)
      for (const silent of ['challenger', 'champion'] as const)
        ends.push(playOneSided(past, start, { champion, challenger }, silent));
    progress((i + 1) / starts.length);
  });
  const canaries = ends.filter(({ canary }) => canary);
  return {
    untouched: caseOf(trials.untouched),
    doubled: caseOf(trials.doubled),
    missing: caseOf(trials.missing),
    oneSided: {
      rollouts: ends.length,
      canaries: canaries.length,
      inconclusive: canaries.filter(({ end }) => end === 'inconclusive').length,
      promoted: ends.filter(({ end }) => end === 'promoted').length,
    },
  };
}

function caseOf(trials: readonly Trial[]): LabelCase {
  const worse = trials.filter(({ truth }) => truth < -WRONG_BY);
  const better = trials.filter(({ truth }) => truth > WRONG_BY);
  const promoted = (some: readonly Trial[]): number =>
    some.filter(({ status }) => status === 'better').length;
  return {
    pairs: trials.length,
    worse: worse.length,
    wronglyPromoted: promoted(worse),
    better: better.length,
    promoted: promoted(better),
  };
}

function withoutSome(arrived: Float64Array): Float64Array {
  const rng = seededRng(20);
  return arrived.map(at => (rng.next() < MISSING ? Number.POSITIVE_INFINITY : at));
}

/** As many as the year has room for. */
function startsOf(past: PastModels): readonly number[] {
  const last = past.at.at(-1)! - (TRUTH_DAYS + 1) * DAY;
  const starts: number[] = [];
  const { config } = past;
  for (let day = past.first + FIRST; ; day += EVERY) {
    const start = nextLook(day, DAY, config.timezone) + parseDuration(config.train.takes);
    if (start > last) return starts;
    starts.push(start);
  }
}
