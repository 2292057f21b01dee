// Rows a second that another system may post, as JSON Lines and as Parquet, and what the server's memory does meanwhile.
// `node scripts/build.mjs --no-web && node bench/ingest.mjs [megabytes]`
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { memoryBlobs, openDatasetQuery } from '@twinloop/storage';
import { cpuSecondsOf, load, peakMegabytesOf, startServer } from './lib/child.mjs';

const MEGABYTES = Number(process.argv[2] ?? 200);
const PARQUET_ROWS = 200_000;
const INPUTS = ['income', 'age', 'debt', 'visits', 'days'];
const report = (what, figure) => console.log(`${what.padEnd(46)} ${figure}`);

const directory = mkdtempSync(join(tmpdir(), 'twinloop-bench-'));
const row = (i, kind) => ({
  id: `${kind}${i}`,
  version: 'risk-7',
  score: (i % 1000) / 1000,
  region: ['ZH', 'BE', 'GE'][i % 3],
  ...Object.fromEntries(INPUTS.map((name, k) => [name, ((i * (k + 7)) % 9973) / 10])),
});
writeFileSync(
  join(directory, 'reference.csv'),
  `label,region,${INPUTS.join()}\n${Array.from({ length: 500 }, (_, i) => `${i % 2},ZH,${INPUTS.map(() => i).join()}`).join('\n')}\n`,
);

/** Lines until the limit; at least the machine's memory is not the sender's problem. */
async function* lines(bytes, sent) {
  for (let i = 0; sent.bytes < bytes; ) {
    let text = '';
    for (let k = 0; k < 500; k++, i++) text += `${JSON.stringify(row(i, 'j'))}\n`;
    sent.bytes += text.length;
    sent.rows = i;
    yield Buffer.from(text);
  }
}

const server = await startServer();
try {
  const { client, pid } = server;
  const file = `project: flight-delays
datasets: { reference: { source: reference.csv, label: { column: label } } }
features: { inputs: [region, ${INPUTS.join(', ')}] }
endpoint: { name: risk, served: elsewhere }
`;
  await client.apply({ file, directory });
  const post = async (what, type, body, sent) => {
    const [before, started] = [cpuSecondsOf(pid), performance.now()];
    const response = await fetch(client.url('/predictions'), {
      method: 'POST',
      headers: { 'content-type': type },
      body,
      duplex: 'half',
    });
    const answer = await response.json();
    const seconds = (performance.now() - started) / 1000;
    const cpu = cpuSecondsOf(pid) - before;
    if (answer.accepted !== sent.rows) throw new Error(JSON.stringify(answer));
    report(
      what,
      `${Math.round(sent.rows / seconds).toLocaleString('en')} rows/s, ${Math.round(sent.rows / cpu).toLocaleString('en')} per CPU-second of the server; ${sent.rows} rows`,
    );
  };
  report('memory before', `${peakMegabytesOf(pid).toFixed(0)} MB`);

  const columns = [
    ['id', 'string'],
    ['version', 'string'],
    ['score', 'number'],
    ['region', 'string'],
    ...INPUTS.map(name => [name, 'number']),
  ];
  const rows = Array.from({ length: PARQUET_ROWS }, (_, i) => row(i, 'p'));
  const query = await openDatasetQuery({ blobs: memoryBlobs(), allowedDirectories: [directory] });
  const parquet = join(directory, 'rows.parquet');
  const writer = await query.create(parquet, 'parquet');
  await writer.write({
    rows: rows.length,
    columns: columns.map(([name, type]) => ({
      name,
      type,
      values: type === 'string' ? rows.map(one => one[name]) : Float64Array.from(rows, one => one[name]),
    })),
  });
  await writer.close();
  await post('Parquet', 'application/vnd.apache.parquet', await readFile(parquet), { rows: PARQUET_ROWS });
  report('peak memory after Parquet', `${peakMegabytesOf(pid).toFixed(0)} MB`);

  const sent = { bytes: 0, rows: 0 };
  await post(
    `JSON Lines, ${MEGABYTES} MB`,
    'application/x-ndjson',
    Readable.toWeb(Readable.from(lines(MEGABYTES * 1e6, sent))),
    sent,
  );
  report('peak memory after JSON Lines', `${peakMegabytesOf(pid).toFixed(0)} MB`);
  console.log(load());
} finally {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
}
