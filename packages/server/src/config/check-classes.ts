import type { ProjectFinding } from './finding.js';
import type { ProjectConfig } from './project-config.js';

/** Losses that ask "how probable was what happened?" alone; the others need every probability. */
const OF_CLASSES = 'log_loss';

/**
 * How rollouts of several classes are guarded: by errors, latency and labels. There is no mean to calibrate, and a jump
 * of the answers cannot be told from rows whose labels have come (their score is that of the class that came).
 */
export function guardedByClasses<C extends Pick<ProjectConfig, 'train' | 'endpoint'>>(config: C): C {
  if (config.train.task !== 'multiclass' || config.endpoint === undefined) return config;
  const { rollout } = config.endpoint;
  return {
    ...config,
    endpoint: {
      ...config.endpoint,
      rollout: {
        ...rollout,
        guardrails: { ...rollout.guardrails, calibration: Number.POSITIVE_INFINITY },
        rollback: { ...rollout.rollback, hold: false },
      },
    },
  };
}

/** What does not go together with several classes, and text features that name no text. */
export function checkClasses(config: ProjectConfig): readonly ProjectFinding[] {
  const findings: ProjectFinding[] = [];
  const { task, candidates } = config.train;
  if (task !== 'multiclass') return findings;
  const losses: [readonly (string | number)[], string][] = [
    [['monitors', 'quality', 'metric'], config.monitors.quality.metric],
    ...config.gates.flatMap((gate, i): [readonly (string | number)[], string][] =>
      gate.gate === 'champion' || gate.gate === 'slices' || gate.gate === 'robustness'
        ? [[['gates', i, 'metric'], gate.metric]]
        : [],
    ),
  ];
  if (config.endpoint !== undefined)
    losses.push([['endpoint', 'rollout', 'metric'], config.endpoint.rollout.metric]);
  for (const [path, metric] of losses)
    if (metric !== OF_CLASSES)
      findings.push({
        path,
        message: `"${metric}" does not compare models of several classes`,
        hint: `Use ${OF_CLASSES}.`,
      });
  for (const [i, algorithm] of candidates.algorithms.entries())
    if (algorithm === 'command')
      findings.push({
        path: ['train', 'candidates', 'algorithms', i],
        message: 'a command trainer cannot name the classes of its outputs',
        hint: 'Several classes are learned by linear and gbt.',
      });
  for (const [name, { label }] of Object.entries(config.datasets))
    if (label?.positive !== undefined)
      findings.push({
        path: ['datasets', name, 'label', 'positive'],
        message: 'of several classes none is the positive one',
        hint: 'Leave `positive` out, or declare `task: binary`.',
      });
  return findings;
}
