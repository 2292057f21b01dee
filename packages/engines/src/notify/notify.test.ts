import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import type { Notification, NotifierChannel, NotifyResult, ProjectId } from '@twinloop/kernel';
import { afterEach, describe, expect, test } from 'vitest';
import { openNotifier } from './open-notifier.js';
import { SELF_SIGNED } from './self-signed.fixture.js';
import { signature } from './sign.js';
import { slackBody } from './slack.js';

const message: Notification = {
  id: 'ops.42',
  project: 'shop' as ProjectId,
  event: 'alarm',
  title: 'Alarm',
  text: 'temp < 3 & rising → look',
  link: 'https://loop.example/p/shop/decisions?a=1&b=2',
  seq: 42,
  at: 1_000,
  sentAt: 1_700_000_000_500,
};

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
  return (server.address() as AddressInfo).port;
}
const serve = (handler: RequestListener): Promise<number> => listen(createServer(handler));

const never = new AbortController().signal;
const send = (channel: NotifierChannel, policy = {}, signal = never): Promise<NotifyResult> =>
  openNotifier({ allow: ['127.0.0.1'], timeoutMs: 2000, ...policy }).send(message, channel, signal);
const hook = (port: number, path = '/hook?token=t0k3n', scheme = 'http'): NotifierChannel => ({
  kind: 'webhook',
  url: `${scheme}://127.0.0.1:${port}${path}`,
  secret: 's3cret',
});

test('a signature is the HMAC of time and body: another time, body or secret is another one', () => {
  const mac = createHmac('sha256', 'k').update('12.{"a":1}').digest('hex');
  expect(signature('k', 12, '{"a":1}')).toBe(`t=12,v1=${mac}`);
  const all = [
    signature('k', 12, '{}'),
    signature('k', 13, '{}'),
    signature('l', 12, '{}'),
    signature('k', 12, '{ }'),
  ];
  expect(new Set(all.map(one => one.split('v1=')[1])).size).toBe(4);
});

test('a webhook gets the message as JSON with its id, event and signature', async () => {
  let got: { headers: IncomingHttpHeaders; body: string; method: string | undefined } | undefined;
  const port = await serve((request, response) => {
    let body = '';
    request.on('data', chunk => (body += String(chunk)));
    request.on('end', () => {
      got = { headers: request.headers, body, method: request.method };
      response.writeHead(202).end();
    });
  });
  expect(await send(hook(port))).toEqual({ status: 'delivered', detail: 'it answered 202' });
  expect(got!.method).toBe('POST');
  expect(JSON.parse(got!.body)).toEqual(message);
  expect(got!.headers).toMatchObject({
    'content-type': 'application/json',
    'x-twinloop-id': 'ops.42',
    'x-twinloop-event': 'alarm',
    'x-twinloop-signature': signature('s3cret', 1_700_000_000, got!.body),
  });
});

test("Slack's text is escaped once, a link keeps its address", () => {
  expect(slackBody(message)).toEqual({
    text: 'Alarm: temp &lt; 3 &amp; rising → look',
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: '*Alarm*\ntemp &lt; 3 &amp; rising → look' } },
      {
        type: 'context',
        elements: [
          {
            type: 'mrkdwn',
            text: 'shop · <https://loop.example/p/shop/decisions?a=1&amp;b=2|open in Twinloop>',
          },
        ],
      },
    ],
  });
  expect(JSON.stringify(slackBody({ ...message, text: '<'.repeat(9000) })).length).toBeLessThan(7000);
});

