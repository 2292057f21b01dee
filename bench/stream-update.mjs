// What one update of each stream detector costs. Promise: ours at most 1 µs per feature and row, in bounded memory. Peer:
// river's ADWIN, when $TWINLOOP_PYTHON (else `python3`) has river (`pip install river==0.26.1`). Needs the build; for
// steady figures pin it to one core. `node scripts/build.mjs --no-web && taskset -c 1 node bench/stream-update.mjs [updates]`
import { spawnSync } from 'node:child_process';
import * as stats from '@twinloop/stats';
import { load } from './lib/child.mjs';

const updates = Number(process.argv[2] ?? 2_000_000);
if (!(Number.isInteger(updates) && updates >= 1000)) {
  console.error('updates must be an integer ≥ 1000');
  process.exit(1);
}

/** One linear congruential generator for all: the values are made before the clock starts. */
function uniforms(n) {
  const values = new Float64Array(n);
  let seed = 1;
  for (let i = 0; i < n; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    values[i] = seed / 4294967296;
  }
  return values;
}

const numbers = uniforms(updates);
const bits = numbers.map(value => (value < 0.1 ? 1 : 0));

function nanosecondsOf(make, values) {
  let best = Infinity;
  let memory = 0;
  for (let round = 0; round < 3; round++) {
    const detector = make();
    const start = process.hrtime.bigint();
    for (let i = 0; i < values.length; i++) detector.update(values[i]);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / values.length);
    memory = JSON.stringify(detector.state()).length;
  }
  return { best, memory };
}

const OURS = {
  'Bernoulli GLR (ours), bits': [stats.bernoulliGlr, bits],
  'conformal Shiryaev–Roberts (ours), bits': [stats.conformalDetector, bits],
  'conformal Shiryaev–Roberts (ours), numbers': [stats.conformalDetector, numbers],
};
const RIVERS = {
  'ADWIN, numbers': [stats.adwin, numbers],
  'Page–Hinkley, numbers': [stats.pageHinkley, numbers],
  'DDM, bits': [stats.ddm, bits],
  'EDDM, bits': [stats.eddm, bits],
  'HDDM_A, bits': [stats.hddmA, bits],
  'HDDM_W, bits': [stats.hddmW, bits],
  'FHDDM, bits': [stats.fhddm, bits],
};

const PEER = `
import sys, time
from river import drift
n = int(sys.argv[1]); seed = 1; xs = []
for _ in range(n):
    seed = (seed * 1664525 + 1013904223) % 4294967296
    xs.append(seed / 4294967296)
best = 1e9
for _ in range(3):
    d = drift.ADWIN(); t = time.perf_counter()
    for x in xs: d.update(x)
    best = min(best, (time.perf_counter() - t) / n)
print(best * 1e9)
`;

console.log(`${updates} updates, best of 3 rounds; ${load()}`);
console.log('| detector | ns per update | state, bytes of JSON |');
console.log('|---|---|---|');
let slowest = 0;
const measured = new Map();
for (const [name, [make, values]] of Object.entries({ ...OURS, ...RIVERS })) {
  const { best, memory } = nanosecondsOf(make, values);
  measured.set(name, best);
  if (name in OURS) slowest = Math.max(slowest, best);
  console.log(`| ${name} | ${best.toFixed(0)} | ${memory} |`);
}

const python = process.env.TWINLOOP_PYTHON ?? 'python3';
const peer = spawnSync(python, ['-c', PEER, String(Math.min(updates, 1_000_000))], { encoding: 'utf8' });
if (peer.status === 0) {
  const theirs = Number(peer.stdout);
  console.log(`| peer: river ADWIN, numbers | ${theirs.toFixed(0)} | |`);
  console.log(`our ADWIN costs × ${(measured.get('ADWIN, numbers') / theirs).toFixed(2)} of river's`);
} else {
  console.log(
    `peer missing: ${python} has no river (pip install river==0.26.1; TWINLOOP_PYTHON names a python)`,
  );
}
if (slowest > 1000) {
  console.log(`FAIL: ${slowest.toFixed(0)} ns, the goal is 1000`);
  process.exit(1);
}
