// What the prediction log sustains: appends, feeding DuckDB, and the reads that the loop makes.
// `node scripts/build.mjs --no-web && node bench/telemetry.mjs [rows]`
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPredictionLog } from '@twinloop/storage';
import { seededRng } from '@twinloop/kernel';

const rows = Number(process.argv[2] ?? 50_000);
const directory = mkdtempSync(join(tmpdir(), 'twinloop-bench-'));
const rng = seededRng(7);
const project = 'default';
const endpoint = 'delays';
const codes = ['UA', 'AA', 'DL', 'B6', 'EV', 'MQ', 'US'];
const pick = list => list[Math.floor(rng.next() * list.length)];
const START = Date.UTC(2013, 2, 1);

const predictions = Array.from({ length: rows }, (_, i) => ({
  project,
  endpoint,
  id: `flight-2013-${String(i).padStart(8, '0')}`,
  variant: 'champion',
  version: `delays@${i < rows / 2 ? '0123456789ab' : 'ba9876543210'}`,
  role: 'live',
  at: START + i * 60_000,
  score: rng.next(),
  key: null,
  unitKey: null,
  propensities: { champion: 1 },
  latencyMs: rng.next(),
  inputs: {
    ...Object.fromEntries(Array.from({ length: 12 }, (_, c) => [`number_${c}`, rng.next() * 100])),
    carrier: pick(codes),
    origin: pick(['EWR', 'JFK', 'LGA']),
    dest: pick(['ORD', 'ATL', 'LAX', 'BOS', 'MCO']),
  },
}));
const outcomes = predictions.map((each, i) => ({
  project,
  endpoint,
  predictionId: each.id,
  key: null,
  time: null,
  metric: 'late',
  value: rng.next() < 0.25 ? 1 : 0,
  at: each.at + 4 * 3_600_000 + (i % 97) * 60_000,
  source: 'bench',
  revision: 0,
}));
const schema = [
  ...Array.from({ length: 12 }, (_, c) => ({ name: `number_${c}`, type: 'number', nullable: true })),
  ...['carrier', 'origin', 'dest'].map(name => ({ name, type: 'string', nullable: true })),
];

const report = (what, figure) => console.log(`${what.padEnd(46)} ${figure}`);
async function timed(work) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { result, ms: performance.now() - start, cpuMs: (user + system) / 1000 };
}
async function best(work, times = 5) {
  let fastest = Number.POSITIVE_INFINITY;
  let result;
  for (let i = 0; i < times; i++) {
    const run = await timed(work);
    fastest = Math.min(fastest, run.ms);
    result = run.result;
  }
  return { ms: fastest, result };
}

/** The longest time for which the event loop did not turn. */
function watchLoop() {
  let longest = 0;
  let last = performance.now();
  let running = true;
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(tick);
  };
  tick();
  return () => {
    running = false;
    return longest;
  };
}

try {
  for (const perTurn of [1, 16, 256]) {
    const log = await openPredictionLog({ directory: join(directory, `append-${perTurn}`) });
    const count = Math.min(rows, perTurn === 1 ? 8000 : 8000);
    const { ms } = await timed(async () => {
      for (let i = 0; i < count; i += perTurn) {
        await Promise.all(
          predictions.slice(i, Math.min(i + perTurn, count)).map(each => log.appendPredictions([each])),
        );
      }
    });
    report(`append, ${perTurn} request(s) a turn`, `${Math.round((count / ms) * 1000)} records/s`);
    await log.close();
  }

  const log = await openPredictionLog({ directory: join(directory, 'feed') });
  const stop = watchLoop();
  const feed = await timed(async () => {
    for (let i = 0; i < rows; i += 64) {
      await Promise.all([
        log.appendPredictions(predictions.slice(i, i + 64)),
        log.appendOutcomes(outcomes.slice(i, i + 64)),
      ]);
    }
    await log.flush();
  });
  const pause = stop();
  report(
    `append and feed ${rows} predictions + outcomes`,
    `${Math.round(feed.ms)} ms, CPU ${Math.round(feed.cpuMs)} ms`,
  );
  report('longest pause of the event loop meanwhile', `${pause.toFixed(1)} ms`);

  const window = { from: START, until: START + 20_000 * 60_000 };
  const query = { project, endpoint, metric: 'late' };
  const inputs = await best(() => log.inputs({ project, endpoint, schema, predicted: window }));
  report(`inputs: ${inputs.result.rows} rows × ${schema.length} columns`, `${inputs.ms.toFixed(1)} ms`);
  const labelled = await best(() => log.labelled({ ...query, schema, predicted: window }));
  report(`labelled: ${labelled.result.rows} rows × ${schema.length} columns`, `${labelled.ms.toFixed(1)} ms`);
  const scored = await best(() => log.scored({ ...query, arrived: window }));
  report(`scored: ${scored.result.ids.length} rows`, `${scored.ms.toFixed(1)} ms`);
  const day = { from: START + 86_400_000, until: START + 2 * 86_400_000 };
  const oneDay = await best(() => log.scored({ ...query, arrived: day }));
  report(`scored: one day, ${oneDay.result.ids.length} rows`, `${oneDay.ms.toFixed(1)} ms`);
  const dayInputs = await best(() => log.inputs({ project, endpoint, schema, predicted: day }));
  report(`inputs: one day, ${dayInputs.result.rows} rows`, `${dayInputs.ms.toFixed(1)} ms`);
  const counts = await best(() => log.counts(project, endpoint));
  report('counts', `${counts.ms.toFixed(1)} ms`);
  const recent = await best(() => log.recent(project, endpoint, 100));
  report('recent 100', `${recent.ms.toFixed(1)} ms`);
  await log.close();

  const reopened = await timed(() => openPredictionLog({ directory: join(directory, 'feed') }));
  report('reopen', `${reopened.ms.toFixed(1)} ms`);
  await reopened.result.close();
  report('resident memory at the end', `${Math.round(process.memoryUsage().rss / 1e6)} MB`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
