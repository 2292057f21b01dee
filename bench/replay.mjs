// Replay throughput: two months of flights (1 March to 1 May) played at full speed through the server's own HTTP door,
// loop included (labels, monitors, retrainings, rollouts), beside a bare node:http server that parses the same bodies and
// answers a constant. Promise: the year's 50,814 requests in 90 s. Needs the build; a minute.
// `node scripts/build.mjs --no-web && node bench/replay.mjs`
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { rowAt, takeRows } from '@twinloop/kernel';
import { readTable } from '@twinloop/server';
import {
  cpuSecondsOf,
  deployFlights,
  ENDPOINT,
  EXAMPLE,
  load,
  peakMegabytesOf,
  startServer,
} from './lib/child.mjs';
import { inferBody, inputNames } from './lib/infer-body.mjs';

const FROM = '2013-03-01';
const UNTIL = '2013-05-01';
const PEER_REQUESTS = 8000;

async function ours() {
  const server = await startServer();
  try {
    await deployFlights(server.client);
    const cpu = cpuSecondsOf(server.pid);
    const start = performance.now();
    await server.client.startReplay({ dataset: 'flights', from: FROM, until: UNTIL, speed: 'max' });
    let replay = await server.client.replay();
    while (replay.state !== 'finished') {
      await wait(50);
      replay = await server.client.replay();
    }
    const seconds = (performance.now() - start) / 1000;
    return {
      ...replay,
      seconds,
      cpu: cpuSecondsOf(server.pid) - cpu,
      peak: peakMegabytesOf(server.pid),
      retrainings: (await server.client.status()).counts.retrainings,
    };
  } finally {
    await server.stop();
  }
}

/** Client and server in one process, one kept-alive connection, one request at a time: as the replay sends. */
async function peer() {
  const server = createServer(async (call, reply) => {
    const chunks = [];
    for await (const chunk of call) chunks.push(chunk);
    JSON.parse(Buffer.concat(chunks).toString());
    reply.setHeader('content-type', 'application/json').end('{"outputs":[]}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const flights = await readTable(join(EXAMPLE, 'flights.parquet'), 'America/New_York');
  const table = takeRows(
    flights,
    Array.from({ length: PEER_REQUESTS }, (_, i) => i),
  );
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let i = 0; i < table.rows; i++) {
    const body = inferBody(rowAt(table, i), inputNames(table));
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const call = request({ agent, host: '127.0.0.1', port: server.address().port, method: 'POST', headers });
    call.end(body);
    const [reply] = await once(call, 'response');
    reply.resume();
    await once(reply, 'end');
  }
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  agent.destroy();
  server.close();
  return { rate: table.rows / seconds, cpuMicros: (user + system) / table.rows };
}

const { sent, failures, outcomes, seconds, cpu, peak, retrainings } = await ours();
const rate = sent / seconds;
const bare = await peer();
console.log(`replay of ${ENDPOINT}, ${FROM} to ${UNTIL}, ${load()}`);
console.log(
  `${sent} requests, ${failures} failed, ${outcomes} labels, ${retrainings} retrainings in ${seconds.toFixed(1)} s: ${rate.toFixed(0)} requests/s`,
);
console.log(
  `server CPU ${cpu.toFixed(1)} s (${((cpu / sent) * 1e6).toFixed(0)} µs a request, loop included), peak RSS ${peak.toFixed(0)} MB`,
);
console.log(
  `peer, bare node:http: ${bare.rate.toFixed(0)} requests/s, CPU ${bare.cpuMicros.toFixed(0)} µs a request with its client; replay is × ${(rate / bare.rate).toFixed(2)} of it`,
);
console.log(`the year at this rate: ${(50_814 / rate).toFixed(0)} s of the 90 promised`);
