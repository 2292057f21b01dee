import { seededRng, type Table } from '@twinloop/kernel';
import { loadProject } from '../config/load-project.js';

export const DAY = 864e5;
export const START = Date.UTC(2024, 0, 1);
const DAYS = 80;
const PER_DAY = 60;

/** Thirty days are the first version. */
export const PROJECT = loadProject(
  `
project: world
timezone: UTC
datasets:
  cases: { source: cases.csv, key: id, time: at, label: { column: late, arrives: known }, until: 2024-01-31 }
features: { inputs: [x] }
train: { task: binary, candidates: { algorithms: [linear], windows: [all] }, takes: 20m }
endpoint: { name: late, variants: { champion: { kind: model } } }
`,
  '.',
).config;

/** One input that tells much of the label; a label arrives up to two days later. Rows come in no order. */
export function world(change = (late: number, _at: number, _arrived: number): number => late): Table {
  const rng = seededRng(5);
  const rows = Array.from({ length: DAYS * PER_DAY }, (_, i) => {
    const x = rng.next();
    const at = START + (i * DAY) / PER_DAY;
    const known = at + 6e5 + rng.next() * 2 * DAY;
    return { id: `c${i}`, at, x, known, late: change(Number(rng.next() < 0.1 + 0.6 * x), at, known) };
  }).sort((a, b) => a.x - b.x);
  const column = (name: 'at' | 'x' | 'known' | 'late', type: 'time' | 'number') =>
    ({ name, type, values: Float64Array.from(rows, row => row[name]) }) as const;
  return {
    rows: rows.length,
    columns: [
      { name: 'id', type: 'string', values: rows.map(({ id }) => id) },
      column('at', 'time'),
      column('x', 'number'),
      column('known', 'time'),
      column('late', 'number'),
    ],
  };
}
