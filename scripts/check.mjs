// `npm run check [-- --affected]`: format, lint, import rules, types, and the unit, contract and arch tests.
// --affected limits format, lint and tests to what differs from main, and to the packages that rest on it.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { affected } from './lib/affected.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { requireNode } from './lib/node-version.mjs';
import { plainEnv } from './lib/plain-env.mjs';
import { root } from './lib/root.mjs';

requireNode();
ensureInstalled();
// Some tests start workers, which run what is built; the pages are not among them.
ensureBuilt({ web: false });

const scope = process.argv.includes('--affected') ? affected() : undefined;
const packages = (scope?.packages ?? readdirSync(join(root, 'packages'))).map(name => `packages/${name}`);
const formatted = scope?.files.filter(file =>
  statSync(join(root, file), { throwIfNoEntry: false })?.isFile(),
);

const modules = join(root, 'node_modules');
const step = (name, tool, ...args) => ({ name, args: [join(modules, tool), ...args] });
/** With the compiler's own record of what it knows: sound, unlike a cache of type-aware lint results. */
const types = (name, project, record) =>
  step(
    name,
    'typescript/bin/tsc',
    ...['-p', project, '--noEmit', '--incremental', '--tsBuildInfoFile', join(modules, '.cache/tsc', record)],
  );

/** Longest first, so that two at a time end together. */
const steps = [
  step(
    'tests',
    'vitest/vitest.mjs',
    ...['run', ...packages, 'tests/arch', 'tests/contract', '--reporter=dot', '--passWithNoTests'],
  ),
  step(
    'lint',
    'eslint/bin/eslint.js',
    ...['--no-error-on-unmatched-pattern', ...packages, 'tests', ...(scope ? [] : ['bench'])],
  ),
  types('types', 'tsconfig.json', 'root.tsbuildinfo'),
  types('types of the pages', 'packages/web/tsconfig.json', 'web.tsbuildinfo'),
  step(
    'import rules',
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ...['packages', 'tests', '--config', '.dependency-cruiser.cjs'],
  ),
  step('format', '@biomejs/biome/bin/biome', 'format', '--no-errors-on-unmatched', ...(formatted ?? ['.'])),
].filter(
  ({ name }) =>
    (name !== 'types of the pages' || existsSync(join(root, 'packages/web/tsconfig.json'))) &&
    (name !== 'format' || formatted?.length !== 0),
);

function run({ name, args }) {
  const started = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: plainEnv(),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', chunk => {
      output += chunk;
    });
  }
  return new Promise(resolve => {
    child.on('close', code =>
      resolve({ name, ok: code === 0, output, seconds: (performance.now() - started) / 1000 }),
    );
  });
}

const began = performance.now();
const results = [];
const queue = [...steps];
async function lane() {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const result = await run(next);
    results.push(result);
    if (!result.ok) process.stdout.write(`--- ${result.name}\n${result.output}\n`);
  }
}
await Promise.all([lane(), lane()]);

const line = (name, seconds, ok) =>
  console.log(`${name.padEnd(20)}${seconds.toFixed(1).padStart(8)}  ${ok ? 'pass' : 'FAIL'}`);
const what = scope === undefined ? 'everything' : `affected: ${scope.packages.join(', ') || 'no package'}`;
console.log(`\n${'step'.padEnd(20)}${'seconds'.padStart(8)}  result   (${what})`);
for (const { name } of steps) {
  const { ok, seconds } = results.find(result => result.name === name);
  line(name, seconds, ok);
}
const passed = results.every(result => result.ok);
line('all', (performance.now() - began) / 1000, passed);
process.exitCode = passed ? 0 : 1;
