import { define, type NativeScope } from '../route.js';
import { ANSWERS, EndpointParams } from '../schemas.js';

/** Drift over time. */
export function driftRoutes(scope: NativeScope): void {
  define(
    scope,
    'GET',
    '/monitors/:endpoint/matrix',
    {
      action: 'read',
      tag: 'monitors',
      summary: 'Drift of every subject over the last 60 windows',
      params: EndpointParams,
      answer: ANSWERS.driftMatrix,
    },
    ({ service, params }) => service.drift.matrix(params.endpoint),
  );
}
