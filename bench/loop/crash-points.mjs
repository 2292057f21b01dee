// kill -9 at fifty moments drawn at random, over ten whole runs of a project: each has to end in the decisions, rows and
// labels of a run that nobody disturbed (A11). The machinery is the acceptance test's, which takes five moments.
//   node bench/loop/crash-points.mjs [POINTS]
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const points = process.argv[2] ?? '50';
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    'tests/acceptance/crash.test.ts',
    '-t',
    'at moments drawn',
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TWINLOOP_CRASH_POINTS: points } },
);
process.exit(status ?? 1);
