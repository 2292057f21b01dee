import { define, type NativeScope } from './route.js';
import { ANSWERS, BatchBody, EmptyBody, EndpointParams, ReasonBody } from './schemas.js';

/** Endpoints: what serves, its outcomes, its rollout and its monitors. */
export function endpointRoutes(scope: NativeScope): void {
  const tag = 'endpoints';
  define(
    scope,
    'GET',
    '/endpoints',
    { action: 'read', tag, summary: 'Names of the endpoints', answer: ANSWERS.names },
    ({ service }) => service.endpoints(),
  );
  define(
    scope,
    'GET',
    '/endpoints/:endpoint',
    {
      action: 'read',
      tag,
      summary: 'One endpoint with its rollouts',
      params: EndpointParams,
      answer: ANSWERS.endpoint,
    },
    ({ service, params }) => service.endpoint(params.endpoint),
  );
  define(
    scope,
    'POST',
    '/endpoints/:endpoint/batches',
    {
      action: 'operate',
      tag,
      summary: 'Answer the rows of a file, logged and monitored like live traffic',
      params: EndpointParams,
      body: BatchBody,
      answer: ANSWERS.batchStarted,
      status: 202,
    },
    ({ service, params, body, principal }) => service.startBatch(params.endpoint, body, principal),
  );
  define(
    scope,
    'GET',
    '/endpoints/:endpoint/batches',
    {
      action: 'read',
      tag,
      summary: 'Batches since the server started, newest first',
      params: EndpointParams,
      answer: ANSWERS.batches,
    },
    ({ service, params }) => service.batches(params.endpoint),
  );
  define(
    scope,
    'GET',
    '/endpoints/:endpoint/labels',
    {
      action: 'read',
      tag,
      summary: 'Which predictions have a label, by variant and by day',
      params: EndpointParams,
      answer: ANSWERS.labels,
    },
    ({ service, params }) => service.labels(params.endpoint),
  );
  define(
    scope,
    'GET',
    '/monitors/:endpoint',
    {
      action: 'read',
      tag: 'monitors',
      summary: 'Drift, quality and alarms',
      params: EndpointParams,
      answer: ANSWERS.monitors,
    },
    ({ service, params }) => service.monitors(params.endpoint),
  );
  decisions(scope);
}

function decisions(scope: NativeScope): void {
  const common = { tag: 'endpoints', params: EndpointParams, answer: ANSWERS.decision } as const;
  define(
    scope,
    'POST',
    '/endpoints/:endpoint/promote',
    { ...common, action: 'approve', summary: 'Promote the challenger by hand', body: ReasonBody },
    ({ service, params, body, principal }) => service.promote(params.endpoint, body.reason, principal),
  );
  define(
    scope,
    'POST',
    '/endpoints/:endpoint/reject',
    { ...common, action: 'approve', summary: 'Reject the challenger by hand', body: ReasonBody },
    ({ service, params, body, principal }) => service.reject(params.endpoint, body.reason, principal),
  );
  define(
    scope,
    'POST',
    '/endpoints/:endpoint/rollback',
    {
      ...common,
      action: 'approve',
      summary: 'Bring the model before back at once; the policy is held until `resume`',
      body: ReasonBody,
    },
    ({ service, params, body, principal }) => service.rollback(params.endpoint, body.reason, principal),
  );
  define(
    scope,
    'POST',
    '/endpoints/:endpoint/hold',
    { ...common, action: 'operate', summary: 'Stop the policy until `resume`', body: ReasonBody },
    ({ service, params, body, principal }) => service.hold(params.endpoint, body.reason, principal),
  );
  define(
    scope,
    'POST',
    '/endpoints/:endpoint/resume',
    { ...common, action: 'operate', summary: 'Let the policy act again', body: EmptyBody },
    ({ service, params, principal }) => service.resume(params.endpoint, principal),
  );
}
