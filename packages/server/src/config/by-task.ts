import { isScaled, lossesOfTask, type LossName } from '@twinloop/stats';
import type { ProjectFinding } from './finding.js';
import type { ProjectConfig } from './project-config.js';

type Unfilled<T> = { readonly [K in keyof T]?: T[K] };

/** Tolerances by whether the loss has the label's unit; then they are shares of the champion's loss. */
const ROLLOUT_TOLERANCE = { plain: 0.002, scaled: 0.02 };
const QUALITY_TOLERANCE = { plain: 0.05, scaled: 0.25 };
/** Of a rate; for regression in standard deviations of the label. */
const CALIBRATION_TOLERANCE = { rate: 0.03, deviations: 0.1 };

/**
 * Fills in what depends on the task. A project has one loss: the one that the rollout or the quality monitor names, else
 * the task's; whoever names none takes that one.
 */
export function fillByTask(config: ProjectConfig): ProjectConfig {
  const { endpoint, monitors, gates, train } = config;
  const rollout = endpoint?.rollout as Unfilled<NonNullable<typeof endpoint>['rollout']> | undefined;
  const quality = monitors.quality as Unfilled<typeof monitors.quality>;
  const calibration = monitors.calibration as Unfilled<typeof monitors.calibration>;
  const losses: readonly string[] = lossesOfTask(train.task);
  // A metric that does not fit is reported where it stands, and nobody else takes it.
  const own =
    [rollout?.metric, quality.metric].find(one => one !== undefined && losses.includes(one)) ?? losses[0]!;
  const compared = rollout?.metric ?? own;
  const watched = quality.metric ?? own;
  const kind = (metric: string): 'scaled' | 'plain' => (isScaled(metric as LossName) ? 'scaled' : 'plain');
  return {
    ...config,
    gates: gates.map(gate =>
      comparesLosses(gate)
        ? {
            ...gate,
            metric: (gate as Unfilled<typeof gate>).metric ?? (losses.includes(compared) ? compared : own),
          }
        : gate,
    ),
    ...(endpoint === undefined
      ? {}
      : {
          endpoint: {
            ...endpoint,
            rollout: {
              ...endpoint.rollout,
              metric: compared,
              tolerance: rollout?.tolerance ?? ROLLOUT_TOLERANCE[kind(compared)],
            },
          },
        }),
    monitors: {
      ...monitors,
      quality: {
        ...monitors.quality,
        metric: watched,
        tolerance: quality.tolerance ?? QUALITY_TOLERANCE[kind(watched)],
      },
      calibration: {
        ...monitors.calibration,
        tolerance:
          calibration.tolerance ??
          (train.task === 'regression' ? CALIBRATION_TOLERANCE.deviations : CALIBRATION_TOLERANCE.rate),
      },
    },
  };
}

/** Gates whose metric is the loss of one row. */
function comparesLosses(
  gate: ProjectConfig['gates'][number],
): gate is Extract<typeof gate, { gate: 'champion' | 'slices' | 'robustness' }> {
  return gate.gate === 'champion' || gate.gate === 'slices' || gate.gate === 'robustness';
}

/** Metrics that do not fit the task: a log loss of minutes, an AUC of a regression. */
export function checkByTask({ endpoint, monitors, gates, train }: ProjectConfig): readonly ProjectFinding[] {
  const { task } = train;
  const losses: readonly string[] = lossesOfTask(task);
  const findings: ProjectFinding[] = [];
  const fits = (path: readonly (string | number)[], metric: string): void => {
    // What compares several classes is said beside the rest about them.
    if (task === 'multiclass' || losses.includes(metric)) return;
    findings.push({
      path,
      message: `${metric} does not fit task ${task}`,
      hint: `Use ${losses.join(' or ')}.`,
    });
  };
  if (endpoint !== undefined) fits(['endpoint', 'rollout', 'metric'], endpoint.rollout.metric);
  fits(['monitors', 'quality', 'metric'], monitors.quality.metric);
  for (const [i, gate] of gates.entries())
    if (comparesLosses(gate)) fits(['gates', i, 'metric'], gate.metric);
  return findings;
}

/** The loss that the project's answers are judged by, wherever a figure of them is shown. */
export function watchedLoss(config: ProjectConfig): LossName {
  return config.monitors.quality.metric as LossName;
}
