// False alarms of what is not a single column: columns together, texts, answers, labels, and columns of very many levels.
// Controls without drift go through the product's own references and reports; each subject is judged by itself
// (reference of that subject alone, so that nothing is divided by other subjects), at the default settings and at tolerance 0.
// Promise: no cell is above α (lower end of its 95 % Clopper–Pearson interval). Exits 1 when one is. `--controls N` (default 1000),
// `--write FILE` puts the table between the markers `<!-- drift-subjects:… -->` of a page.
// `node scripts/build.mjs --no-web && node bench/drift/subjects.mjs`
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRng, shuffle, takeRows } from '@twinloop/kernel';
import { buildReference, driftDefaults, driftReport, driftTools } from '@twinloop/loop/monitoring';
import { loadProject, readTable } from '@twinloop/server';
import { clopperPearson } from '@twinloop/stats';
import { EXAMPLE, load } from '../lib/child.mjs';
import { random } from '../lib/drift-families.mjs';

const { values: options } = parseArgs({
  options: {
    controls: { type: 'string', default: '1000' },
    only: { type: 'string', default: '' },
    write: { type: 'string' },
  },
});
const controls = Number(options.controls);
const { alpha, tolerance } = driftDefaults;
/** As one of so many subjects is judged. */
const MANY = 25;
const cpu = process.cpuUsage();

const numbersTable = (rows, width, row) => {
  const columns = Array.from({ length: width }, (_, c) => ({
    name: `x${c}`,
    type: 'number',
    values: new Float64Array(rows),
  }));
  for (let r = 0; r < rows; r++) {
    const values = row();
    for (let c = 0; c < width; c++) columns[c].values[r] = values[c];
  }
  return { rows, columns };
};
/** `width` columns that share a factor: every pair has correlation `rho`. */
const together = (width, rho, shape = x => x) => ({
  joint: true,
  draw: (rng, rows) =>
    numbersTable(rows, width, () => {
      const factor = Math.sqrt(rho) * rng.normal();
      return Array.from({ length: width }, (_, c) =>
        shape(factor + Math.sqrt(1 - rho) * rng.normal(), rng, c),
      );
    }),
});
const strings = (rows, value) => ({
  rows,
  columns: [{ name: 't', type: 'string', values: Array.from({ length: rows }, value) }],
});
/** Ranks of Zipf's law by its inverse; exponent 0 is a flat vocabulary. */
const vocabulary = (size, zipf) => rng =>
  Math.floor(zipf ? (size + 1) ** rng.uniform() - 1 : size * rng.uniform());
const texts = (size, zipf) => {
  const word = vocabulary(size, zipf);
  return {
    slow: 4,
    draw: (rng, rows) =>
      strings(rows, () =>
        Array.from({ length: 5 + Math.floor(10 * rng.uniform()) }, () => `w${word(rng)}`).join(' '),
      ),
  };
};
const levels = (size, zipf) => {
  const level = vocabulary(size, zipf);
  return { draw: (rng, rows) => strings(rows, () => `l${level(rng)}`) };
};
const answer = rng => 1 / (1 + Math.exp(1.5 - rng.normal()));

const NOTHING = new Float64Array(0);

const FAMILIES = {
  'together: 8 independent columns': together(8, 0),
  'together: 8 columns, correlation 0.5': together(8, 0.5),
  'together: 8 columns, correlation 0.95': together(8, 0.95),
  'together: 3 columns, correlation 0.99': together(3, 0.99),
  'together: one the square of the other': {
    joint: true,
    draw: (rng, rows) =>
      numbersTable(rows, 3, () => {
        const x = rng.normal();
        return [x, x * x + 0.1 * rng.normal(), Math.abs(x) * rng.normal()];
      }),
  },
  'together: heavy tails of a common scale': {
    joint: true,
    draw: (rng, rows) =>
      numbersTable(rows, 6, () => {
        const scale = Math.exp(1.5 * rng.normal());
        return Array.from({ length: 6 }, () => scale * rng.normal());
      }),
  },
  'together: rounded, correlation 0.8': together(6, 0.8, x => Math.round(x)),
  'together: 70 % zeros, correlation 0.8': together(6, 0.8, x => Math.max(0, x - 0.52)),
  'together: a tenth missing, correlation 0.8': together(6, 0.8, (x, rng) => (rng.uniform() < 0.1 ? NaN : x)),
  'texts, Zipf’s words': texts(5000, true),
  'texts, 2000 words alike': texts(2000, false),
  '2000 levels, Zipf’s': levels(2000, true),
  '2000 levels alike': levels(2000, false),
  '20,000 levels alike': levels(20_000, false),
  'answers of a classifier': {
    report: (rng, n, m, tol) => {
      const sample = rows => Float64Array.from({ length: rows }, () => answer(rng));
      return driftTools.predictionShift(driftTools.sampleReference(sample(n)), sample(m), tol);
    },
  },
  'answers of a tree with 40 leaves': {
    report: (rng, n, m, tol) => {
      const sample = rows => Float64Array.from({ length: rows }, () => Math.floor(40 * answer(rng)) / 40);
      return driftTools.predictionShift(driftTools.sampleReference(sample(n)), sample(m), tol);
    },
  },
  'labels, 20 % of them 1': {
    report: (rng, n, m, tol) => {
      const sample = rows => Float64Array.from({ length: rows }, () => (rng.uniform() < 0.2 ? 1 : 0));
      return driftTools.labelShift(
        'late',
        driftTools.sampleReference(sample(n)),
        { label: sample(m), score: NOTHING },
        true,
        tol,
      );
    },
  },
  'labels, numbers': {
    report: (rng, n, m, tol) => {
      const sample = rows => Float64Array.from({ length: rows }, () => Math.exp(rng.normal()));
      return driftTools.labelShift(
        'delay',
        driftTools.sampleReference(sample(n)),
        { label: sample(m), score: NOTHING },
        false,
        tol,
      );
    },
  },
};

