import type {
  DataCheckView,
  ExpectationHistoryView,
  QuarantineView,
  SuggestionsView,
} from '@twinloop/client';
import { Type } from '@sinclair/typebox';
import { define, type NativeScope } from '../route.js';
import { DatasetParams, named, SourceBody, VersionParams } from '../schemas.js';

const LimitQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100_000, description: 'So many rows at most; 100 unless told.' }),
    ),
  },
  { additionalProperties: false },
);

/** What the rules say of data. */
export function expectationRoutes(scope: NativeScope): void {
  const tag = 'datasets';
  define(
    scope,
    'GET',
    '/datasets/:dataset/expectations',
    {
      action: 'read',
      tag,
      summary: 'What each rule said of each version, oldest version first',
      params: DatasetParams,
      answer: named<ExpectationHistoryView>('ExpectationHistoryView'),
    },
    ({ service, params }) => service.expectations.history(params.dataset),
  );
  define(
    scope,
    'GET',
    '/datasets/:dataset/versions/:version/quarantine',
    {
      action: 'read',
      tag,
      summary: 'Rows that were kept apart, with the reason',
      params: VersionParams,
      query: LimitQuery,
      answer: named<QuarantineView>('QuarantineView'),
    },
    ({ service, params, query }) =>
      service.expectations.quarantine(params.dataset, params.version, query.limit),
  );
  define(
    scope,
    'GET',
    '/datasets/:dataset/versions/:version/suggestions',
    {
      action: 'read',
      tag,
      summary: 'Rules that hold on a version with room to breathe',
      params: VersionParams,
      answer: named<SuggestionsView>('SuggestionsView'),
    },
    ({ service, params }) => service.expectations.suggestions(params.dataset, params.version),
  );
  // `configure`, since a path may name any file that the server can read.
  define(
    scope,
    'POST',
    '/datasets/:dataset/suggestions',
    {
      action: 'configure',
      tag,
      summary: 'Rules for a file that is no version; the dataset need not be declared',
      params: DatasetParams,
      body: SourceBody,
      answer: named<SuggestionsView>('SuggestionsView'),
    },
    ({ service, params, body, principal }) =>
      service.expectations.suggestFor(params.dataset, body.source, principal),
  );
  define(
    scope,
    'POST',
    '/datasets/:dataset/check',
    {
      action: 'configure',
      tag,
      summary: 'What the rules say of a file, which is not registered',
      params: DatasetParams,
      body: SourceBody,
      answer: named<DataCheckView>('DataCheckView'),
    },
    ({ service, params, body, principal }) =>
      service.expectations.check(params.dataset, body.source, principal),
  );
}
