import type { EdgeTestInput, EdgeTestView, TestInput, TestReportView } from '@twinloop/client';
import { Type } from '@sinclair/typebox';
import { define, type NativeScope } from '../route.js';
import { EndpointParams, ModelParams, RunParams } from '../schemas.js';

const strict = { additionalProperties: false } as const;
const TestParams = Type.Object({ endpoint: Type.String(), name: Type.String() });
const EdgeCaseParams = Type.Object({ endpoint: Type.String(), id: Type.String() });
const EdgeTestBody = Type.Unsafe<EdgeTestInput>(
  Type.Object(
    {
      name: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 200,
          description: 'What the test says. Default: from the id.',
        }),
      ),
      min: Type.Optional(Type.Number({ description: 'The smallest answer that holds.' })),
      max: Type.Optional(Type.Number({ description: 'The largest answer that holds.' })),
    },
    strict,
  ),
);
const TestBody = Type.Unsafe<TestInput>(
  Type.Object(
    {
      tests: Type.Optional(
        Type.String({
          maxLength: 1_000_000,
          description: 'The text of a prediction-test file: its tests alone are asked.',
        }),
      ),
      file: Type.Optional(
        Type.String({ minLength: 1, maxLength: 1000, description: 'Its name, for reports.' }),
      ),
    },
    strict,
  ),
);

const EdgeTest = Type.Unsafe<EdgeTestView>({ type: 'object', title: 'EdgeTestView' });
const EdgeTests = Type.Unsafe<readonly EdgeTestView[]>({
  type: 'array',
  items: { type: 'object', title: 'EdgeTestView' },
});
const TestReport = Type.Unsafe<TestReportView>({ type: 'object', title: 'TestReportView' });

/** Model tests: gates and prediction tests asked again, tests made of requests, reports for machines. */
export function testRoutes(scope: NativeScope): void {
  const tag = 'tests';
  define(
    scope,
    'GET',
    '/runs/:run/sarif',
    {
      action: 'read',
      tag,
      summary: 'The verdicts that are no pass as SARIF 2.1.0',
      params: RunParams,
      answer: Type.String(),
      mime: 'application/sarif+json; charset=utf-8',
    },
    ({ service, params }) => service.tests.sarif(params.run),
  );
  define(
    scope,
    'POST',
    '/models/:model/test',
    {
      action: 'operate',
      tag,
      summary: 'Ask a registered model the gates and prediction tests of today, without a training',
      params: ModelParams,
      body: TestBody,
      answer: TestReport,
    },
    ({ service, params, body }) => service.tests.test(params.model, body),
  );
  define(
    scope,
    'GET',
    '/endpoints/:endpoint/tests',
    {
      action: 'read',
      tag,
      summary: 'Prediction tests that were made of requests, oldest first',
      params: EndpointParams,
      answer: EdgeTests,
    },
    ({ service, params }) => service.tests.list(params.endpoint),
  );
  define(
    scope,
    'POST',
    '/endpoints/:endpoint/edge-cases/:id/test',
    {
      action: 'operate',
      tag,
      summary: 'Make a prediction test of a request: every `predictions` gate asks it from then on',
      params: EdgeCaseParams,
      body: EdgeTestBody,
      answer: EdgeTest,
      status: 201,
    },
    ({ service, params, body, principal }) => service.tests.add(params.endpoint, params.id, body, principal),
  );
  define(
    scope,
    'DELETE',
    '/endpoints/:endpoint/tests/:name',
    {
      action: 'operate',
      tag,
      summary: 'Remove a prediction test that was made of a request',
      params: TestParams,
      answer: Type.Object({}),
    },
    async ({ service, params, principal }) => {
      await service.tests.remove(params.endpoint, params.name, principal);
      return {};
    },
  );
}
