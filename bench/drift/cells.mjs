// The drift decision at the product's default settings: false alarms of a batch without drift, and power beside an oracle.
// Promise: no cell of the first table is above 5 % (lower end of its 95 % Clopper–Pearson interval), and every cell of the
// second is at least 90 % of the oracle (30 levels and more have no σ, and are printed without the promise). Exits 1 when one is not. Samples of 10,000 rows and more are drawn as counts
// of 200 cells of equal probability (the tests read ranks only). About two minutes; `--columns N` (default 20000)
// draws more, `--seed NAME` draws others, `--sizes 200,1000` (or none) limits the first table, `--write FILE` puts both tables between the markers `<!-- drift-cells:… -->` of a page.
// `node scripts/build.mjs --no-web && node bench/drift/cells.mjs`
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { driftDefaults } from '@twinloop/loop/monitoring';
import { categoricalDrift, clopperPearson, groupDrift, numericDrift } from '@twinloop/stats';
import { load } from '../lib/child.mjs';
import { FAMILIES, random, SHIFTS } from '../lib/drift-families.mjs';

const { values: options } = parseArgs({
  options: {
    columns: { type: 'string', default: '20000' },
    shifted: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '' },
    sizes: { type: 'string', default: '50,200,1000,10000,100000,1000000' },
    write: { type: 'string' },
  },
});
const columns = Number(options.columns);
const shifted = Number(options.shifted);
const SIZES = options.sizes === '' ? [] : options.sizes.split(',').map(Number);
const WIDTHS = [5, 25, 100, 500];
const { alpha, tolerance, matters } = driftDefaults;
const cpu = process.cpuUsage();

function decide(a, b) {
  if (a.counts) return categoricalDrift(a.counts, b.counts, { tolerance });
  if (a.cells) {
    let [n, m] = [0, 0];
    for (let k = 0; k < a.cells.length; k++) {
      n += a.cells[k];
      m += b.cells[k];
    }
    const groups = { reference: a.cells, current: b.cells, value: a.values, n, m };
    return groupDrift(groups, { tolerance });
  }
  return numericDrift(a.values, b.values, { tolerance });
}

const failures = [];
const count = n => (n >= 1e6 ? `${n / 1e6} M` : n >= 1e4 ? `${n / 1e3}k` : String(n));
const percent = share => `${(100 * share).toFixed(1)}`;

/** Of independent columns in batches of K: how many batches have a column whose p-value is significant after correction. */
function falseAlarms(ps, width, name) {
  const batches = Math.floor(ps.length / width);
  let alarms = 0;
  for (let batch = 0; batch < batches; batch++) {
    let smallest = 1;
    for (let k = batch * width; k < (batch + 1) * width; k++) smallest = Math.min(smallest, ps[k]);
    if (smallest * width <= alpha) alarms++;
  }
  const [low, high] = clopperPearson(alarms, batches);
  if (low > 0.05) failures.push(`${name}, ${width} columns: ${percent(alarms / batches)} %`);
  return `${percent(alarms / batches)} [${percent(low)}, ${percent(high)}]`;
}

const first = [
  `| columns | n a side | ${WIDTHS.map(width => `${width} columns`).join(' | ')} |`,
  `|---|---|${WIDTHS.map(() => '---').join('|')}|`,
];
for (const n of SIZES) {
  const bySort = {};
  for (const [name, family] of Object.entries(FAMILIES)) {
    const rng = random(`${options.seed}${name}/${n}`);
    const ps = new Float64Array(columns);
    for (let k = 0; k < columns; k++) ps[k] = decide(family.draw(rng, n), family.draw(rng, n)).pValue;
    bySort[name] = ps;
  }
  const sorts = Object.values(bySort);
  bySort.mixed = Float64Array.from({ length: columns }, (_, k) => sorts[k % sorts.length][k]);
  for (const [name, ps] of Object.entries(bySort)) {
    const cells = WIDTHS.map(width => falseAlarms(ps, width, `${name}, n = ${n}`));
    first.push(`| ${name} | ${count(n)} | ${cells.join(' | ')} |`);
    process.stderr.write(`${first.at(-1)}\n`);
  }
}

const second = [
  `| what moves, by 0.2 σ, n = 1000 a side | ${WIDTHS.map(width => `${width} columns`).join(' | ')} | oracle |`,
  `|---|${WIDTHS.map(() => '---').join('|')}|---|`,
];
for (const [name, { draw, oracle, of, promised = true }] of Object.entries(SHIFTS)) {
  const rng = random(`${options.seed}power/${name}`);
  const pairs = Array.from({ length: shifted }, () => {
    const [a, b] = draw(rng, 1000);
    const { pValue, effect } = decide(a, b);
    // An average column: what is certain must also matter.
    return [effect >= matters ? pValue : 1, oracle(a, b)];
  });
  const cells = WIDTHS.map(width => {
    const seen = which => pairs.filter(pair => pair[which] <= alpha / width).length / shifted;
    const [ours, best] = [seen(0), seen(1)];
    // A tenth less than the oracle, within the error of the simulation (paired, so one standard error of a share is generous).
    const error = Math.sqrt((ours * (1 - ours)) / shifted);
    if (promised && ours + 2 * error < 0.9 * best)
      failures.push(`power, ${name}, ${width} columns: ${percent(ours)} of ${percent(best)} %`);
    return `${percent(ours)} of ${percent(best)} (${(ours / best).toFixed(2)})`;
  });
  second.push(`| ${name} | ${cells.join(' | ')} | ${of} |`);
  process.stderr.write(`${second.at(-1)}\n`);
}

const { user, system } = process.cpuUsage(cpu);
const head = `α = ${alpha} a look, tolerance ${tolerance} σ, weighted Holm; ${columns} columns a row; percent of batches with a false alarm [95 % interval]`;
const page = `${head}\n\n${first.join('\n')}\n\nPower in percent, ours of the oracle's (ratio); ${shifted} pairs a row\n\n${second.join('\n')}\n`;
console.log(`${page}\nCPU ${((user + system) / 1e6).toFixed(0)} s, ${load()}`);
if (options.write) {
  const text = readFileSync(options.write, 'utf8');
  const marked = /(<!-- drift-cells:begin -->\n)[\s\S]*(<!-- drift-cells:end -->)/;
  if (!marked.test(text)) throw new Error(`${options.write} has no markers <!-- drift-cells:begin --> … end`);
  writeFileSync(
    options.write,
    text.replace(marked, (_, begin, end) => `${begin}\n${page}\n${end}`),
  );
}
for (const failure of failures) console.log(`FAIL: ${failure}`);
if (failures.length > 0) process.exitCode = 1;
