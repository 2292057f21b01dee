// A profile of 1 M rows × 25 columns in one pass of mergeable sketches, beside the exact way (every column sorted or
// counted whole; it says nothing of traits and keys), in one run; then what a version costs that continues another one. CPU seconds and peak memory above the
// table, each in a process of its own. Needs the build; for steady figures pin it to one core.
// `node scripts/build.mjs --no-web && node bench/profile.mjs [rows]`
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { seededRng } from '@twinloop/kernel';
import { mergeProfiles, profileOf, profileSketchToJson, sketchTable } from '@twinloop/loop/data';
import { profileCategorical, profileNumeric } from '@twinloop/stats';
import { load } from './lib/child.mjs';

const [size = '1000000', way] = process.argv.slice(2);
const rows = Number(size);

function made(rows, seed) {
  const rng = seededRng(seed);
  const number = (name, of, type = 'number') => ({
    name,
    type,
    values: Float64Array.from({ length: rows }, (_, i) => of(i)),
  });
  const text = (name, of) => ({
    name,
    type: 'string',
    values: Array.from({ length: rows }, (_, i) => of(i)),
  });
  const levels = Array.from({ length: 30 }, (_, i) => `c${i}`);
  return {
    rows,
    columns: [
      ...Array.from({ length: 15 }, (_, k) => number(`n${k}`, () => rng.next() * 100)),
      ...Array.from({ length: 5 }, (_, k) => text(`s${k}`, () => levels[Math.floor(rng.next() * 30)])),
      text('id', i => `A${String(i).padStart(7, '0')}`),
      number('k', i => i),
      number('at', i => 1.6e12 + i * 1000, 'time'),
      number('b', () => Number(rng.next() < 0.3), 'boolean'),
      number('m', () => (rng.next() < 0.02 ? Number.NaN : rng.next())),
    ],
  };
}

const WAYS = {
  sketches: ({ whole }) => profileOf(sketchTable(whole)),
  exact: ({ whole }) =>
    whole.columns.map(({ type, values }) =>
      type === 'string' ? profileCategorical(values) : profileNumeric(values),
    ),
  continued: ({ known, more }) => profileOf(mergeProfiles(known, sketchTable(more))),
};

if (way === undefined) {
  console.log(`profile of ${rows.toLocaleString('en-US')} rows × 25 columns, ${load()}`);
  for (const name of Object.keys(WAYS)) {
    const run = spawnSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), size, name], {
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(run.stderr);
    process.stdout.write(run.stdout);
  }
} else {
  const whole = way === 'continued' ? undefined : made(rows, 1);
  const given =
    way === 'continued' ? { known: sketchTable(made(rows, 1)), more: made(rows / 20, 2) } : { whole };
  globalThis.gc();
  let peak = 0;
  const before = process.memoryUsage();
  const start = process.cpuUsage();
  WAYS[way](given);
  const { user, system } = process.cpuUsage(start);
  const after = process.memoryUsage();
  peak = (process.resourceUsage().maxRSS * 1024 - before.rss) / 1e6;
  const kept = (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6;
  const name = {
    sketches: 'in one pass of sketches',
    exact: 'exact, sorted and counted',
    continued: `merged with ${rows / 20} rows more`,
  }[way];
  console.log(
    `  ${name.padEnd(32)} ${((user + system) / 1e6).toFixed(2)} CPU s, ${Math.max(0, peak).toFixed(0)} MB on top at most, ${Math.max(0, kept).toFixed(0)} MB left to collect`,
  );
  if (way === 'sketches') {
    const json = JSON.stringify(profileSketchToJson(sketchTable(whole)));
    console.log(
      `  stored beside the version        ${(json.length / 1e6).toFixed(1)} MB of JSON, ${(gzipSync(json, { level: 1 }).length / 1e6).toFixed(1)} MB compressed`,
    );
  }
}
