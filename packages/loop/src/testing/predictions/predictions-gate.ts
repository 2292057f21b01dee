import { formatCount, type GateFinding, TwinloopError, type Verdict } from '@twinloop/kernel';
import type { PredictionsGate } from '../config.js';
import type { GateContext } from '../gate-context.js';
import type { PredictionTest } from './prediction-test.js';
import { runTest } from './run-test.js';

/** A verdict travels with its run: nobody reads the hundredth test that does not hold. */
const MOST_FINDINGS = 50;

/**
 * Asks the tests of a file, and those that people made of edge cases. All tests are run, and the first complaints told:
 * people repair a file, not a line.
 * @throws not_found when the file was not supplied
 */
export async function predictionsGate({ file }: PredictionsGate, context: GateContext): Promise<Verdict> {
  const tests = context.tests?.[file];
  if (tests === undefined)
    throw new TwinloopError('not_found', {
      field: 'gates',
      values: { what: `Prediction test file ${file}` },
    });
  const adopted = context.adopted ?? [];
  const findings: GateFinding[] = [];
  const run = async (test: PredictionTest, place: Pick<GateFinding, 'file' | 'line'>): Promise<void> => {
    const message = await runTest(test, context);
    if (message !== undefined) findings.push({ test: test.name, message, ...place });
  };
  for (const test of tests)
    await run(test, { file, ...(test.line === undefined ? {} : { line: test.line }) });
  for (const test of adopted) await run(test, {});
  const count = tests.length + adopted.length;
  const of = `${formatCount(count)} prediction tests of ${file}${adopted.length === 0 ? '' : ` and of ${formatCount(adopted.length)} edge cases`}`;
  const told = findings.slice(0, 3).map(({ test, message }) => `"${test}" ${message}`);
  const more = findings.length > 3 ? `; and ${formatCount(findings.length - 3)} more` : '';
  return {
    gate: 'predictions',
    status: findings.length === 0 ? 'pass' : 'fail',
    reason:
      findings.length === 0
        ? `${of} hold`
        : `${formatCount(findings.length)} of ${of} do not hold: ${told.join('; ')}${more}`,
    evidence: [
      {
        statistic: 'prediction tests failed',
        value: findings.length,
        n: count,
        threshold: 0,
        method: `known inputs, invariance and direction tests of ${file}`,
      },
    ],
    ...(findings.length === 0 ? {} : { findings: findings.slice(0, MOST_FINDINGS) }),
  };
}
