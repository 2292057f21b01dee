import type { SlicesView } from '@twinloop/client';
import { takeRows } from '@twinloop/kernel';
import { worstSlices } from '@twinloop/loop/monitoring';
import { LOSS_CLIP, lossesOf } from '@twinloop/stats';
import { watchedLoss } from '../config/by-task.js';
import type { ProjectConfig } from '../config/project-config.js';
import type { Answers } from './read-answers.js';

/** The newest labelled answers are searched: enough to find a part of one in a hundred. */
const MOST = 20_000;

/** Which parts of the newest labelled answers do worst by the watched loss. */
export function slicesView(config: ProjectConfig, answers: Answers): SlicesView | null {
  const labelled: number[] = [];
  for (let row = answers.rows - 1; row >= 0 && labelled.length < MOST; row--)
    if (!Number.isNaN(answers.label[row]! + answers.score[row]!)) labelled.push(row);
  labelled.reverse();
  const [first, last] = [labelled[0], labelled.at(-1)];
  if (first === undefined || last === undefined) return null;
  const loss = watchedLoss(config);
  const pick = (values: Float64Array): Float64Array => Float64Array.from(labelled, row => values[row]!);
  const losses = lossesOf(loss, pick(answers.label), pick(answers.score), LOSS_CLIP);
  const found = worstSlices(takeRows(answers.inputs, labelled), losses, loss);
  return found === null ? null : { from: answers.at[first]!, until: answers.at[last]!, ...found };
}
