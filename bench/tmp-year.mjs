import { setTimeout as wait } from 'node:timers/promises';
import { deployFlights, startServer } from './lib/child.mjs';
const server = await startServer();
try {
  await deployFlights(server.client);
  const start = performance.now();
  await server.client.startReplay({ dataset: 'flights', from: process.argv[2] ?? '2013-03-01', until: process.argv[3] ?? '2014-01-01', speed: 'max' });
  let replay = await server.client.replay();
  while (replay.state !== 'finished') { await wait(200); replay = await server.client.replay(); }
  console.log('seconds', (performance.now() - start) / 1000);
  const status = await server.client.status();
  console.log(JSON.stringify(status.counts), JSON.stringify(replay));
  const types = {};
  const subjects = {};
  let looks = 0; const alarms = [];
  let after = 0;
  for (;;) {
    const entries = await server.client.ledger({ after, limit: 1000 });
    if (entries.length === 0) break;
    for (const e of entries) {
      types[e.type] = (types[e.type] ?? 0) + 1;
      if (e.type === 'SignalRaised') { const k = e.payload.signal.monitor; subjects[k] = (subjects[k] ?? 0) + 1; }
      if (e.type === 'WindowObserved' && e.payload.monitor === 'drift') looks++;
      if (e.type === 'AlarmRaised') alarms.push(`${new Date(e.at).toISOString().slice(0,10)} ${e.payload.kind} ${e.payload.sentence.slice(0,160)}`);
      after = e.seq ?? e.offset ?? e.position ?? e.number;
    }
    if (after === undefined) { console.log(Object.keys(entries[0])); break; }
  }
  console.log(JSON.stringify(types)); console.log('looks', looks, JSON.stringify(subjects, null, 0)); console.log(alarms.join('\n'));
  try { console.log(JSON.stringify(await server.client.report?.())?.slice(0, 1500)); } catch (e) { console.log(String(e)); }
} finally { await server.stop(); }
