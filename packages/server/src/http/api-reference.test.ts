import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiReference, type OpenApi } from './api-reference.js';
import type { HttpDoor } from './create-http.js';
import { describeApi } from './describe-api.js';
import { httpUnderTest } from './testing/http-under-test.js';

let http: HttpDoor;
beforeAll(async () => {
  ({ http } = await httpUnderTest());
});
afterAll(() => http.close());

it('the API describes every route once, without the mounts of projects and the pages', async () => {
  const openapi = (await http.inject('/openapi.json')).json<OpenApi>();
  expect(openapi).toEqual(JSON.parse(JSON.stringify(http.openapi())));
  const paths = Object.keys(openapi.paths!);
  expect(paths).toEqual(
    expect.arrayContaining(['/api/twinloop/v1/events', '/v2/models/{model}/infer', '/livez', '/metrics']),
  );
  expect(paths.filter(path => path.startsWith('/p/') || path.startsWith('/assets'))).toEqual([]);
  for (const operations of Object.values(openapi.paths!)) {
    for (const operation of Object.values(operations)) {
      expect(operation).toMatchObject({
        summary: expect.any(String),
        tags: [expect.any(String)],
        'x-action': expect.any(String),
      });
    }
  }
});

it('the reference lists each route with what it asks for, takes and answers', async () => {
  const text = apiReference(http.openapi() as OpenApi);
  expect(text).toContain(`### POST /api/twinloop/v1/runs

Start a run; a project that runs programs asks for the token or an admin key.
Asks for: \`operate\`.

| body | type | |
|---|---|---|
| \`reason\` | string | Goes into the ledger. |
| \`algorithms\` | list of string, optional |  |

Answers 202: {run: string}
`);
  expect(text).toContain('Or a list of these.');
  expect(text).toContain('Answers 200: `ReplayStatus` or null');
  expect(text).not.toMatch(/undefined|\[object/);
  expect(apiReference(await describeApi('0.1.0'))).toBe(text);
});
