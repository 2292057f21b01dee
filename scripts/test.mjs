// `npm test [-- vitest arguments]`: installs and builds what is missing, runs every suite, and ends with one line
// "N passed, N failed[, N skipped]" that sums them all. Machine-readable results go to reports/.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { plainEnv } from './lib/plain-env.mjs';
import { root } from './lib/root.mjs';

/** Said last, whatever happens: an install or a build that fails ends the process, and that is a failure, too. */
let sum = '0 passed, 1 failed';
process.on('exit', () => console.log(sum));

requireNode();
ensureInstalled();
ensureBuilt();

const reports = join(root, 'reports');
const skipFile = join(reports, 'skips.txt');
mkdirSync(reports, { recursive: true });
rmSync(skipFile, { force: true });

/** The acceptance suite starts whole processes and times them, so it gets the machine to itself, one file at a time. */
const runs = [
  { name: 'units', args: ['--exclude', 'tests/acceptance/**'] },
  { name: 'acceptance', args: ['tests/acceptance', '--no-file-parallelism'] },
];

function vitest({ name, args }) {
  const json = join(reports, `${name}.json`);
  rmSync(json, { force: true });
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      ...args,
      '--passWithNoTests',
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${json}`,
      '--reporter=junit',
      `--outputFile.junit=${join(reports, `${name}.xml`)}`,
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: plainEnv({ TWINLOOP_SKIPS: skipFile }) },
  );
  return new Promise(resolve => {
    child.on('exit', (code, signal) => resolve(countOf(name, json, signal ?? code)));
  });
}

/** True sums of one run; a suite that could not load, or a runner that fell over, is a failure too. */
function countOf(name, json, exit) {
  if (!existsSync(json))
    return { passed: 0, failed: 1, skipped: [], broken: [`${name}: no result (exit ${exit})`] };
  const { testResults } = JSON.parse(readFileSync(json, 'utf8'));
  const tests = testResults.flatMap(file =>
    file.assertionResults.map(test => ({ ...test, file: relative(root, file.name) })),
  );
  const failed = tests.filter(test => test.status === 'failed').length;
  const broken = testResults
    .filter(file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'))
    .map(file => `${relative(root, file.name)}: ${file.message}`);
  if (exit !== 0 && failed + broken.length === 0) broken.push(`${name}: the runner ended with ${exit}`);
  return {
    passed: tests.filter(test => test.status === 'passed').length,
    failed: failed + broken.length,
    skipped: tests.filter(test => test.status !== 'passed' && test.status !== 'failed'),
    broken,
  };
}

const total = { passed: 0, failed: 0, skipped: [], broken: [] };
for (const run of runs) {
  const { passed, failed, skipped, broken } = await vitest(run);
  total.passed += passed;
  total.failed += failed;
  total.skipped.push(...skipped);
  total.broken.push(...broken);
}

for (const line of total.broken) console.log(`BROKEN ${line}`);
const said = existsSync(skipFile) ? [...new Set(readFileSync(skipFile, 'utf8').trim().split('\n'))] : [];
for (const line of said) console.log(line);
for (const { file, fullName } of total.skipped) {
  const explained = said.some(line =>
    `${file} ${fullName}`.includes(line.slice('SKIP '.length, line.indexOf(': '))),
  );
  if (!explained) console.log(`SKIP ${file} > ${fullName}: no reason given`);
}
const skips = total.skipped.length === 0 ? '' : `, ${total.skipped.length} skipped`;
sum = `${total.passed} passed, ${total.failed} failed${skips}`;
process.exitCode = total.failed === 0 ? 0 : 1;
