import type { EpochMs, PairedRows, PredictionLog, ProjectId } from '@twinloop/kernel';
import { parseDuration } from '@twinloop/kernel';
import type { ArmCoverage, ArmService, OpenRollout, RolloutReading } from '@twinloop/loop/delivery';
import type { ProjectConfig } from '../../config/project-config.js';
import { joinPaired } from './join-paired.js';
import { decisive, labelOf } from '../monitoring/labels.js';
import type { ArmStats } from '../serving/arm-stats.js';

export interface RolloutPorts {
  readonly project: ProjectId;
  readonly config: ProjectConfig;
  readonly log: PredictionLog;
}

/** Everything that is known about an open rollout at `now`: pairs, label coverage by arm, and how the arms served. */
export async function readRollout(
  ports: RolloutPorts,
  rollout: OpenRollout,
  arms: ArmStats,
  now: EpochMs,
): Promise<RolloutReading> {
  const { project, config, log } = ports;
  const { champions, challenger, startedAt, endpoint, stage, heardSince } = rollout;
  // While the challenger is heard, requests without a label belong to the picture: what lands first is no fair sample.
  const heard = stage.kind !== 'shadow';
  const parts: PairedRows[] = [];
  for (const champion of champions) {
    parts.push(
      await log.paired({
        project,
        endpoint,
        metric: labelOf(config),
        a: champion,
        b: challenger,
        predicted: { from: heardSince ?? startedAt },
        arrived: { until: now },
        unlabelled: heard,
      }),
    );
  }
  const answers = await readAnswers(ports, rollout, now);
  return {
    paired: decisive(config, joinPaired(parts, heard ? 'predictedAt' : 'arrivedAt')),
    coverage: heard ? [answers.champion, answers.challenger] : [answers.champion],
    service: [
      serviceOf(arms.service('champion', champions.at(-1)!), heard, answers.champion.all),
      serviceOf(arms.service('challenger', challenger), heard, answers.challenger.all),
    ],
  };
}

/** Errors and latencies are of this life of the process; answers to clients are counted in the log, which outlives it. */
function serviceOf(arm: ArmService, heard: boolean, answers: number): ArmService {
  return heard ? { ...arm, requests: Math.max(answers, arm.errors) } : arm;
}

interface ArmAnswers extends ArmCoverage {
  /** Settled or not. */
  readonly all: number;
}

/** Answers to clients since the stage began, by arm: all of them, the settled ones, and those of these that have a label. */
async function readAnswers(
  { project, config, log }: RolloutPorts,
  { stage, startedAt, endpoint, challenger }: OpenRollout,
  now: EpochMs,
): Promise<Readonly<Record<'champion' | 'challenger', ArmAnswers>>> {
  const from = stage.kind === 'shadow' ? startedAt : stage.since;
  const until = now - parseDuration(config.endpoint!.rollout.settle);
  const settled = until > from;
  // Stretches are counted from the lower bound: the first one ends where answers are not settled yet.
  const rows = await log.coverage({
    project,
    endpoint,
    metric: labelOf(config),
    predicted: { from, until: now + 1 },
    known: now,
    every: settled ? until - from : now + 1 - from,
  });
  const found = {
    champion: { variant: 'champion', predictions: 0, labelled: 0, all: 0 },
    challenger: { variant: 'challenger', predictions: 0, labelled: 0, all: 0 },
  };
  for (const row of rows) {
    const arm = row.version === challenger ? found.challenger : found.champion;
    arm.all += row.predictions;
    if (!settled || row.from !== from) continue;
    arm.predictions += row.predictions;
    arm.labelled += row.labelled;
  }
  return found;
}
