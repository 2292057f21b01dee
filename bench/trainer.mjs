// Our trainers against scikit-learn on the flights (train before 1 November, score the rest), and the cost of one
// prediction. The flights are the example's; `--data FILE` names another CSV or Parquet of the same columns. The peer runs
// when `python3` (or $PYTHON) has scikit-learn. Needs the build; for steady figures pin it to one core: `taskset -c 1 …`.
// `node scripts/build.mjs --no-web && node bench/trainer.mjs`
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rowAt, takeRows } from '@twinloop/kernel';
import { trainModel } from '@twinloop/engines';
import { bindModel } from '@twinloop/model';
import { readTable } from '@twinloop/server';
import { EXAMPLE, load } from './lib/child.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(EXAMPLE, 'flights.parquet') },
    repeat: { type: 'string', default: '5' },
  },
});
const repeat = Number(options.repeat);
if (!existsSync(options.data)) {
  console.error(`${options.data} does not exist; name the flights with --data FILE (CSV or Parquet)`);
  process.exit(1);
}

/** The table as the peer reads it: times without a zone, nothing for what is missing. */
function writeCsv(file, { rows, columns }) {
  const cell = ({ type, values }, row) => {
    const value = values[row];
    if (value === null || Number.isNaN(value)) return '';
    return type === 'time' ? new Date(value).toISOString().slice(0, 19) : value;
  };
  const lines = Array.from({ length: rows }, (_, row) => columns.map(column => cell(column, row)).join(','));
  writeFileSync(file, `${columns.map(({ name }) => name).join(',')}\n${lines.join('\n')}\n`);
}

function split(table, time) {
  const { values } = table.columns.find(column => column.name === 'scheduled');
  const before = [];
  const after = [];
  values.forEach((at, i) => (at < time ? before : after).push(i));
  return [takeRows(table, before), takeRows(table, after)];
}

function auc(y, p) {
  const order = Array.from(p.keys()).sort((a, b) => p[a] - p[b]);
  let ranks = 0;
  let positives = 0;
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j < order.length && p[order[j]] === p[order[i]]) j++;
    for (let k = i; k < j; k++) {
      if (y[order[k]] !== 1) continue;
      ranks += (i + j + 1) / 2;
      positives++;
    }
    i = j;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (order.length - positives));
}

const logLoss = (y, p) =>
  y.reduce((sum, label, i) => sum - Math.log(label === 1 ? p[i] : 1 - p[i]), 0) / y.length;

const features = {
  inputs:
    'sched_dep_time sched_arr_time distance dow temp dewp humid wind_speed precip pressure visib carrier origin dest'.split(
      ' ',
    ),
  derive: { hour: 'floor(sched_dep_time / 100)' },
};
const flights = await readTable(resolve(options.data), 'UTC');
const [train, test] = split(flights, Date.UTC(2013, 10, 1));
const y = test.columns.find(column => column.name === 'late').values;
const rows = Array.from({ length: test.rows }, (_, i) => rowAt(test, i));

function cpuSeconds(fn) {
  const start = process.cpuUsage();
  fn();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

function ours(algorithm) {
  let trained;
  const job = { algorithm, task: 'binary', table: train, label: 'late', features, seed: 0 };
  const runs = Array.from({ length: repeat }, () => cpuSeconds(() => (trained = trainModel(job))));
  const model = bindModel(trained.document);
  const p = model.predictTable(test);
  let sink = 0;
  const perRow = Array.from({ length: repeat + 3 }, () =>
    cpuSeconds(() => {
      for (const row of rows) sink += model.predictRow(row);
    }),
  );
  if (!Number.isFinite(sink)) throw new Error('a prediction is not finite');
  const micros = (Math.min(...perRow) / rows.length) * 1e6;
  return { auc: auc(y, p), logLoss: logLoss(y, p), cpu: Math.min(...runs), first: runs[0], micros };
}

function peer() {
  const python = process.env.PYTHON ?? 'python3';
  const directory = mkdtempSync(join(tmpdir(), 'twinloop-bench-'));
  try {
    if (spawnSync(python, ['-c', 'import pandas, sklearn']).status !== 0) return null;
    const csv = join(directory, 'flights.csv');
    writeCsv(csv, flights);
    const script = join(here, 'trainer_sklearn.py');
    const run = spawnSync(python, [script, csv, '--repeat', String(repeat)], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    const results = run.stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    return Object.fromEntries(results.map(result => [result.model, result]));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const theirs = peer();
if (theirs === null) console.log('peer missing: no python3 with scikit-learn (set PYTHON to name one)');
console.log(
  `${train.rows} rows trained, ${test.rows} scored; CPU is the best of ${repeat}, one thread; ${load()}`,
);
for (const algorithm of ['linear', 'gbt']) {
  const a = ours(algorithm);
  const line = `AUC ${a.auc.toFixed(4)}, log-loss ${a.logLoss.toFixed(4)}, CPU ${a.cpu.toFixed(3)} s (first ${a.first.toFixed(3)})`;
  console.log(`${algorithm}: twinloop ${line}, ${a.micros.toFixed(2)} µs a row with encoding`);
  const b = theirs?.[algorithm];
  if (b === undefined) continue;
  console.log(
    `${algorithm}: scikit-learn AUC ${b.auc.toFixed(4)}, log-loss ${b.logLoss.toFixed(4)}, CPU ${b.cpu.toFixed(3)} s`,
  );
  console.log(
    `${algorithm}: AUC ${(a.auc - b.auc).toFixed(4)} against the peer, CPU × ${(a.cpu / b.cpu).toFixed(2)}`,
  );
}
