import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TwinloopApiError } from '@twinloop/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, scratch, ServerProcess } from '../support/server-process.js';
import { csv, smallRows, smallYaml, writeSmallProject } from '../support/small-project.js';

interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A receiver on this machine whose answers a test chooses. */
class Receiver {
  readonly received: Received[] = [];
  answer: (path: string) => number | undefined = () => 200;
  readonly #server: Server;

  constructor() {
    const listener: RequestListener = (request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        this.received.push({ path: request.url!, headers: request.headers, body });
        const status = this.answer(request.url!);
        // Undefined: it hangs.
        if (status !== undefined) response.writeHead(status).end();
      });
    };
    this.#server = createServer(listener);
  }
  async listen(): Promise<number> {
    await new Promise<void>(ready => this.#server.listen(0, '127.0.0.1', ready));
    return (this.#server.address() as AddressInfo).port;
  }
  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

const SECRET = 'a secret that nobody may read';

describe('notifications of a real server', () => {
  const receiver = new Receiver();
  let directory: Awaited<ReturnType<typeof scratch>>;
  let server: ServerProcess;
  let port: number;
  let args: string[];
  const data = (): string => join(directory.path, 'data');
  const project = (): string => join(directory.path, 'project');
  const yaml = (channels: string): string => `${smallYaml()}notify:\n${channels}`;
  const channels = (): string =>
    [
      `  - { name: ops, kind: webhook, url: "http://127.0.0.1:${port}/ops", secret: "file:hook.secret" }`,
      `  - { name: chat, kind: slack, url: "file:slack.url", on: [refusal] }`,
      `  - { name: stuck, kind: webhook, url: "http://127.0.0.1:${port}/stuck" }`,
      '',
    ].join('\n');

  beforeAll(async () => {
    directory = await scratch();
    port = await receiver.listen();
    await writeSmallProject(project());
    await writeFile(join(project(), 'hook.secret'), `${SECRET}\n`);
    await writeFile(join(project(), 'slack.url'), `http://127.0.0.1:${port}/slack/T0/B0/token\n`);
    await writeFile(
      join(directory.path, 'server.yaml'),
      'fetch: { allow: [127.0.0.1], timeoutMs: 2000 }\npublicUrl: https://loop.example\n',
    );
    args = ['--config', join(directory.path, 'server.yaml')];
    server = await ServerProcess.start(data(), args);
  });
  afterAll(async () => {
    await server.kill();
    receiver.close();
    await directory.remove();
  });

  const apply = (text: string, token = true) =>
    server.client({ token }).apply({ file: text, directory: project() });

  it('refuses a secret that is not there, by its path, and a literal one without repeating it', async () => {
    await expect(
      apply(yaml(`  - { name: ops, kind: webhook, url: "env:NO_SUCH_HOOK", secret: "file:hook.secret" }\n`)),
    ).rejects.toMatchObject({ code: 'secret_missing', field: 'notify[0].url', status: 422 });
    const literal = await apply(
      yaml(
        '  - { name: mail, kind: smtp, host: mail.example, user: me, password: hunter2, from: a@b.example, to: [c@d.example] }\n',
      ),
    ).catch((error: TwinloopApiError) => error);
    expect(literal).toMatchObject({ code: 'project_invalid' });
    expect(JSON.stringify(literal)).not.toContain('hunter2');
    expect(server.log.join('\n')).not.toContain('hunter2');
  });

  it('lets nobody apply references to secrets who does not hold the token', async () => {
    await expect(apply(yaml(channels()), false)).rejects.toMatchObject({ code: 'token_required' });
  });

  it('tells a refusal: signed JSON, a Slack message, each once, with a link', async () => {
    receiver.answer = path => (path === '/stuck' ? undefined : 200);
    await apply(yaml(channels()));
    const bad = smallRows().map((row, i) => ({ ...row, hour: i < 5 ? 99 : row.hour }));
    await writeFile(join(project(), 'bad.csv'), csv(bad));
    const client = server.client();
    await expect(client.addDatasetVersion('flights', join(project(), 'bad.csv'))).rejects.toMatchObject({
      code: 'data_refused',
    });
    const [hook, slack] = await eventually(async () => {
      const found = ['/ops', '/slack/T0/B0/token'].map(path =>
        receiver.received.find(one => one.path === path),
      );
      return found.every(one => one !== undefined) ? found : undefined;
    }, 'both messages');
    const message = JSON.parse(hook!.body) as {
      id: string;
      event: string;
      text: string;
      link: string;
      seq: number;
    };
    expect(message).toMatchObject({
      event: 'refusal',
      project: 'small',
      id: `ops.${message.seq}`,
      text: expect.stringContaining('refused'),
      link: expect.stringMatching(/^https:\/\/loop\.example\/p\/small\/data\/flights\/[0-9a-f]{64}$/),
    });
    expect(hook!.headers['x-twinloop-id']).toBe(message.id);
    const [, t, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(hook!.headers['x-twinloop-signature']))!;
    expect(createHmac('sha256', SECRET).update(`${t}.${hook!.body}`).digest('hex')).toBe(mac);
    expect(JSON.parse(slack!.body)).toMatchObject({
      text: expect.stringContaining('Refused'),
      blocks: expect.any(Array),
    });
    expect(receiver.received.filter(({ path }) => path === '/ops')).toHaveLength(1);
  });

  it('shows channels and log without any secret; the channel that hangs is cut off and tried later', async () => {
    const client = server.client();
    const failed = await eventually(
      async () => (await client.deliveries({ channel: 'stuck', state: 'failed' }))[0],
      'the cut',
    );
    expect(failed).toMatchObject({ attempts: 1, lastError: expect.stringContaining('took too long') });
    expect(failed.nextAt! - failed.createdAt).toBeGreaterThanOrEqual(8000);
    const view = await client.notifications();
    expect(view.channels.map(({ name, state, counts }) => [name, state, counts.delivered])).toEqual([
      ['ops', 'ok', 1],
      ['chat', 'ok', 1],
      ['stuck', 'failing', 0],
    ]);
    const plan = await client.plan({ file: smallYaml(), directory: project() });
    const everything = [
      JSON.stringify([view, plan, await client.deliveries(), await client.ledger()]),
      await (await fetch(`${server.url}/metrics`)).text(),
      server.log.join('\n'),
    ].join('\n');
    expect(everything).not.toContain(SECRET);
    expect(everything).not.toContain('T0/B0');
    expect(everything).toContain(
      'twinloop_notifications_total{project="small",channel="ops",state="delivered"} 1',
    );
  });

  it('has a test button and a command for it, and retries by hand', async () => {
    const before = receiver.received.length;
    const sent = await server.cli(['-p', 'small', 'notify', 'test', 'ops']);
    expect(sent).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ops: delivered in \d+ ms, it answered 200/),
    });
    expect(JSON.parse(receiver.received[before]!.body)).toMatchObject({ event: 'test', seq: 0 });
    await expect(server.client().testChannel('nobody')).rejects.toMatchObject({ code: 'channel_unknown' });
    receiver.answer = () => 200;
    const [stuck] = await server.client().deliveries({ channel: 'stuck' });
    const retried = await server.cli(['-p', 'small', 'notify', 'retry', stuck!.id]);
    expect(retried).toMatchObject({ code: 0, stdout: `${stuck!.id}: delivered\n` });
    await expect(server.client().retryDelivery('ops.99999')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('delivers after kill -9 what the dead process had queued, and tells nothing twice', async () => {
    receiver.answer = path => (path === '/ops' ? undefined : 200);
    const client = server.client();
    const file = join(project(), 'worse.csv');
    await writeFile(file, (await readFile(join(project(), 'bad.csv'), 'utf8')).replace(/,99,/g, ',98,'));
    await expect(client.addDatasetVersion('flights', file)).rejects.toMatchObject({ code: 'data_refused' });
    const hanging = (): readonly Received[] =>
      receiver.received.filter(({ path, body }) => path === '/ops' && body.includes('"refusal"')).slice(1);
    await eventually(async () => (hanging().length > 0 ? true : undefined), 'the attempt that hangs');
    await server.kill();
    receiver.answer = () => 200;
    server = await ServerProcess.start(data(), args);
    const after = await eventually(
      async () =>
        (await server.client().deliveries({ channel: 'ops' })).find(
          one => one.state === 'delivered' && one.seq > 5 && one.id === JSON.parse(hanging()[0]!.body).id,
        ),
      'the delivery by the next process',
    );
    expect(new Set(hanging().map(({ headers }) => headers['x-twinloop-id']))).toEqual(new Set([after.id]));
    expect((await server.client().deliveries({ channel: 'chat' })).map(one => one.state)).toEqual([
      'delivered',
      'delivered',
    ]);
    expect(receiver.received.filter(({ path }) => path.startsWith('/slack'))).toHaveLength(2);
  });
});
