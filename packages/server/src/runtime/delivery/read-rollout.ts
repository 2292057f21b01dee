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
  return {
    paired: decisive(config, joinPaired(parts, heard ? 'predictedAt' : 'arrivedAt')),
    coverage: await readCoverage(ports, rollout, now),
    service: await readService(ports, rollout, arms, now),
  };
}

/** Errors and latencies of this life of the process; the answers to clients are counted in the log, which outlives it. */
async function readService(
  { project, config, log }: RolloutPorts,
  { champions, challenger, stage, endpoint }: OpenRollout,
  arms: ArmStats,
  now: EpochMs,
): Promise<readonly ArmService[]> {
  const served = [arms.service('champion', champions.at(-1)!), arms.service('challenger', challenger)];
  if (stage.kind === 'shadow') return served;
  const rows = await log.coverage({
    project,
    endpoint,
    metric: labelOf(config),
    predicted: { from: stage.since, until: now + 1 },
    every: now + 1 - stage.since,
  });
  const answers = (ofChallenger: boolean): number =>
    rows.reduce(
      (sum, { version, predictions }) => sum + ((version === challenger) === ofChallenger ? predictions : 0),
      0,
    );
  return served.map(arm => ({
    ...arm,
    requests: Math.max(answers(arm.variant === 'challenger'), arm.errors),
  }));
}

/** Settled answers to clients and how many of them have a label, by arm, since the stage began. */
async function readCoverage(
  { project, config, log }: RolloutPorts,
  { stage, startedAt, endpoint, challenger }: OpenRollout,
  now: EpochMs,
): Promise<readonly ArmCoverage[]> {
  const from = stage.kind === 'shadow' ? startedAt : stage.since;
  const until = now - parseDuration(config.endpoint!.rollout.settle);
  const arms = {
    champion: { variant: 'champion', predictions: 0, labelled: 0 },
    challenger: { variant: 'challenger', predictions: 0, labelled: 0 },
  };
  if (until > from) {
    const rows = await log.coverage({
      project,
      endpoint,
      metric: labelOf(config),
      predicted: { from, until },
      known: now,
      every: until - from,
    });
    for (const { version, predictions, labelled } of rows) {
      const arm = version === challenger ? arms.challenger : arms.champion;
      arm.predictions += predictions;
      arm.labelled += labelled;
    }
  }
  return stage.kind === 'shadow' ? [arms.champion] : [arms.champion, arms.challenger];
}
