import { createHttp, type HttpDoor, type HttpOptions } from '../create-http.js';
import { FakeApp } from './fake-app.js';

export const TOKEN = 'data-directory-token';

export interface LogLine {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** The real door before the fake product; request ids count up, the heartbeat beats when told. */
export async function httpUnderTest(
  config: Partial<HttpOptions['config']> = {},
  options: Partial<HttpOptions> = {},
): Promise<{ http: HttpDoor; app: FakeApp; log: LogLine[]; beat: () => void; hearts: () => number }> {
  const app = new FakeApp();
  const log: LogLine[] = [];
  const write = (message: string, fields?: LogLine['fields']): void => {
    log.push({ message, fields });
  };
  const hearts = new Set<() => void>();
  let requests = 0;
  const http = await createHttp({
    app,
    logger: { info: write, warn: write, error: write },
    version: '0.1.0',
    token: TOKEN,
    config: { host: '127.0.0.1', port: 0, hosts: [], requireKey: false, bodyLimit: 10_000, ...config },
    projectSchema: { title: 'twinloop.yaml' },
    newRequestId: () => `req-${++requests}`,
    every: (_ms, fn) => {
      hearts.add(fn);
      return () => hearts.delete(fn);
    },
    ...options,
  });
  return {
    http,
    app,
    log,
    beat: () => {
      for (const fn of hearts) fn();
    },
    hearts: () => hearts.size,
  };
}
