import {
  type CandidateReport,
  type ContentHash,
  type ModelRecord,
  type RunRecord,
  TwinloopError,
  toTwinloopError,
  type Verdict,
} from '@twinloop/kernel';
import { type Candidate, choose, listCandidates } from './candidate.js';
import { checkInputs } from './steps/check-inputs.js';
import { measure } from './evaluate.js';
import { type Fit, fitModel, openFit } from './steps/fit-model.js';
import { gatesError, judgeCandidate } from './steps/judge-candidate.js';
import { rangeOf, type RowRange, windowRows } from './hold-out.js';
import { measureInTime } from './steps/in-time.js';
import { isOutage } from './outage.js';
import { prepareRows, type Rows } from './prepare-rows.js';
import type { BuildPorts } from './ports.js';
import { modelName, registerModel } from './steps/register-model.js';
import type { BuildRequest } from './request.js';
import { openBook, type RunBook } from './run-record.js';

export interface BuildOutcome {
  /** `refused`: the data was not fit to learn from, so nothing was tried. */
  readonly status: 'passed' | 'failed' | 'refused';
  readonly reason: string;
  readonly record: RunRecord;
  /** Fits made by this run; what the step cache held is not counted. */
  readonly trained: number;
  readonly model?: ModelRecord;
  /** Why it did not pass, as a caller at the door sees it. */
  readonly error?: TwinloopError;
}

const REFUSALS: ReadonlySet<string> = new Set(['data_refused', 'feature_leak']);

/** A candidate with its fit on everything before the hold-out. */
interface Tried extends Candidate {
  readonly fit: Fit;
  readonly metrics: Readonly<Record<string, number>>;
  readonly cached: boolean;
}

/** Distinct fits of this run, whether made now or before a restart. */
class FitCount {
  readonly #keys = new Set<ContentHash>();
  add(step: { readonly key: ContentHash; readonly status: 'done' | 'cached' }): void {
    if (step.status === 'done') this.#keys.add(step.key);
  }
  get value(): number {
    return this.#keys.size;
  }
}

async function tryCandidates(
  ports: BuildPorts,
  request: BuildRequest,
  rows: Rows,
  book: RunBook,
  count: FitCount,
): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  let failure: TwinloopError | undefined;
  for (const candidate of listCandidates(request.train, request.only)) {
    const range: RowRange = windowRows(rows.times, rows.split, candidate.window);
    try {
      const step = await fitModel(
        ports,
        request,
        {
          step: `candidates/${candidate.name}`,
          algorithm: candidate.algorithm,
          learn: rangeOf(rows.table, range),
          measure: rows.holdout,
          rows: { learn: [range.from, range.until], measure: [rows.split, rows.table.rows] },
        },
        book,
      );
      count.add(step);
      const fit = step.result as unknown as Fit;
      tried.push({ ...candidate, fit, metrics: fit.metrics, cached: step.status === 'cached' });
    } catch (error) {
      // One candidate that cannot learn (too few rows in its window) leaves the choice to the others.
      const known = toTwinloopError(error);
      if (known.code !== 'training_failed') throw known;
      failure = known;
    }
  }
  if (tried.length === 0)
    throw failure ?? new TwinloopError('internal', { values: { reason: 'no candidates' } });
  return tried;
}

function reportOf(
  request: BuildRequest,
  candidates: readonly Tried[],
  chosen: Tried,
): readonly CandidateReport[] {
  return candidates.map(candidate => ({
    name: candidate.name,
    algorithm: candidate.algorithm,
    window: candidate.window,
    parameters: request.train.parameters[candidate.algorithm] ?? {},
    metrics: candidate.metrics,
    chosen: candidate === chosen,
    cached: candidate.cached,
    seconds: candidate.fit.seconds,
  }));
}

async function build(
  ports: BuildPorts,
  request: BuildRequest,
  book: RunBook,
  count: FitCount,
): Promise<
  | { readonly model: ModelRecord; readonly reason: string }
  | { readonly verdicts: readonly Verdict[]; readonly model: string }
> {
  await checkInputs(ports, request, book);
  const rows = prepareRows(request);

  const fitted = await tryCandidates(ports, request, rows, book, count);
  const inTime =
    rows.dayOf === undefined
      ? new Map<string, number>()
      : await measureInTime(ports, request, rows.table, rows.dayOf, book, step => count.add(step));
  const candidates = fitted.map(candidate => {
    const auc = inTime.get(candidate.algorithm);
    return auc === undefined
      ? candidate
      : { ...candidate, metrics: { ...candidate.metrics, in_time_auc: auc } };
  });
  const first = request.firstModel === true && request.only === undefined ? request.train.first : undefined;
  const chosen = choose(candidates, request.train.task, first);
  if (chosen === undefined) {
    throw new TwinloopError('training_failed', {
      field: 'train.first',
      values: { run: request.run, reason: `no candidate of the algorithm to go first (${first}) was fitted` },
    });
  }
  book.candidates(reportOf(request, candidates, chosen));
  book.log(`chosen: ${chosen.name}${first === undefined ? '' : ' (goes first, as declared)'}`);

  // In drift freshness counts: what serves has seen the newest rows too, with everything else as it was judged.
  const range = windowRows(rows.times, rows.table.rows, chosen.window);
  const refitStep = await fitModel(
    ports,
    request,
    {
      step: 'refit',
      algorithm: chosen.algorithm,
      learn: rangeOf(rows.table, range),
      rows: { learn: [range.from, range.until] },
    },
    book,
  );
  count.add(refitStep);
  const refit = await openFit(ports, refitStep.result as unknown as Fit);
  const holdout = await openFit(ports, chosen.fit);

  const { verdicts, passed } = await judgeCandidate(
    ports,
    request,
    {
      name: modelName(request, refit.hash),
      algorithm: chosen.algorithm,
      window: chosen.window,
      holdout,
      refit,
      rows: rows.holdout,
      ...(await measure(holdout.model, rows.holdout, request.label, request.train.task)),
      metrics: chosen.metrics,
    },
    book,
  );
  await ports.passTime?.(count.value);
  if (!passed) return { verdicts, model: modelName(request, refit.hash) };
  const model = await registerModel(ports, request, chosen, refit, book);
  return { model, reason: `${chosen.name} passed ${verdicts.length} gate(s)` };
}

/**
 * One run, from a dataset version to a registered model:
 * expectations → leaks → code tests → candidates → choice → refit → gates → register.
 * Every step has a content key; what was done once is not done again, in this run (after a restart) or in a later one.
 * A run that does not pass is an outcome, not an exception.
 * @throws only what says nothing about the build (a full store, a shutdown): the run stays open; ask again by the same id
 */
export async function runBuild(ports: BuildPorts, request: BuildRequest): Promise<BuildOutcome> {
  const book = openBook(ports, request);
  const count = new FitCount();
  const close = async (status: 'failed' | 'refused', error: TwinloopError): Promise<BuildOutcome> => {
    const record = await book.finish(status, error.message, { trained: count.value });
    return { status, reason: error.message, record, trained: count.value, error };
  };
  try {
    await book.begin(listCandidates(request.train, request.only).map(({ name }) => name));
    const built = await build(ports, request, book, count);
    if ('verdicts' in built) return await close('failed', gatesError(built.model, built.verdicts));
    const { model, reason } = built;
    const record = await book.finish('passed', reason, { trained: count.value, model: model.model });
    return { status: 'passed', reason, record, trained: count.value, model };
  } catch (thrown) {
    const error = toTwinloopError(thrown);
    if (isOutage(error)) throw error;
    return close(REFUSALS.has(error.code) ? 'refused' : 'failed', error);
  }
}
