import { formatCount, type Json, TwinloopError, type Verdict } from '@twinloop/kernel';
import type { BuildPorts, JudgedCandidate } from '../ports.js';
import type { BuildRequest } from '../request.js';
import type { RunBook } from '../run-record.js';
import { stepKey } from '../step-key.js';

/** A gate that could not be judged did not pass, unless the project says that it may (`train.inconclusive: pass`). */
export function stops(verdict: Verdict, inconclusive: 'fail' | 'pass'): boolean {
  return verdict.status === 'fail' || (verdict.status === 'inconclusive' && inconclusive === 'fail');
}

/** The error of a run that its gates stopped: each of them with its reason. */
export function gatesError(model: string, verdicts: readonly Verdict[]): TwinloopError {
  const told = verdicts.filter(verdict => verdict.status !== 'pass');
  return new TwinloopError('gate_failed', {
    field: told[0]?.gate ?? 'gates',
    values: { model, count: told.length },
    details: told.map(({ gate, status, reason }) => ({
      field: gate,
      message: `${gate} ${status === 'fail' ? 'failed' : 'was inconclusive'}: ${reason}`,
    })),
  });
}

class GatesStopped extends Error {
  readonly verdicts: readonly Verdict[];
  constructor(message: string, verdicts: readonly Verdict[]) {
    super(message);
    this.verdicts = verdicts;
  }
}

function inWords(verdicts: readonly Verdict[]): string {
  const count = (status: Verdict['status']): number =>
    verdicts.filter(verdict => verdict.status === status).length;
  const parts = [`${formatCount(count('pass'))} of ${formatCount(verdicts.length)} gates passed`];
  if (count('fail') > 0) parts.push(`${formatCount(count('fail'))} failed`);
  if (count('inconclusive') > 0) parts.push(`${formatCount(count('inconclusive'))} inconclusive`);
  return parts.join(', ');
}

/**
 * Asks the gates and records each verdict. Verdicts that let the candidate through are kept by content, so that a
 * second identical build does not measure again; a candidate that was stopped is judged anew.
 */
export async function judgeCandidate(
  ports: BuildPorts,
  request: BuildRequest,
  candidate: JudgedCandidate,
  book: RunBook,
): Promise<{ readonly verdicts: readonly Verdict[]; readonly passed: boolean }> {
  const inconclusive = request.train.inconclusive ?? 'fail';
  const key = stepKey(ports.digest, 'gates', {
    holdout: candidate.holdout.hash,
    refit: candidate.refit.hash,
    rows: { dataset: request.version.version, holdout: request.train.holdout },
    // The gate `skew` holds requests against what their sources say now.
    sources: request.sources ?? {},
    gates: request.gates,
    inconclusive,
  });
  let verdicts: readonly Verdict[];
  let passed = true;
  try {
    const step = await book.step('gates', key, async () => {
      const judged = await ports.judge(candidate);
      if (judged.some(verdict => stops(verdict, inconclusive)))
        throw new GatesStopped(inWords(judged), judged);
      return { summary: inWords(judged), result: judged as unknown as Json };
    });
    verdicts = step.result as unknown as readonly Verdict[];
  } catch (error) {
    if (!(error instanceof GatesStopped)) throw error;
    verdicts = error.verdicts;
    passed = false;
  }
  book.verdicts(verdicts);
  for (const [index, verdict] of verdicts.entries()) {
    await book.say(
      'GateJudged',
      { run: request.run, model: candidate.name, verdict },
      `gates/${index}/${verdict.gate}`,
    );
  }
  return { verdicts, passed };
}
