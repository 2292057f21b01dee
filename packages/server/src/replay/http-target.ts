import { Agent, request } from 'node:http';
import type { EpochMs, Row } from '@twinloop/kernel';

export interface ReplayOutcome {
  readonly id: string;
  readonly value: number | boolean | string;
  readonly at: EpochMs;
}

/** Where a replay sends its traffic. `true` when the answer was a 2xx. */
export interface ReplayTarget {
  predict(id: string, inputs: Row): Promise<boolean>;
  report(outcomes: readonly ReplayOutcome[]): Promise<boolean>;
  /** Rows of a joined source. */
  post(dataset: string, rows: readonly Row[]): Promise<boolean>;
  close(): void;
}

function tensor(name: string, value: Row[string]): unknown {
  return typeof value === 'string'
    ? { name, shape: [1], datatype: 'BYTES', data: [value] }
    : { name, shape: [1], datatype: 'FP64', data: [value === undefined ? null : value] };
}

/** Plays through the server's own HTTP door, as any client would: one kept-alive connection, one request at a time. */
export function httpTarget(options: {
  baseUrl: string;
  project: string;
  endpoint: string;
  headers: Readonly<Record<string, string>>;
}): ReplayTarget {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const base = new URL(options.baseUrl);
  const post = (path: string, body: string): Promise<boolean> =>
    new Promise(resolve => {
      const call = request(
        {
          agent,
          host: base.hostname,
          port: base.port,
          method: 'POST',
          path,
          headers: {
            ...options.headers,
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          },
        },
        response => {
          response.resume();
          response.on('end', () => resolve(response.statusCode! >= 200 && response.statusCode! < 300));
          response.on('error', () => resolve(false));
        },
      );
      call.on('error', () => resolve(false));
      call.end(body);
    });
  const prefix = `/p/${options.project}`;
  const infer = `${prefix}/v2/models/${options.endpoint}/infer`;
  const outcomesPath = `${prefix}/api/twinloop/v1/endpoints/${options.endpoint}/outcomes`;
  return {
    predict: (id, inputs) =>
      post(
        infer,
        JSON.stringify({ id, inputs: Object.entries(inputs).map(([name, value]) => tensor(name, value)) }),
      ),
    report: outcomes => post(outcomesPath, JSON.stringify(outcomes)),
    post: (dataset, rows) => post(`${prefix}/api/twinloop/v1/features/${dataset}/rows`, JSON.stringify(rows)),
    close: () => agent.destroy(),
  };
}
