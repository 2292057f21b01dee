import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EpochMs, parseDuration, type Rng, seededRng } from '@twinloop/kernel';
import { lossOf, type RolloutConfig } from '@twinloop/loop/delivery';
import { quantile } from '@twinloop/stats';
import { loadProject } from '../config/load-project.js';
import { PastModels, type PastScores } from './past-models.js';
import { LOSS_DAYS, PromotionPeriod, type PromotionTrial, SHADOW_DAYS } from './try-promotion.js';

const HOUR = 36e5;
const DAY = 24 * HOUR;
const ALGORITHMS = ['linear', 'gbt'] as const;
type Algorithm = (typeof ALGORITHMS)[number];
/** Promotions are spread over the year, at changing hours of the day. */
const STARTS = 20;
/** A model learns, waits for its rollout, and is promoted after the shadow phase. */
const FITTED_BEFORE = (SHADOW_DAYS + 1) * DAY;
/** Weeks of an honest pair are replayed that often with the roles of the two models dealt anew for every block. */
const DEALS = 10;
const SEED = 19;

/** What is turned, in which promoted models, and how many days after the promotion. The first one is the judged one. */
const CASES: readonly { readonly algorithm: Algorithm; readonly feature: string; readonly days: number }[] = [
  { algorithm: 'linear', feature: 'sched_dep_time', days: 0 },
  { algorithm: 'linear', feature: 'sched_dep_time', days: 3 },
  { algorithm: 'linear', feature: 'humid', days: 0 },
  { algorithm: 'linear', feature: 'temp', days: 0 },
  { algorithm: 'gbt', feature: 'sched_dep_time', days: 0 },
];

export interface TurnedCase {
  readonly algorithm: string;
  readonly feature: string;
  /** Days between the promotion and the turn. */
  readonly days: number;
  readonly trials: number;
  readonly rolledBack: number;
  /** Labels between the turn and the rollback, settled or not; Infinity where fewer were rolled back. */
  readonly medianLabels: number;
  readonly p90Labels: number;
  readonly held: number;
  /** Requests between the turn and the hold, of those that were held. */
  readonly medianRequestsToHold: number;
  /** Mean loss(promoted) − loss(previous) over the weeks after the turn: quantiles 0.1, 0.5 and 0.9 over the trials. */
  readonly trueHarm: readonly [number, number, number];
}

export interface HonestShare {
  readonly trials: number;
  readonly rolledBack: number;
  readonly byGuardrail: number;
  readonly held: number;
}

export interface RollbackStudy {
  readonly starts: number;
  readonly lossDays: number;
  readonly alpha: number;
  readonly cases: readonly TurnedCase[];
  /** Promoted models that were better in the shadow phase and are no worse over the weeks after their promotion. */
  readonly honest: HonestShare;
  /** The honest pairs with the roles of the two models dealt anew for every block: neither is worse. */
  readonly dealt: HonestShare;
}

export interface RollbackStudyOptions {
  /** Only the judged case and its kind of model: a third of the time. */
  readonly judgedOnly?: boolean;
  readonly progress?: (share: number) => void;
}

/**
 * Plays the watch after promotions spread over a year that is known: how many labels until a model that turns bad is
 * rolled back, and how often is one that is not? Models learn from labels that had arrived. Deterministic.
 */
