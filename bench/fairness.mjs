// Fairness of 100,000 rows: five metrics by eight groups with their disparities, ours (with intervals) against Fairlearn's
// MetricFrame (without). The peer runs when `python3` (or $TWINLOOP_PYTHON, $PYTHON) has fairlearn: `pip install fairlearn`.
// Needs the build; for steady figures pin it to one core: `taskset -c 1 …`.
// `node scripts/build.mjs --no-web && node bench/fairness.mjs [rows]`
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fairnessReport } from '@twinloop/stats';
import { load } from './lib/child.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const rows = Number(process.argv[2] ?? 100_000);
const GROUPS = 8;
const NAMES = ['accuracy', 'precision', 'recall', 'selection_rate', 'false_positive_rate'];

/** A small generator of our own: the same rows every time. */
let state = 12345;
const uniform = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state + 0.5) / 4294967296;
};
const labels = new Uint8Array(rows);
const predictions = new Uint8Array(rows);
const groups = new Int32Array(rows);
for (let i = 0; i < rows; i++) {
  groups[i] = Math.floor(uniform() * GROUPS);
  labels[i] = uniform() < 0.3 + 0.02 * groups[i] ? 1 : 0;
  predictions[i] = uniform() < (labels[i] ? 0.7 : 0.2) ? 1 : 0;
}

const cpu = work => {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
};
const ask = () => fairnessReport(NAMES, { task: 'binary', labels, predictions }, groups, GROUPS);
const first = cpu(ask).seconds;
const times = Array.from({ length: 21 }, () => cpu(ask).seconds).sort((a, b) => a - b);
const ours = times[10];
const { result } = cpu(ask);

console.log(`${rows} rows, ${GROUPS} groups, ${NAMES.length} metrics with disparities; ${load()}`);
const ms = seconds => `${(1000 * seconds).toFixed(2)} ms`;
console.log(`ours, with intervals: ${ms(ours)} CPU (the first call ${ms(first)}); goal 10 ms`);

const directory = mkdtempSync(join(tmpdir(), 'twinloop-fairness-'));
const file = join(directory, 'rows.json');
writeFileSync(file, JSON.stringify({ y: [...labels], pred: [...predictions], group: [...groups] }));
const python = process.env.TWINLOOP_PYTHON ?? process.env.PYTHON ?? 'python3';
const peer = spawnSync(python, [join(here, 'fairness_fairlearn.py'), file], { encoding: 'utf8' });
rmSync(directory, { recursive: true, force: true });
if (peer.status !== 0) {
  console.log(
    `Fairlearn is not there (${python}): pip install fairlearn, or name an interpreter in TWINLOOP_PYTHON`,
  );
} else {
  const { seconds, version, differences } = JSON.parse(peer.stdout);
  console.log(
    `Fairlearn ${version}, without intervals: ${ms(seconds)} CPU; ratio ${(seconds / ours).toFixed(0)}`,
  );
  const apart = result.map(({ difference }, i) => Math.abs(difference - differences[i]));
  console.log(
    `largest distance of the five differences between groups: ${Math.max(...apart).toExponential(1)}`,
  );
}
