import type { LossView } from '@twinloop/client';
import { isScaled, shownLoss } from '@twinloop/stats';
import { watchedLoss } from '../config/by-task.js';
import { trainingDataset } from '../config/check-project.js';
import type { ProjectConfig } from '../config/project-config.js';
import type { WindowLoss } from '../runtime/monitoring/watch.js';

/** Which figure people are shown for the project's loss, and what it counts in. */
export function lossName(config: ProjectConfig): Pick<LossView, 'metric' | 'title' | 'unit'> {
  const loss = watchedLoss(config);
  const { metric, title } = shownLoss(loss, 0);
  const dataset = trainingDataset(config);
  const unit = dataset === undefined ? undefined : config.datasets[dataset]?.label?.unit;
  return { metric, title, unit: isScaled(loss) ? (unit ?? null) : null };
}

/** A window's mean loss as people read it: the root of a mean squared error, with the label's unit. */
export function lossView(config: ProjectConfig, last: WindowLoss | null): LossView | null {
  if (last === null) return null;
  return { ...lossName(config), value: shownLoss(last.loss, last.mean).value, n: last.n };
}
