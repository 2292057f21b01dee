import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';
import { program } from './program.js';
import { asksForJson, report } from './report.js';

export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line in this process, as main.ts does. */
export async function runCli(...args: string[]): Promise<Ran> {
  let stdout = '';
  let stderr = '';
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    stdout += String(text);
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    stderr += String(text);
    return true;
  });
  let status = 0;
  try {
    await program().parseAsync(['node', 'twinloop', ...args]);
  } catch (thrown) {
    status = report(thrown, asksForJson(args), text => {
      stderr += text;
    });
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  return { status, stdout, stderr };
}

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly token: string | undefined;
  readonly body: unknown;
}
type Answer = readonly [status: number, body: unknown];

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? undefined : JSON.parse(text);
}

/** A server that answers `METHOD /path` (below the native API) from a table, several answers in turn, the last one for ever. */
export async function fakeServer(
  routes: Readonly<Record<string, Answer | readonly Answer[]>>,
): Promise<{ url: string; asked: Asked[]; close(): Promise<void> }> {
  const asked: Asked[] = [];
  const turns = new Map<string, number>();
  const server = createServer((request, response) => {
    void bodyOf(request).then(body => {
      const { method = '', url = '' } = request;
      const token = request.headers['x-twinloop-token'];
      asked.push({ method, url, token: typeof token === 'string' ? token : undefined, body });
      const key = `${method} ${url.replace(/^.*\/api\/twinloop\/v1/, '').replace(/\?.*/, '')}`;
      const known = routes[key] ?? [
        404,
        { error: { code: 'route_not_found', message: `No route ${key}`, hint: '' } },
      ];
      const answers = (Array.isArray(known[0]) ? known : [known]) as readonly Answer[];
      const turn = turns.get(key) ?? 0;
      turns.set(key, turn + 1);
      const [status, answer] = answers[Math.min(turn, answers.length - 1)]!;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((done, failed) => {
        server.closeAllConnections();
        server.close(error => (error === undefined ? done() : failed(error)));
      }),
  };
}
