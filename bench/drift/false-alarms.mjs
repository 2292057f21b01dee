// How often the drift monitor cries wolf: 200 controls in which the flights are permuted in time, so that nothing
// drifted, each judged once with the example's own settings. Promise (A5): at most the nominal rate within the binomial
// interval, also when the tolerance does not help. Beside it the peer: the same tests without correction over columns.
// Exits 1 when the promise does not hold. `node scripts/build.mjs --no-web && node bench/drift/false-alarms.mjs [controls]`
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { numbers, parseDuration, seededRng, shuffle, takeRows } from '@twinloop/kernel';
import { buildReference, driftSignals } from '@twinloop/loop/monitoring';
import { loadProject, readTable } from '@twinloop/server';
import { clopperPearson } from '@twinloop/stats';
import { EXAMPLE, load } from '../lib/child.mjs';

const controls = Number(process.argv[2] ?? 200);
const { config } = loadProject(readFileSync(join(EXAMPLE, 'twinloop.yaml'), 'utf8'), EXAMPLE);
const { drift } = config.monitors;
const flights = await readTable(join(EXAMPLE, 'flights.parquet'), config.timezone);
const at = numbers(flights, 'scheduled');
const until = Date.parse(`${config.datasets.flights.until}T05:00:00Z`);
const then = at.filter(time => time < until).length;
const now = at.filter(time => time >= until && time < until + parseDuration(drift.window)).length;

// A tolerance hides false alarms: at 0 (the classical tests) the rate must hold by itself.
const strict = { ...drift, tolerance: 0, matters: 1e-9 };
const alarms = { settings: 0, strict: 0, uncorrected: 0 };
const order = Array.from({ length: flights.rows }, (_, row) => row);
const cpu = process.cpuUsage();
let looks = 0;
for (let control = 0; control < controls; control++) {
  shuffle(order, seededRng(control));
  // Without importances every column counts.
  const reference = buildReference(takeRows(flights, order.slice(0, then)), config.features.inputs, {});
  const batch = takeRows(flights, order.slice(then, then + now));
  const fires = (settings, columns) => {
    looks++;
    return driftSignals(settings, { ...reference, columns }, batch).length > 0;
  };
  if (fires(drift, reference.columns)) alarms.settings++;
  if (fires(strict, reference.columns)) alarms.strict++;
  if (reference.columns.some(column => fires(strict, [column]))) alarms.uncorrected++;
}
const { user, system } = process.cpuUsage(cpu);

const share = count => {
  const [low, high] = clopperPearson(count, controls);
  return `${count} of ${controls}, ${((100 * count) / controls).toFixed(1)} % [${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
};
console.log(
  `${controls} controls: ${then} rows then, ${now} now, ${config.features.inputs.length} columns; nominal ${100 * drift.alpha} %; ${load()}`,
);
console.log(`false alarms of a batch with the example's settings: ${share(alarms.settings)}`);
console.log(`the same without tolerance: ${share(alarms.strict)}`);
console.log(
  `peer, the same tests without correction over columns: ${share(alarms.uncorrected)}${alarms.strict === 0 ? '' : `, × ${(alarms.uncorrected / alarms.strict).toFixed(1)}`}`,
);
console.log(
  `CPU ${((user + system) / 1000 / looks).toFixed(1)} ms a look on average, references and permutations included`,
);
const holds = count => clopperPearson(count, controls)[0] <= drift.alpha;
if (!holds(alarms.settings) || !holds(alarms.strict)) {
  console.log('FAIL: above the nominal rate');
  process.exitCode = 1;
}
