import { describe, expect, test } from 'vitest';
import { TwinloopClient } from './client.js';
import { TwinloopApiError } from './errors.js';

interface Seen {
  url: string;
  init: RequestInit;
}

function answering(response: () => Response | Promise<Response>): { seen: Seen[]; fetch: typeof fetch } {
  const seen: Seen[] = [];
  return {
    seen,
    fetch: (input, init) => {
      seen.push({ url: String(input), init: init ?? {} });
      return Promise.resolve().then(response);
    },
  };
}

const refused = {
  error: {
    code: 'data_refused',
    message: 'flights 3f2a was refused by 2 expectation(s)',
    hint: 'Each finding names the column.',
    details: [{ message: '20 % nulls in temp', field: 'temp' }],
    requestId: 'req-7',
    docs: '/docs/errors#data_refused',
  },
};

describe('TwinloopClient', () => {
  test('a project prefixes every route; names are encoded; the trailing slash of the base is not doubled', async () => {
    const { seen, fetch } = answering(() => Response.json([]));
    await new TwinloopClient({ baseUrl: 'http://h:1/', project: 'a', fetch }).runs();
    await new TwinloopClient({ baseUrl: 'http://h:1', fetch }).model('late@ab/c');
    expect(seen.map(s => s.url)).toEqual([
      'http://h:1/p/a/api/twinloop/v1/runs',
      'http://h:1/api/twinloop/v1/models/late%40ab%2Fc',
    ]);
  });

  test('a ledger query sends only what was asked', async () => {
    const { seen, fetch } = answering(() => Response.json([]));
    const client = new TwinloopClient({ baseUrl: 'http://h', fetch });
    await client.ledger({ after: 0, story: true, types: ['AlarmRaised', 'ModelPromoted'] });
    await client.ledger({ story: false });
    expect(seen[0]!.url).toBe(
      'http://h/api/twinloop/v1/ledger?after=0&types=AlarmRaised%2CModelPromoted&story=1',
    );
    expect(seen[1]!.url).toBe('http://h/api/twinloop/v1/ledger');
  });

  test('token and key travel as headers, the body as JSON', async () => {
    const { seen, fetch } = answering(() => Response.json({ accepted: 1 }));
    const client = new TwinloopClient({ baseUrl: 'http://h', token: 't', key: 'tlk_1_s', fetch });
    await client.recordOutcomes('late', { id: 'p1', value: 1 });
    expect(seen[0]!.init.headers).toMatchObject({
      'x-twinloop-token': 't',
      authorization: 'Bearer tlk_1_s',
      'content-type': 'application/json',
    });
    expect(seen[0]!.init.body).toBe('{"id":"p1","value":1}');
  });

  test('an error of the API keeps code, hint, details, request id and status', async () => {
    const { fetch } = answering(() => Response.json(refused, { status: 422 }));
    const failure = new TwinloopClient({ baseUrl: 'http://h', fetch }).addDatasetVersion('flights', 'x.csv');
    await expect(failure).rejects.toMatchObject({
      name: 'TwinloopApiError',
      status: 422,
      code: 'data_refused',
      requestId: 'req-7',
      details: [{ field: 'temp' }],
    });
  });

  test('an answer of something else is named as such', async () => {
    const { fetch } = answering(() => new Response('<html>Bad gateway</html>', { status: 502 }));
    const failure = new TwinloopClient({ baseUrl: 'http://h', fetch }).status();
    await expect(failure).rejects.toMatchObject({ code: 'unexpected_answer', status: 502 });
  });

  test('no answer is an error of the same type; an abort stays an abort', async () => {
    const { fetch } = answering(() => Promise.reject(new TypeError('fetch failed')));
    const client = new TwinloopClient({ baseUrl: 'http://h:9', fetch });
    const failure = await client.status().catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(TwinloopApiError);
    expect(failure).toMatchObject({ code: 'unreachable', status: 0, message: 'No answer from http://h:9' });
    await expect(client.status({ signal: AbortSignal.abort() })).rejects.not.toBeInstanceOf(TwinloopApiError);
  });
});
