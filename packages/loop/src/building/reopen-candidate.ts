import { type RunRecord, TwinloopError } from '@twinloop/kernel';
import { measure } from './evaluate.js';
import type { BuildPorts, JudgedCandidate } from './ports.js';
import { prepareRows } from './prepare-rows.js';
import type { BuildRequest } from './request.js';
import type { Remembered } from './run-record.js';
import { type Fit, openFit } from './steps/fit-model.js';

/**
 * The candidate of a run as its gates saw it: both fits from the build cache, and the same held-out rows. It can then be
 * judged again, without a training.
 * @param request with the rows of the run's own dataset version
 * @throws not_found when the run chose no candidate, or its fits are no longer in the cache
 */
export async function reopenCandidate(
  ports: Pick<BuildPorts, 'blobs' | 'steps' | 'open'>,
  request: Pick<BuildRequest, 'table' | 'label' | 'train' | 'time'>,
  run: RunRecord,
  model: string,
): Promise<JudgedCandidate> {
  const chosen = run.candidates.find(candidate => candidate.chosen);
  const fitOf = async (step: string): Promise<Fit> => {
    const key = run.steps.find(one => one.step === step)?.key;
    const known = key === undefined ? undefined : await ports.steps.get(key);
    if (known !== undefined) return (known as unknown as Remembered).result as unknown as Fit;
    throw new TwinloopError('not_found', {
      values: { what: `Step ${step} of ${run.run}` },
      hint: 'It was made elsewhere or its run was deleted. Prediction tests alone can be asked: `twinloop test --file FILE`.',
    });
  };
  const holdout = await openFit(ports, await fitOf(`candidates/${chosen?.name ?? ''}`));
  const refit = await openFit(ports, await fitOf('refit'));
  const rows = prepareRows(request).holdout;
  return {
    name: model,
    algorithm: chosen!.algorithm,
    window: chosen!.window,
    holdout,
    refit,
    rows,
    ...(await measure(holdout.model, rows, request.label, request.train.task)),
  };
}
