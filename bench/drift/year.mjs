// Alarms over time: a 14-day window looked at every day for a year, through the product's own report and policy at default
// settings (persistence and `lasts`). Ten numeric columns of equal importance, 60 rows a day. Printed: alarms a year without drift
// (independent rows; and rows of one day that share a part of their value, which days pass on), and how many days after its
// start a shift of one column is believed. Promise: with independent rows the rate is not above α a year (lower end of the 95 %
// interval). Exits 1 when it is. `--years N` (default 100) a row, `--write FILE` puts the tables between the markers
// `<!-- drift-year:… -->` of a page. `node scripts/build.mjs --no-web && node bench/drift/year.mjs`
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fact } from '@twinloop/kernel';
import { decideAnswers, emptyLearning, foldLearning } from '@twinloop/loop/learning';
import { buildReference, driftDefaults, driftReport, signalsOf } from '@twinloop/loop/monitoring';
import { clopperPearson } from '@twinloop/stats';
import { load } from '../lib/child.mjs';
import { random } from '../lib/drift-families.mjs';

const { values: options } = parseArgs({
  options: { years: { type: 'string', default: '100' }, write: { type: 'string' } },
});
const years = Number(options.years);
const DAY = 864e5;
const WIDTH = 10;
const ROWS = 60;
const WINDOW = 14;
const drift = { window: `${WINDOW}d`, minRows: 300, ...driftDefaults, persistence: 2 };
const monitors = {
  every: '1d',
  drift,
  quality: { persistence: 2 },
  calibration: { persistence: 2 },
  labels: { persistence: 2 },
};
const policy = {
  answers: {
    'data-drift': 'hold',
    'model-drift': 'hold',
    calibration: 'hold',
    service: 'hold',
    labels: 'hold',
  },
  coolDown: '28d',
  recalibrateEvery: '7d',
  recalibration: { window: '14d', ridge: 20, minLabels: 200 },
  budget: { retrainings: 12, per: '365d', daily: 2 },
};
const names = Array.from({ length: WIDTH }, (_, c) => `x${c}`);

/** Columns of `days` days; a day's rows share a part of their variance, and each day keeps `keeps` of the one before. */
function world(rng, days, rows, { shared = 0, keeps = 0 } = {}) {
  return names.map(() => {
    const values = new Float64Array(days * rows);
    let level = rng.normal();
    for (let day = 0; day < days; day++) {
      level = keeps * level + Math.sqrt(1 - keeps * keeps) * rng.normal();
      for (let r = 0; r < rows; r++)
        values[day * rows + r] = Math.sqrt(shared) * level + Math.sqrt(1 - shared) * rng.normal();
    }
    return values;
  });
}
const table = columns => ({
  rows: columns[0].length,
  columns: columns.map((values, c) => ({ name: names[c], type: 'number', values })),
});

/** Days on which an alarm was raised, and on how many looks there was a signal. */
function live(reference, columns, days, until = Infinity) {
  let state = emptyLearning;
  const raised = [];
  let signalling = 0;
  for (let day = WINDOW; day <= days && raised.length < until; day++) {
    const at = day * DAY;
    const window = table(columns.map(values => values.subarray((day - WINDOW) * ROWS, day * ROWS)));
    const signals = signalsOf(driftReport(drift, reference, window));
    if (signals.length > 0) signalling++;
    const id = `drift/e/${day}`;
    const rest = { at, actor: 'bench' };
    const write = facts => {
      for (const { type, payload, at } of facts) state = foldLearning(state, { type, payload, at });
    };
    write([
      fact(
        'WindowObserved',
        { endpoint: 'e', monitor: 'drift', window: id, n: window.rows, signals: signals.length },
        rest,
      ),
      ...signals.map(signal => fact('SignalRaised', { window: id, endpoint: 'e', signal }, rest)),
    ]);
    const decided = decideAnswers(state, policy, { endpoint: 'e', now: at, monitors });
    if (decided.some(({ type }) => type === 'AlarmRaised')) raised.push(day);
    write(decided);
  }
  return { raised, signalling };
}
const reference = (rng, rows, dependence) => {
  const columns = world(rng, Math.ceil(rows / ROWS), ROWS, dependence);
  const { joint: _, ...kept } = buildReference(table(columns), names, {});
  return kept;
};

