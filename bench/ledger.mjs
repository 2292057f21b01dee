// What the ledger sustains: every append waits for the disk; appends of one turn share one wait.
// `node scripts/build.mjs --no-web && node bench/ledger.mjs`
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '@twinloop/storage';

const directory = mkdtempSync(join(tmpdir(), 'twinloop-bench-'));
const project = 'default';
const fact = i => ({
  type: 'PolicyHeld',
  payload: { endpoint: 'delays', reason: `observation ${i}` },
  at: i,
  actor: 'bench',
  idempotencyKey: `k${i}`,
});
const report = (what, figure) => console.log(`${what.padEnd(46)} ${figure}`);

try {
  const ledger = await openLedger(join(directory, 'ledger.db'), { wallNow: () => Date.now(), randomBytes });
  let next = 0;
  for (const [perTurn, turns] of [
    [1, 500],
    [16, 200],
    [256, 40],
  ]) {
    const start = performance.now();
    for (let turn = 0; turn < turns; turn++) {
      await Promise.all(Array.from({ length: perTurn }, () => ledger.append(project, [fact(next++)])));
    }
    const ms = performance.now() - start;
    report(
      `append, ${perTurn} a turn`,
      `${Math.round((perTurn * turns * 1000) / ms)} facts/s, ${(ms / turns).toFixed(2)} ms a turn`,
    );
  }
  const verifying = performance.now();
  const verification = await ledger.verify(project);
  report(
    `verify ${next} entries (${verification.ok ? 'ok' : 'BROKEN'})`,
    `${Math.round((next * 1000) / (performance.now() - verifying))} entries/s`,
  );
  const reading = performance.now();
  const entries = await ledger.read({ project });
  report(`read ${entries.length} entries`, `${(performance.now() - reading).toFixed(1)} ms`);
  await ledger.close();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
