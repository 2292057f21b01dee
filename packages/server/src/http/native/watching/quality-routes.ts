import { Type } from '@sinclair/typebox';
import { DURATION_PATTERN } from '@twinloop/kernel';
import type { EdgeCasesView, FairnessView, QualityView } from '@twinloop/client';
import { define, type NativeScope } from '../route.js';
import { EndpointParams, named } from '../schemas.js';

const QualityQuery = Type.Object(
  {
    every: Type.Optional(
      Type.String({
        pattern: DURATION_PATTERN,
        description: 'Length of a window of prediction time, an hour or more. Default: about thirty windows.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** How good, how fair and how strange the answers of an endpoint were. */
export function qualityRoutes(scope: NativeScope): void {
  const tag = 'quality';
  define(
    scope,
    'GET',
    '/endpoints/:endpoint/quality',
    {
      action: 'read',
      tag,
      summary: 'Figures over late labels by window, estimates without labels, calibration, worst slices',
      params: EndpointParams,
      query: QualityQuery,
      answer: named<QualityView>('QualityView'),
    },
    ({ service, params, query }) => service.quality.quality(params.endpoint, query),
  );
  define(
    scope,
    'GET',
    '/endpoints/:endpoint/fairness',
    {
      action: 'read',
      tag,
      summary: 'Figures by group, and how far groups are apart',
      params: EndpointParams,
      answer: named<FairnessView>('FairnessView'),
    },
    ({ service, params }) => service.quality.fairness(params.endpoint),
  );
  define(
    scope,
    'GET',
    '/endpoints/:endpoint/edge-cases',
    {
      action: 'read',
      tag,
      summary: 'Requests unlike anything in training, strangest first',
      params: EndpointParams,
      answer: named<EdgeCasesView>('EdgeCasesView'),
    },
    ({ service, params }) => service.quality.edgeCases(params.endpoint),
  );
}