export async function rollbackStudy(
  directory: string,
  { judgedOnly = false, progress = () => undefined }: RollbackStudyOptions = {},
): Promise<RollbackStudy> {
  const text = await readFile(join(directory, 'twinloop.yaml'), 'utf8');
  const past = await PastModels.open(loadProject(text, directory));
  const config = past.config.endpoint!.rollout;
  const cases = judgedOnly ? CASES.slice(0, 1) : CASES;
  const algorithms = judgedOnly ? [CASES[0]!.algorithm] : ALGORITHMS;
  const frozen = algorithms.map(algorithm => past.train({ algorithm, window: 'all', at: past.first }));
  const turned = cases.map((): { trial: PromotionTrial; harm: number }[] => []);
  const honest: PromotionTrial[] = [];
  const dealt: PromotionTrial[] = [];
  const rng = seededRng(SEED);
  startsOf(past).forEach((promotedAt, index) => {
    const period = new PromotionPeriod(past, config, promotedAt);
    for (const algorithm of algorithms) {
      const recipe = { algorithm, window: 'all', at: promotedAt - FITTED_BEFORE };
      const promoted = past.train(recipe);
      for (const previous of frozen) {
        const harm = harmOf(past, config, previous, promoted);
        if (period.before(harm) < 0 && period.after(harm) <= 0) {
          honest.push(period.try(previous, promoted));
          for (let deal = 0; deal < DEALS; deal++) {
            const [a, b] = dealRoles(past, config, promotedAt, previous, promoted, rng);
            dealt.push(period.try(a, b));
          }
        }
        cases.forEach((one, i) => {
          if (one.algorithm !== algorithm) return;
          const bad = past.train({ ...recipe, turned: one.feature });
          const turnedAt = promotedAt + one.days * DAY;
          turned[i]!.push({
            trial: period.try(previous, promoted, bad, turnedAt),
            harm: period.after(harmOf(past, config, previous, bad), turnedAt),
          });
        });
      }
    }
    progress((index + 1) / STARTS);
  });
  return {
    starts: STARTS,
    lossDays: LOSS_DAYS,
    alpha: config.rollback.alpha,
    cases: cases.map((one, i) => ({ ...one, ...summary(turned[i]!) })),
    honest: shareOf(honest),
    dealt: shareOf(dealt),
  };
}

/** From four weeks after the first request on, as late as the year has room for; hours of the day take turns. */
function startsOf(past: PastModels): readonly EpochMs[] {
  const first = past.first + 29 * DAY;
  const last = past.at.at(-1)! - (LOSS_DAYS + 4) * DAY;
  const step = (last - first) / (STARTS - 1);
  return Array.from(
    { length: STARTS },
    (_, i) => Math.floor((first + i * step) / DAY) * DAY + (8 + ((i * 5) % 16)) * HOUR,
  );
}

function harmOf(past: PastModels, { metric }: RolloutConfig, previous: PastScores, promoted: PastScores) {
  const loss = lossOf(metric);
  return (row: number): number =>
    loss(past.label[row]!, promoted[row]!) - loss(past.label[row]!, previous[row]!);
}

/** In every block either model may be the previous one: differences of a block change their sign together. */
function dealRoles(
  past: PastModels,
  config: RolloutConfig,
  promotedAt: EpochMs,
  previous: PastScores,
  promoted: PastScores,
  rng: Rng,
): readonly [PastScores, PastScores] {
  const a = previous.slice();
  const b = promoted.slice();
  const block = parseDuration(config.rollback.block);
  let dealtFor = -1;
  let swap = false;
  for (const row of past.between(promotedAt, promotedAt + parseDuration(config.rollbackWindow))) {
    const index = Math.floor((past.at[row]! - promotedAt) / block);
    if (index !== dealtFor) swap = rng.next() < 0.5;
    dealtFor = index;
    if (swap) [a[row], b[row]] = [b[row]!, a[row]!];
  }
  return [a, b];
}

function summary(played: readonly { readonly trial: PromotionTrial; readonly harm: number }[]) {
  const trials = played.filter(({ trial }) => !trial.early);
  const labels = trials.map(({ trial }) => (trial.rolledBack === null ? Infinity : trial.labels));
  const held = trials.filter(({ trial }) => trial.held).map(({ trial }) => trial.requestsToHold);
  const harms = sorted(trials.map(({ harm }) => harm));
  return {
    trials: trials.length,
    rolledBack: labels.filter(Number.isFinite).length,
    medianLabels: upperQuantile(labels, 0.5),
    p90Labels: upperQuantile(labels, 0.9),
    held: held.length,
    medianRequestsToHold: upperQuantile(held, 0.5),
    trueHarm: [quantile(harms, 0.1), quantile(harms, 0.5), quantile(harms, 0.9)] as const,
  };
}

const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

/** The smallest value that at least that share does not exceed; nothing is interpolated towards "never". */
function upperQuantile(values: readonly number[], level: number): number {
  return sorted(values)[Math.max(0, Math.ceil(level * values.length) - 1)] ?? Number.NaN;
}

function shareOf(trials: readonly PromotionTrial[]): HonestShare {
  return {
    trials: trials.length,
    rolledBack: trials.filter(({ rolledBack }) => rolledBack !== null).length,
    byGuardrail: trials.filter(({ rolledBack }) => rolledBack === 'guardrail').length,
    held: trials.filter(({ held }) => held).length,
  };
}
