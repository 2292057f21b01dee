import type { EpochMs, PairedRows, PredictionLog, ProjectId } from '@twinloop/kernel';
import { parseDuration } from '@twinloop/kernel';
import type { ArmCoverage, OpenRollout, RolloutReading } from '@twinloop/loop/delivery';
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
  const { champions, challenger, startedAt, endpoint } = rollout;
  const parts: PairedRows[] = [];
  for (const champion of champions) {
    parts.push(
      await log.paired({
        project,
        endpoint,
        metric: labelOf(config),
        a: champion,
        b: challenger,
        predicted: { from: startedAt },
        arrived: { until: now },
      }),
    );
  }
  return {
    paired: decisive(config, joinPaired(parts)),
    coverage: await readCoverage(ports, rollout, now),
    service: [arms.service('champion', champions.at(-1)!), arms.service('challenger', challenger)],
  };
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
