// Serves a made-up year of the flights project in the shape of the native API, for working on the pages and testing them.
// `node packages/web/dev/fixture-server.mjs [--state full|empty|broken|playing] [--port 4601] [--from 0.5] [--delivery shadow|canary|approval|watch|held]`
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { advanceChaos } from './fixture/desk/chaos.mjs';
import { inferred } from './fixture/desk/drafts.mjs';
import { answer, Refusal } from './fixture/routes.mjs';
import { SPAN, statusAt } from './fixture/views.mjs';
import { makeYear } from './fixture/year.mjs';

const DIST = join(import.meta.dirname, '../dist');
const TYPES = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};
// The same policy as the real server's pages.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const SECONDS_A_YEAR = { 1: 90, 4: 22, max: 8 };
const TICK = 200;

/**
 * Starts the server. `from`: the share of the year already played (playing only); `decisions`: a ledger of this size;
 * `tampered`: its verification fails. Resolves to its URL and a `close`.
 */
export async function startFixture({
  state = 'full',
  port = 0,
  from = 0.3,
  dist = DIST,
  tampered = false,
  decisions = 0,
  delivery = 'shadow',
  quiet = false,
} = {}) {
  const control = { state: state === 'playing' ? 'playing' : 'finished', speed: 1, slowAtDecisions: true };
  const stage = {
    year: makeYear('flight-delays'),
    now: state === 'playing' ? SPAN.from + (SPAN.until - SPAN.from) * from : SPAN.until,
    control,
    empty: state === 'empty',
    tampered,
    delivery,
    quiet,
  };
  if (decisions > 0) stage.year.decisions = repeated(stage.year.decisions, decisions);
  const streams = new Set();
  const timer = setInterval(() => tick(stage, streams), TICK);

  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://fixture');
    if (request.method === 'POST' && url.pathname.endsWith('/infer')) {
      request.resume().on('end', () => json(response, 200, inferred(stage.created)));
      return;
    }
    const native = /^(?:\/p\/([^/]+))?\/api\/twinloop\/v1(\/.*)$/.exec(url.pathname);
    if (native === null) return page(url.pathname, response, dist);
    const chunks = [];
    request
      .on('data', chunk => chunks.push(chunk))
      .on('end', () => {
        try {
          if (state === 'broken' && native[2] !== '/projects')
            throw new Refusal(
              500,
              'storage_corrupt',
              'Stored data is damaged: entry 42 does not hold',
              'Restore the data directory from a backup; `twinloop ledger verify` names the first broken entry.',
            );
          if (
            native[1] !== undefined &&
            native[1] !== 'flight-delays' &&
            native[1] !== stage.created?.project &&
            !stage.empty
          )
            throw new Refusal(
              404,
              'not_found',
              `Project ${native[1]} was not found`,
              'List what exists with `twinloop project list`.',
            );
          if (native[2] === '/events') return open(url, response, stage, streams);
          const body = Buffer.concat(chunks).toString();
          const result = answer(request.method, native[2], url.searchParams, body, stage, native[1]);
          if (result?.type !== undefined && result.text !== undefined)
            return response.writeHead(200, { 'content-type': result.type }).end(result.text);
          json(response, 200, result);
        } catch (thrown) {
          const { status = 500, code = 'internal', message, hint = '' } = thrown;
          json(response, status, {
            error: {
              code,
              message,
              hint,
              requestId: 'req-01j9zq4m7',
              docs: `https://twinloop.dev/reference/errors#${code}`,
            },
          });
        }
      });
  });
  await new Promise(resolve => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      clearInterval(timer);
      for (const stream of streams) stream.response.destroy();
      server.closeAllConnections();
      return new Promise(resolve => server.close(resolve));
    },
  };
}

/** The ledger written again and again until it has this many entries: for measuring the pages. */
function repeated(ledger, size) {
  return Array.from({ length: size }, (_, i) => ({
    ...ledger[i % ledger.length],
    seq: i + 1,
    at: ledger[0].at + i * 1000,
  }));
}

function json(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function tick(stage, streams) {
  const { control } = stage;
  const broke = advanceChaos(stage);
  if (control.state !== 'playing') {
    if (broke || stage.chaos?.running) for (const stream of streams) send(stream, stage);
    return;
  }
  stage.now = Math.min(
    SPAN.until,
    stage.now + ((SPAN.until - SPAN.from) / SECONDS_A_YEAR[control.speed]) * (TICK / 1000),
  );
  if (stage.now === SPAN.until) control.state = 'finished';
  for (const stream of streams) send(stream, stage);
}

function send(stream, stage) {
  for (const decision of stage.year.decisions.slice(stream.seq).filter(d => d.at <= stage.now)) {
    stream.response.write(`event: decision\nid: ${decision.seq}\ndata: ${JSON.stringify(decision)}\n\n`);
    stream.seq = decision.seq;
  }
  stream.response.write(
    `event: status\ndata: ${JSON.stringify(statusAt(stage.year, stage.now, stage.control))}\n\n`,
  );
}

function open(url, response, stage, streams) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': open\n\n');
  const known = stage.empty ? 0 : stage.year.decisions.filter(d => d.at <= stage.now).length;
  const stream = { response, seq: Number(url.searchParams.get('after') ?? known) };
  if (!stage.empty) send(stream, stage);
  streams.add(stream);
  response.on('close', () => streams.delete(stream));
}

function page(path, response, dist) {
  const file = join(dist, normalize(path));
  const asset = path.startsWith('/assets/') && existsSync(file);
  if (path.startsWith('/assets/') && !asset) return response.writeHead(404).end();
  const served = asset ? file : join(dist, 'index.html');
  response
    .writeHead(200, {
      'content-type': TYPES[extname(served)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    })
    .end(readFileSync(served));
}

if (process.argv[1] === import.meta.filename) {
  const option = (name, fallback) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? fallback : process.argv[at + 1];
  };
  const { url } = await startFixture({
    state: option('state', 'full'),
    port: Number(option('port', '4601')),
    from: Number(option('from', '0.3')),
    delivery: option('delivery', 'shadow'),
    quiet: option('quiet', '') !== '',
  });
  process.stdout.write(`Fixture on ${url}\n`);
}