describe('an endpoint that fails', () => {
  test.each([
    [500, true],
    [503, true],
    [429, true],
    [408, true],
    [400, false],
    [404, false],
    [410, false],
  ])('answering %i may be tried again: %s', async (status, retryable) => {
    const port = await serve((_, response) => response.writeHead(status).end());
    expect(await send(hook(port))).toEqual({
      status: 'failed',
      retryable,
      reason: `127.0.0.1:${port} answered ${status}`,
    });
  });

  test('that hangs is cut off by the time limit, and by the caller', async () => {
    const port = await serve(() => undefined);
    const late = { status: 'failed', retryable: true, reason: expect.stringContaining('took too long') };
    expect(await send(hook(port), { timeoutMs: 50 })).toMatchObject(late);
    const stop = new AbortController();
    const sending = send(hook(port), { timeoutMs: 60_000 }, stop.signal);
    stop.abort();
    expect(await sending).toMatchObject(late);
  });

  test.each([
    ['http://169.254.169.254/latest/meta-data', 'to 169.254.169.254, an inside address'],
    ['http://10.0.0.1/', 'to 10.0.0.1, an inside address'],
    ['https://93.184.216.34/x', 'to 93.184.216.34'],
  ])('that redirects to %s is refused, and the redirect said', async (location, said) => {
    let asked = 0;
    const port = await serve((_, response) => {
      asked++;
      response.writeHead(307, { location }).end();
    });
    const result = await send(hook(port));
    expect(result).toMatchObject({ status: 'failed', retryable: false });
    expect((result as { reason: string }).reason).toContain(`it redirects ${said}; posts are not redirected`);
    expect(asked).toBe(1);
  });

  test('that answers ten megabytes is not read', async () => {
    let written = 0;
    const port = await serve((_, response) => {
      response.writeHead(200);
      const more = (): void => {
        while (written < 10e6 && !response.destroyed) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    expect(await send(hook(port))).toMatchObject({ status: 'delivered' });
    expect(written).toBeLessThan(10e6);
  });

  test('that refuses the connection, or shows a certificate that nobody trusts, may come right', async () => {
    const closed = await serve(() => undefined);
    closers.splice(0).forEach(close => close());
    expect(await send(hook(closed))).toMatchObject({
      retryable: true,
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    const port = await listen(createTlsServer(SELF_SIGNED, (_, response) => response.end()));
    expect(await send(hook(port, '/', 'https'))).toMatchObject({
      retryable: true,
      reason: expect.stringMatching(/certificate/i),
    });
  });

  test.each([
    ['inside', 'http://10.1.2.3/hook/t0k3n'],
    ['no address', 'not an address t0k3n'],
    ['with a login in it', 'http://me:t0k3n@127.0.0.1/'],
    ['a file', 'file:///etc/passwd?t0k3n'],
  ])('%s is refused for good', async (_what, url) => {
    const result = await send({ kind: 'webhook', url, secret: undefined });
    expect(result).toMatchObject({ status: 'failed', retryable: false });
    expect(JSON.stringify(result)).not.toContain('t0k3n');
  });

  test('never has its path told', async () => {
    const port = await serve((request, response) =>
      request.url!.includes('500') ? response.writeHead(500).end() : response.destroy(),
    );
    for (const path of ['/500/t0k3n', '/broken/t0k3n']) {
      const result = await send({ kind: 'slack', url: `http://127.0.0.1:${port}${path}` });
      expect(result.status).toBe('failed');
      expect(JSON.stringify(result)).not.toContain('t0k3n');
    }
  });
});

describe('mail', () => {
  /** A mail server that speaks as much SMTP as one message needs. `replies` overrides a verb's answer. */
  async function mailServer(replies: Readonly<Record<string, string>> = {}) {
    const mails: string[] = [];
    const verbs: string[] = [];
    const port = await listen(
      createTcpServer(socket => {
        let data: string | undefined;
        let text = '';
        socket.on('error', () => undefined).write('220 test ESMTP\r\n');
        socket.on('data', chunk => {
          text += String(chunk);
          for (let end = text.indexOf('\r\n'); end >= 0; end = text.indexOf('\r\n')) {
            const line = text.slice(0, end);
            text = text.slice(end + 2);
            if (data !== undefined) {
              if (line !== '.') data += `${line}\n`;
              else {
                mails.push(data);
                data = undefined;
                socket.write('250 taken\r\n');
              }
              continue;
            }
            const verb = line.split(/[ :]/)[0]!.toUpperCase();
            verbs.push(verb);
            if (verb === 'DATA') data = '';
            const usual =
              verb === 'DATA' ? '354 go on' : verb === 'EHLO' ? '250-test\r\n250 8BITMIME' : '250 fine';
            socket.write(`${replies[verb] ?? usual}\r\n`);
          }
        });
      }),
    );
    return { port, mails, verbs };
  }
  const channel = (
    port: number,
    more: Partial<Extract<NotifierChannel, { kind: 'smtp' }>> = {},
  ): NotifierChannel => ({
    kind: 'smtp',
    host: '127.0.0.1',
    port,
    tls: 'none',
    user: undefined,
    password: undefined,
    from: 'loop@shop.example',
    to: ['ops@shop.example', 'night@shop.example'],
    ...more,
  });

  test('is plain text with the link, to every recipient, under an id of its own', async () => {
    const { port, mails, verbs } = await mailServer();
    expect(await send(channel(port))).toEqual({ status: 'delivered', detail: '127.0.0.1 took the mail' });
    expect(verbs.filter(verb => verb === 'RCPT')).toHaveLength(2);
    expect(mails).toHaveLength(1);
    expect(mails[0]).toContain('Subject: [shop] Alarm');
    expect(mails[0]).toMatch(/Message-ID: <ops\.42@shop\.twinloop>/i);
    expect(mails[0]).toMatch(/Content-Type: text\/plain/i);
    expect(mails[0]).not.toMatch(/text\/html/i);
    expect(mails[0]!.replace(/=\n/g, '').replaceAll('=3D', '=')).toContain(message.link);
  });

  test('sends nothing, a login least of all, to a server without TLS', async () => {
    const { port, mails, verbs } = await mailServer({ STARTTLS: '502 not here' });
    const login = { tls: 'required', user: 'me', password: 'hunter2' } as const;
    const result = await send(channel(port, login));
    expect(result).toEqual({
      status: 'failed',
      retryable: true,
      reason: '127.0.0.1 offers no TLS that can be trusted (ETLS)',
    });
    expect(mails).toEqual([]);
    expect(verbs).not.toContain('AUTH');
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  test.each([
    ['RCPT', '550 no such user', false],
    ['RCPT', '450 come back later', true],
    ['MAIL', '421 too busy', true],
  ])('%s answered with "%s" may be tried again: %s', async (verb, reply, retryable) => {
    const { port } = await mailServer({ [verb]: reply });
    expect(await send(channel(port))).toEqual({
      status: 'failed',
      retryable,
      reason: `127.0.0.1 answered ${reply.slice(0, 3)}`,
    });
  });

  test('goes to no inside address that the server does not allow, and waits for nobody', async () => {
    expect(await send(channel(25, { host: '10.0.0.1' }))).toMatchObject({ retryable: false });
    const silent = await listen(createTcpServer(() => undefined));
    expect(await send(channel(silent), { timeoutMs: 100 })).toMatchObject({
      retryable: true,
      reason: '127.0.0.1 took too long',
    });
  });
});
