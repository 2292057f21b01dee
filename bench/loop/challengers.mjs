// Does the rollout let better challengers in and keep worse ones out? Some 760 rollouts of a year that is known, played by
// the project's own settings (A9; docs/explain/rollouts.md shows the table). Half a minute of one core. Other settings:
// copy examples/flight-delays, change `endpoint.rollout`, and name the copy.
// `node scripts/build.mjs --no-web && node bench/loop/challengers.mjs [directory]`
import { challengerStudy } from '@twinloop/server';
import { EXAMPLE, load } from '../lib/child.mjs';

const cpu = process.cpuUsage();
const { pairs, truthDays, better, worse, shuffled, november } = await challengerStudy(
  process.argv[2] ?? EXAMPLE,
);
const { user, system } = process.cpuUsage(cpu);

const share = (part, whole) => `${part} of ${whole} (${((100 * part) / whole).toFixed(1)} %)`;
const quality = ({ auc, logLoss }) => `AUC ${auc.toFixed(3)}, log loss ${logLoss.toFixed(3)}`;
console.log(
  `${pairs} rollouts, truth over ${truthDays} days; CPU ${((user + system) / 1e6).toFixed(1)} s, ${load()}`,
);
for (const { margin, pairs: of, promoted, medianLabels, medianDays } of better) {
  console.log(
    `better by more than ${margin}: promoted ${share(promoted, of)}, median ${medianLabels} labels, ${medianDays.toFixed(1)} days`,
  );
}
for (const { margin, pairs: of, promoted } of worse)
  console.log(`worse by more than ${margin}: promoted ${share(promoted, of)}`);
console.log(`shuffled labels: promoted ${share(shuffled.promoted, shuffled.pairs)}`);
console.log(`November: two months ${quality(november.retrained)}; stale ${quality(november.stale)}`);
for (const { day, status, evidence } of november.trials) {
  const [low, high] = evidence.interval;
  console.log(
    `  from ${day} November: ${status}, ${evidence.value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}] over ${evidence.n} labels`,
  );
}
