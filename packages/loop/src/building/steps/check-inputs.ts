import {
  type Canonicalizable,
  type ExpectationFinding,
  formatCount,
  shortHash,
  TwinloopError,
} from '@twinloop/kernel';
import { findLeaks } from './leaks.js';
import type { BuildPorts } from '../ports.js';
import type { BuildRequest } from '../request.js';
import type { RunBook } from '../run-record.js';
import { stepKey } from '../step-key.js';

/** The refusal of a version that broke its expectations: every finding, with its column. */
function dataRefused({ version }: BuildRequest): TwinloopError {
  const findings = (version.findings as unknown as readonly ExpectationFinding[]).filter(
    finding => finding.severity === 'error',
  );
  return new TwinloopError('data_refused', {
    field: findings[0]?.column ?? version.dataset,
    values: { dataset: version.dataset, version: shortHash(version.version), count: findings.length },
    details: findings.map(({ message, column }) => ({
      message,
      ...(column === undefined ? {} : { field: column }),
    })),
  });
}

async function checkData(ports: BuildPorts, request: BuildRequest, book: RunBook): Promise<void> {
  const { version, table } = request;
  const key = stepKey(ports.digest, 'expectations', {
    version: version.version,
    status: version.status,
    findings: version.findings,
  });
  await book.step('expectations', key, async () => {
    if (version.status === 'refused') throw dataRefused(request);
    const warnings = (version.findings as readonly unknown[]).length;
    const noted = warnings === 0 ? '' : `, ${formatCount(warnings)} warning(s)`;
    return {
      summary: `${version.dataset} ${shortHash(version.version)} accepted: ${formatCount(table.rows)} rows${noted}`,
      result: null,
    };
  });
}

async function checkFeatures(ports: BuildPorts, request: BuildRequest, book: RunBook): Promise<void> {
  const key = stepKey(ports.digest, 'leaks', {
    version: request.version.version,
    features: request.features as unknown as Canonicalizable,
    label: request.label,
    arrives: request.arrives,
    time: request.time,
    sources: request.sources ?? {},
  });
  await book.step('leaks', key, async () => ({ summary: findLeaks(request), result: null }));
}

async function checkCode(ports: BuildPorts, request: BuildRequest, book: RunBook): Promise<void> {
  const { runCodeTests } = ports;
  const { test } = request.train;
  if (runCodeTests === undefined || test === undefined) return;
  const key = stepKey(ports.digest, 'code-tests', { code: request.codeDigest, command: test.command });
  await book.step('code-tests', key, async () => {
    const { passed, tests, failures, ended } = await runCodeTests();
    if (!passed || failures.length > 0) {
      throw new TwinloopError('command_failed', {
        field: 'train.test',
        values: {
          command: test.command.join(' '),
          status:
            failures.length === 0
              ? ended
              : `${formatCount(failures.length)} of ${formatCount(tests)} tests failed (${failures[0]!.name})`,
        },
        details: failures.map(({ name, message }) => ({ message: `${name}: ${message}`, field: name })),
      });
    }
    return { summary: `${formatCount(tests)} tests passed`, result: null };
  });
}

/**
 * What must hold before anything is fitted: the version is accepted, no feature knows the future, the code's own
 * tests pass.
 * @throws data_refused · feature_leak · command_failed
 */
export async function checkInputs(ports: BuildPorts, request: BuildRequest, book: RunBook): Promise<void> {
  await checkData(ports, request, book);
  await checkFeatures(ports, request, book);
  await checkCode(ports, request, book);
}