/** Smallest p-value after correction over the subjects of one kind, at the default tolerance and without. */
function look(family, rng, n, m) {
  if (family.report) {
    const [a, b] = [`${rng.uniform()}`, [tolerance, 0]];
    return b.map(tol => family.report(random(a), n, m, tol).pValue);
  }
  return reports(family.draw(rng, n), family.draw(rng, m), family.joint);
}
function reports(then, now, joint) {
  const whole = buildReference(
    then,
    then.columns.map(({ name }) => name),
    {},
  );
  const reference = joint ? { ...whole, columns: [] } : whole;
  return [tolerance, 0].map(tol => {
    const settings = { ...driftDefaults, tolerance: tol, matters: 1e-9, minRows: 1, window: '14d' };
    const found = driftReport(settings, reference, now) ?? [];
    return found.reduce((least, { adjustedP }) => Math.min(least, adjustedP), 1);
  });
}

const failures = [];
const percent = share => (100 * share).toFixed(1);
function row(name, n, m, looks) {
  const cells = [
    [0, alpha],
    [1, alpha],
    [1, alpha / MANY],
  ].map(([which, level]) => {
    const alarms = looks.filter(look => look[which] <= level).length;
    const [low, high] = clopperPearson(alarms, looks.length);
    if (low > level)
      failures.push(`${name}, ${n} rows then, ${m} now: ${percent(alarms / looks.length)} % at ${level}`);
    return `${percent(alarms / looks.length)} [${percent(low)}, ${percent(high)}]`;
  });
  const line = `| ${name} | ${n} | ${m} | ${cells.join(' | ')} |`;
  process.stderr.write(`${line}\n`);
  return line;
}

const lines = [
  `| what does not move | rows then | rows now | at tolerance ${tolerance} | at tolerance 0 | at tolerance 0 and α / ${MANY} |`,
  '|---|---|---|---|---|---|',
];
for (const [name, family] of Object.entries(FAMILIES)) {
  if (!name.includes(options.only)) continue;
  for (const [n, m] of [
    [5000, family.joint ? 500 : 300],
    [5000, 2000],
    ...(family.report ? [[50_000, 2000]] : [[1000, 1000]]),
  ]) {
    const rng = random(`subjects/${name}/${n}/${m}`);
    lines.push(
      row(
        name,
        n,
        m,
        Array.from({ length: Math.ceil(controls / (family.slow ?? 1)) }, () => look(family, rng, n, m)),
      ),
    );
  }
}
if (options.only === '' || 'flights'.includes(options.only)) {
  // The example's own rows, shuffled in time: their ties, gaps and correlations, and no drift.
  const { config } = loadProject(readFileSync(join(EXAMPLE, 'twinloop.yaml'), 'utf8'), EXAMPLE);
  const flights = await readTable(join(EXAMPLE, 'flights.parquet'), config.timezone);
  const table = {
    ...flights,
    columns: flights.columns.filter(({ name }) => config.features.inputs.includes(name)),
  };
  const order = Array.from({ length: table.rows }, (_, index) => index);
  for (const [n, m] of [
    [5000, 500],
    [5000, 2000],
    [20_000, 2000],
  ]) {
    const looks = Array.from({ length: Math.ceil(controls / 2) }, (_, control) => {
      shuffle(order, seededRng(control));
      return reports(takeRows(table, order.slice(0, n)), takeRows(table, order.slice(n, n + m)), true);
    });
    lines.push(row('together: flights, shuffled', n, m, looks));
  }
}
const { user, system } = process.cpuUsage(cpu);
const page = `α = ${alpha} of a subject by itself; ${controls} controls a row; percent of them with a false alarm [95 % interval]\n\n${lines.join('\n')}\n`;
console.log(`${page}\nCPU ${((user + system) / 1e6).toFixed(0)} s, ${load()}`);
if (options.write) {
  const text = readFileSync(options.write, 'utf8');
  const marked = /(<!-- drift-subjects:begin -->\n)[\s\S]*(<!-- drift-subjects:end -->)/;
  if (!marked.test(text))
    throw new Error(`${options.write} has no markers <!-- drift-subjects:begin --> … end`);
  writeFileSync(
    options.write,
    text.replace(marked, (_, begin, end) => `${begin}\n${page}\n${end}`),
  );
}
for (const failure of failures) console.log(`FAIL: ${failure}`);
if (failures.length > 0) process.exitCode = 1;
