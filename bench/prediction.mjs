// What a prediction costs: through the whole path (HTTP door, decode, route, evaluate, log) in a server of its own, beside a
// bare call of the built-in evaluator and a bare onnxruntime session, for the same model and the same rows. CPU of the
// path is the server's own; wall time is the client's. Needs the build; native ONNX is measured when it is installed.
// `node scripts/build.mjs --no-web && node bench/prediction.mjs [requests]`
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { openOnnxSession } from '@twinloop/engines';
import { rowAt, takeRows } from '@twinloop/kernel';
import { bindFeatures, bindModel, decodeDocument, ONNX_INPUT } from '@twinloop/model';
import { readTable } from '@twinloop/server';
import { openBlobs } from '@twinloop/storage';
import { cpuSecondsOf, deployFlights, ENDPOINT, EXAMPLE, load, PROJECT, startServer } from './lib/child.mjs';
import { inferBody, inputNames } from './lib/infer-body.mjs';

const count = Number(process.argv[2] ?? 10_000);
/** V8 compiles WebAssembly for good only after some 30,000 calls; before, they cost three times as much. */
const WARM = 40_000;
const WARM_SERVER = 5000;
const flights = await readTable(join(EXAMPLE, 'flights.parquet'), 'America/New_York');
const table = takeRows(
  flights,
  Array.from({ length: count }, (_, i) => 10_000 + (i % 50_000)),
);
const rows = Array.from({ length: count }, (_, i) => rowAt(table, i));
const names = inputNames(table);
const ownCpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** µs of CPU and wall a call, after a warm-up. */
async function cost(call, warm = WARM, cpuSeconds = ownCpu) {
  for (let i = 0; i < warm; i++) await call(i % count);
  const cpu = cpuSeconds();
  const start = performance.now();
  for (let i = 0; i < count; i++) await call(i);
  const wall = performance.now() - start;
  return { cpu: ((cpuSeconds() - cpu) / count) * 1e6, wall: (wall / count) * 1e3 };
}

/** A bare call awaits nothing. */
function syncCost(call) {
  for (let i = 0; i < WARM; i++) call(i % count);
  const cpu = ownCpu();
  const start = performance.now();
  for (let i = 0; i < count; i++) call(i);
  const wall = performance.now() - start;
  return { cpu: ((ownCpu() - cpu) / count) * 1e6, wall: (wall / count) * 1e3 };
}

async function wholePath(server) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const { hostname: host, port } = new URL(server.url);
  const path = `/p/${PROJECT}/v2/models/${ENDPOINT}/infer`;
  const bodies = rows.map(row => inferBody(row, names));
  const ask = async i => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(bodies[i]) };
    const call = request({ agent, host, port, path, method: 'POST', headers });
    call.end(bodies[i]);
    const [reply] = await once(call, 'response');
    if (reply.statusCode !== 200) throw new Error(`status ${reply.statusCode}`);
    reply.resume();
    await once(reply, 'end');
  };
  const figures = await cost(ask, WARM_SERVER, () => cpuSecondsOf(server.pid));
  agent.destroy();
  return figures;
}

function evaluator(document) {
  const model = bindModel(document);
  let sink = 0;
  const figures = syncCost(i => {
    sink += model.predictRow(rows[i]);
  });
  if (!Number.isFinite(sink)) throw new Error('a prediction is not finite');
  return figures;
}

/** Encoded features in, score out: what the evaluator does besides, encoding, is not in it. */
async function session(document, onnx, prefer) {
  const opened = await openOnnxSession(onnx, { prefer });
  if (opened.kind !== prefer) {
    await opened.close();
    return undefined;
  }
  const width = document.features.features.length;
  const encoded = bindFeatures(document.features).encodeTable(table);
  const figures = await cost(i =>
    opened.run({
      [ONNX_INPUT]: { type: 'float64', dims: [1, width], data: encoded.slice(i * width, (i + 1) * width) },
    }),
  );
  await opened.close();
  return figures;
}

console.log(`${count} predictions of one row, µs a call; ${load()}`);
for (const algorithm of ['linear', 'gbt']) {
  const server = await startServer();
  try {
    await deployFlights(server.client, [algorithm]);
    const { model } = (await server.client.status()).endpoint.champion;
    const { hash } = await server.client.model(model);
    const blobs = await openBlobs(join(server.data, 'blobs'));
    const document = decodeDocument(await blobs.get(PROJECT, hash));
    const onnx = await server.client.onnx(model);
    const path = await wholePath(server);
    const line = ({ cpu, wall }) => `CPU ${cpu.toFixed(1)}, wall ${wall.toFixed(1)}`;
    console.log(`${algorithm}: whole path ${line(path)}`);
    const peers = [
      ['bare evaluator', evaluator(document)],
      ['bare onnxruntime-web', await session(document, onnx, 'wasm')],
      ['bare onnxruntime-node', await session(document, onnx, 'native')],
    ];
    for (const [name, figures] of peers) {
      console.log(
        figures === undefined
          ? `${algorithm}: ${name} is not installed`
          : `${algorithm}: ${name} ${line(figures)}; the whole path is CPU × ${(path.cpu / figures.cpu).toFixed(1)}, wall × ${(path.wall / figures.wall).toFixed(1)}`,
      );
    }
  } finally {
    await server.stop();
  }
}
