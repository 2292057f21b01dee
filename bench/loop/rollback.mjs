// A model turns bad after its promotion: how many labels until it is rolled back, and how often is a good one? Promotions
// at 20 moments of a year that is known (A10; docs/explain/rollouts.md shows the table), then the cost of a look. Under a
// minute of one core. Other settings: copy examples/flight-delays, change `endpoint.rollout`, and name the copy.
// `node scripts/build.mjs --no-web && node bench/loop/rollback.mjs [directory]`
import { PromotionMonitor } from '@twinloop/loop/delivery';
import { rollbackStudy } from '@twinloop/server';
import { EXAMPLE, load } from '../lib/child.mjs';

const HOUR = 36e5;
const cpu = process.cpuUsage();
const { starts, lossDays, alpha, cases, honest, dealt } = await rollbackStudy(process.argv[2] ?? EXAMPLE);
const { user, system } = process.cpuUsage(cpu);

const share = (part, whole) => `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
console.log(`${starts} promotions; CPU ${((user + system) / 1e6).toFixed(1)} s, ${load()}`);
for (const one of cases) {
  console.log(
    `${one.algorithm}, ${one.feature} turned after ${one.days} days: rolled back ${share(one.rolledBack, one.trials)}, ` +
      `labels median ${one.medianLabels}, p90 ${one.p90Labels}; held ${share(one.held, one.trials)}, ` +
      `median ${one.medianRequestsToHold} requests; true loss over ${lossDays} days ` +
      `${one.trueHarm.map(harm => harm.toFixed(3)).join(' / ')} worse (p10 / median / p90)`,
  );
}
console.log(
  `no worse than before: rolled back ${share(honest.rolledBack, honest.trials)} (${honest.byGuardrail} by a guardrail), ` +
    `held ${share(honest.held, honest.trials)}; α = ${alpha}`,
);
console.log(
  `roles dealt anew for every block: rolled back ${share(dealt.rolledBack, dealt.trials)} (${dealt.byGuardrail} by a guardrail); α = ${alpha}`,
);

const config = {
  metric: 'log_loss',
  tolerance: 0.002,
  guardrails: { errors: 0.01, latency: 3, latencyFloor: '20ms', calibration: 0.1 },
  rollback: { alpha: 0.05, block: '1h', settle: '6h', margin: 0.05, hold: true },
};
const watch = {
  rollout: 'r',
  endpoint: 'e',
  model: 'b',
  models: ['b'],
  previous: 'a',
  previousVersion: 1,
  metric: 'log_loss',
  since: 0,
  until: Infinity,
  held: null,
  releasedAt: null,
  observed: null,
};
const scores = Float64Array.from({ length: 1000 }, (_, i) => (i % 97) / 100);
const monitor = new PromotionMonitor(config, watch, { a: scores, b: scores.map(s => s * 0.98) });
const REQUESTS = 200_000;
const started = process.hrtime.bigint();
for (let i = 0; i < REQUESTS; i++) {
  const at = (i * HOUR) / 9;
  monitor.predicted(String(i), at, scores[i % 1000], scores[i % 1000] * 0.98);
  monitor.hold(watch, at);
  if (i >= 30) monitor.labelled(String(i - 30), i % 5 === 0 ? 1 : 0, at);
  if (i % 9 === 0) monitor.look(watch, [], at);
}
const nanoseconds = Number(process.hrtime.bigint() - started);
console.log(
  `one request with its label, its hold test and a ninth of a look: ${(nanoseconds / REQUESTS / 1000).toFixed(2)} µs`,
);
