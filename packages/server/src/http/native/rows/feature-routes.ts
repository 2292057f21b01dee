import type { FeatureRowsReceipt, FeaturesView, FeatureValuesView } from '@twinloop/client';
import { Type } from '@sinclair/typebox';
import { rowsOf } from '../../row-body.js';
import { define, type NativeScope } from '../route.js';
import { DatasetParams } from '../schemas.js';

const Features = Type.Unsafe<FeaturesView>({ type: 'object', title: 'FeaturesView' });
const Values = Type.Unsafe<FeatureValuesView>({ type: 'object', title: 'FeatureValuesView' });
const Receipt = Type.Unsafe<FeatureRowsReceipt>({ type: 'object', title: 'FeatureRowsReceipt' });
const Entity = Type.Unsafe<Record<string, string>>({
  type: 'object',
  additionalProperties: { type: 'string', maxLength: 300 },
  description: 'Keys of the lookups, as columns of a request: `?origin=JFK&carrier=UA`.',
});
const Rows = Type.Unsafe<unknown>({
  type: ['object', 'array'],
  title: 'FeatureRow',
  description: 'One row of the source or a list; as JSON Lines or Parquet it is read row by row.',
});

/** What is looked up at the moment of a prediction. Reads; {@link featureRowRoute} takes rows. */
export function featureRoutes(scope: NativeScope): void {
  const tag = 'features';
  define(
    scope,
    'GET',
    '/features',
    { action: 'read', tag, summary: 'Joins and aggregates: freshness, defaults, size', answer: Features },
    ({ service }) => service.features.view(),
  );
  define(
    scope,
    'GET',
    '/features/values',
    {
      action: 'read',
      tag,
      summary: 'What a request of an entity would be told now',
      query: Entity,
      answer: Values,
    },
    ({ service, query }) => service.features.values(query),
  );
}

/** Stands where bodies are read while they arrive. */
export function featureRowRoute(scope: NativeScope): void {
  define(
    scope,
    'POST',
    '/features/:dataset/rows',
    {
      action: 'report',
      tag: 'features',
      summary:
        'Post rows of a joined source as they come: JSON, JSON Lines or Parquet; durable when answered',
      params: DatasetParams,
      body: Rows,
      answer: Receipt,
    },
    ({ service, params, body, principal }) => service.features.push(params.dataset, rowsOf(body), principal),
  );
}