const cpu = process.cpuUsage();
const failures = [];
const percent = share => `${(100 * share).toFixed(1)} %`;
const interval = ([low, high]) => `[${(100 * low).toFixed(1)}, ${(100 * high).toFixed(1)}]`;
const quiet = [
  '| rows without drift | reference | looks with a signal | alarms a year | years with an alarm |',
  '|---|---|---|---|---|',
];
for (const [name, rows, dependence, promised] of [
  ['independent', 2000, {}, true],
  ['independent', 20_000, {}, true],
  ['a day shares 2 % of the variance', 20_000, { shared: 0.02 }, false],
  ['a day shares 10 % of the variance', 20_000, { shared: 0.1 }, false],
  ['a day shares 10 %, and keeps 0.8 of the day before', 20_000, { shared: 0.1, keeps: 0.8 }, false],
]) {
  const rng = random(`year/${name}/${rows}`);
  let [alarms, noisy, looks, hit] = [0, 0, 0, 0];
  const runs = promised ? years : Math.ceil(years / 4);
  for (let year = 0; year < runs; year++) {
    const { raised, signalling } = live(
      reference(rng, rows, dependence),
      world(rng, 365 + WINDOW, ROWS, dependence),
      365 + WINDOW,
    );
    alarms += raised.length;
    noisy += signalling;
    looks += 366;
    if (raised.length > 0) hit++;
  }
  const bounds = clopperPearson(hit, runs);
  if (promised && bounds[0] > drift.alpha)
    failures.push(`${name}, ${rows}: ${hit} of ${runs} years with an alarm`);
  quiet.push(
    `| ${name} | ${rows} rows | ${percent(noisy / looks)} | ${(alarms / runs).toFixed(2)} | ${hit} of ${runs} ${interval(bounds)} |`,
  );
  process.stderr.write(`${quiet.at(-1)}\n`);
}

const ONSET = 30;
const AFTER = 90;
const delays = [
  `| one column moves by | believed within ${AFTER} days | median days | nine in ten by |`,
  '|---|---|---|---|',
];
for (const shift of [0.1, 0.2, 0.5, 1]) {
  const rng = random(`delay/${shift}`);
  const runs = Math.ceil(years / 2);
  const found = [];
  for (let run = 0; run < runs; run++) {
    const held = reference(rng, 20_000, {});
    const columns = world(rng, ONSET + AFTER, ROWS);
    columns[0].subarray(ONSET * ROWS).forEach((x, i, part) => (part[i] = x + shift));
    const { raised } = live(held, columns, ONSET + AFTER, 1);
    found.push(raised.length > 0 && raised[0] > ONSET ? raised[0] - ONSET : Infinity);
  }
  found.sort((a, b) => a - b);
  const seen = found.filter(Number.isFinite).length;
  const at = q => {
    const days = found[Math.min(runs - 1, Math.ceil(q * runs) - 1)];
    return Number.isFinite(days) ? String(days) : '—';
  };
  delays.push(
    `| ${shift} σ | ${seen} of ${runs} ${interval(clopperPearson(seen, runs))} | ${at(0.5)} | ${at(0.9)} |`,
  );
  process.stderr.write(`${delays.at(-1)}\n`);
}
const { user, system } = process.cpuUsage(cpu);
const page = `${WIDTH} columns, ${ROWS} rows a day, a window of ${WINDOW} days looked at daily; intervals of 95 %, in percent\n\n${quiet.join('\n')}\n\n${delays.join('\n')}\n`;
console.log(`${page}\nCPU ${((user + system) / 1e6).toFixed(0)} s, ${load()}`);
if (options.write) {
  const text = readFileSync(options.write, 'utf8');
  const marked = /(<!-- drift-year:begin -->\n)[\s\S]*(<!-- drift-year:end -->)/;
  if (!marked.test(text)) throw new Error(`${options.write} has no markers <!-- drift-year:begin --> … end`);
  writeFileSync(
    options.write,
    text.replace(marked, (_, begin, end) => `${begin}\n${page}\n${end}`),
  );
}
for (const failure of failures) console.log(`FAIL: ${failure}`);
if (failures.length > 0) process.exitCode = 1;
