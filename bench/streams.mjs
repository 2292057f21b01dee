// Drift detectors on streams of error bits: ours first, then the peers from river as @twinloop/stats has them (equal to
// river 0.26.1, see the golden cases). Promise: episode F1 ≥ 0.70 and no alarm on streams without drift; exits 1 otherwise.
// `--data FILE` names JSON Lines of {n, burn_in, onset, end, max_delay, bits} (bits: base64, most significant first, 1 =
// error; onset null: no drift); `--data DIR` takes every *.jsonl in it. Needs the build.
// `node scripts/build.mjs --no-web && node bench/streams.mjs --data FILE`
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  adwin,
  bernoulliGlr,
  conformalDetector,
  ddm,
  eddm,
  fhddm,
  hddmA,
  hddmW,
  pageHinkley,
} from '@twinloop/stats';
import { load } from './lib/child.mjs';

const { values: options } = parseArgs({ options: { data: { type: 'string' } } });
if (options.data === undefined || !existsSync(options.data)) {
  console.error('name the streams: node bench/streams.mjs --data FILE.jsonl (or a folder of such files)');
  process.exit(1);
}

const DETECTORS = {
  'Bernoulli GLR (ours)': bernoulliGlr,
  'conformal Shiryaev–Roberts (ours)': conformalDetector,
  ADWIN: adwin,
  'Page–Hinkley': pageHinkley,
  DDM: ddm,
  EDDM: eddm,
  HDDM_A: hddmA,
  HDDM_W: hddmW,
  'FHDDM (on errors)': fhddm,
};

const files = statSync(options.data).isDirectory()
  ? readdirSync(options.data)
      .filter(file => file.endsWith('.jsonl'))
      .map(file => join(options.data, file))
  : [options.data];
const streams = files.flatMap(file =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(line => line.trim() !== '')
    .map(line => JSON.parse(line))
    .map(stream => ({ ...stream, packed: Buffer.from(stream.bits, 'base64') })),
);
if (streams.length === 0) {
  console.error(`${options.data} holds no streams`);
  process.exit(1);
}

const bitAt = (packed, i) => (packed[i >> 3] >> (7 - (i & 7))) & 1;

/** Indices of the alarms; nothing is fed in the burn-in. */
function alarmsOf(make, { packed, n, burn_in: burnIn }) {
  const detector = make();
  const alarms = [];
  for (let i = burnIn; i < n; i++) if (detector.update(bitAt(packed, i))) alarms.push(i);
  return alarms;
}

/**
 * An alarm in [onset, end + max_delay] is a hit; further ones in there count neither way, every other one is false.
 * Recall: episodes hit of all. Precision: episodes hit of these and the false alarms of streams with a drift.
 */
function score(make) {
  const sum = { episodes: 0, hits: 0, delay: 0, false: 0, fed: 0, nullAlarms: 0, nullFed: 0 };
  for (const stream of streams) {
    const { onset, end, max_delay: patience, n, burn_in: burnIn } = stream;
    const alarms = alarmsOf(make, stream);
    if (onset == null) {
      sum.nullAlarms += alarms.length;
      sum.nullFed += n - burnIn;
      continue;
    }
    const inTime = alarms.filter(at => at >= onset && at <= end + patience);
    sum.episodes++;
    sum.fed += n - burnIn;
    sum.false += alarms.length - inTime.length;
    if (inTime.length === 0) continue;
    sum.hits++;
    sum.delay += inTime[0] - onset;
  }
  const recall = sum.hits / sum.episodes;
  const precision = sum.hits / (sum.hits + sum.false);
  return { sum, recall, precision, f1: (2 * sum.hits) / (sum.hits + sum.false + sum.episodes) };
}

const drifting = streams.filter(stream => stream.onset != null).length;
console.log(`${drifting} streams with a drift, ${streams.length - drifting} without; ${load()}`);
console.log(
  '| detector | episode F1 | recall | precision | mean delay | false per 1000 | null alarms per 1000 |',
);
console.log('|---|---|---|---|---|---|---|');
const results = Object.entries(DETECTORS).map(([name, make]) => {
  const result = score(make);
  const { sum, recall, precision, f1 } = result;
  const cells = [
    f1.toFixed(3),
    recall.toFixed(3),
    precision.toFixed(3),
    (sum.delay / sum.hits).toFixed(0),
    ((1000 * sum.false) / sum.fed).toFixed(3),
    ((1000 * sum.nullAlarms) / sum.nullFed).toFixed(3),
  ];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
  return result;
});
const [{ f1, sum }] = results;
// Without drifting streams there is no F1 to promise.
if (!(f1 >= 0.7 || sum.episodes === 0) || sum.nullAlarms > 0) {
  console.log(
    `FAIL: F1 ${f1.toFixed(3)} (goal 0.70), ${sum.nullAlarms} alarms on streams without drift (goal 0)`,
  );
  process.exit(1);
}
