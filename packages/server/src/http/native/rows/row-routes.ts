import { Type } from '@sinclair/typebox';
import type { OutcomeInput } from '@twinloop/client';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import { PREDICTION_FIELDS, type FieldNames } from '../../../ingest/prediction-row.js';
import { acceptJson, refuseEncoding } from '../../body.js';
import { rowsOf, StreamedBody } from '../../row-body.js';
import { featureRowRoute } from './feature-routes.js';
import { define, type NativeScope } from '../route.js';
import { ANSWERS, EndpointParams, OutcomesBody } from '../schemas.js';

const STREAMED: Readonly<Record<string, 'jsonl' | 'parquet'>> = {
  'application/x-ndjson': 'jsonl',
  'application/jsonl': 'jsonl',
  'application/vnd.apache.parquet': 'parquet',
  'application/x-parquet': 'parquet',
};

const column = (what: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 300, description: `The column that holds ${what}.` }));

const PredictionsQuery = Type.Object(
  {
    endpoint: Type.Optional(Type.String({ description: "Default: the project's only one." })),
    ...Object.fromEntries(PREDICTION_FIELDS.map(name => [name, column(`\`${name}\``)])),
  },
  { additionalProperties: false },
);
const PredictionsBody = Type.Unsafe<unknown>({
  type: ['object', 'array'],
  title: 'PredictionInput',
  description: 'One prediction or a list; as JSON Lines or Parquet it is read row by row.',
});

/** Rows by the thousand, in JSON, JSON Lines or Parquet. Streams need parsers of their own, so the routes have a scope of their own. */
export function rowRoutes(
  { server, app, hide }: NativeScope,
  options: { readonly bodyLimit: number; readonly validatorCompiler: FastifySchemaCompiler<object> },
): void {
  void server.register((own, _options, done) => {
    acceptJson(own, options.bodyLimit);
    acceptStreams(own);
    own.setValidatorCompiler(part => {
      const validate = options.validatorCompiler(part);
      const check: Validate = data => {
        if (data instanceof StreamedBody) return true;
        const valid = validate(data);
        check.errors = validate.errors ?? null;
        return valid;
      };
      return check;
    });
    const scope = { server: own, app, hide };
    define(
      scope,
      'POST',
      '/predictions',
      {
        action: 'report',
        tag: 'endpoints',
        summary:
          'Post predictions of a model served elsewhere: JSON, JSON Lines or Parquet; sending twice is harmless',
        query: PredictionsQuery,
        body: PredictionsBody,
        answer: ANSWERS.predictionsReceipt,
      },
      ({ service, query, body, principal }) => {
        const { endpoint, ...names } = query as { endpoint?: string } & FieldNames;
        return service.takePredictions(endpoint, rowsOf(body), names, principal);
      },
    );
    define(
      scope,
      'POST',
      '/endpoints/:endpoint/outcomes',
      {
        action: 'report',
        tag: 'endpoints',
        summary:
          'Report outcomes by prediction id, or by key and time: JSON, JSON Lines or Parquet; sending twice is harmless',
        params: EndpointParams,
        body: OutcomesBody,
        answer: ANSWERS.receipt,
      },
      ({ service, params, body, principal }) => {
        if ((body as unknown) instanceof StreamedBody)
          return service.takeOutcomes(params.endpoint, rowsOf(body), principal);
        const outcomes = (Array.isArray(body) ? body : [body]) as readonly OutcomeInput[];
        return service.recordOutcomes(params.endpoint, outcomes, principal);
      },
    );
    featureRowRoute(scope);
    done();
  });
}

function acceptStreams(scope: FastifyInstance): void {
  for (const [type, format] of Object.entries(STREAMED))
    scope.addContentTypeParser(type, (request, payload, parsed) => {
      refuseEncoding(request);
      parsed(null, new StreamedBody(format, payload));
    });
}

/** As Ajv makes them: findings stand on the function itself. */
type Validate = ReturnType<FastifySchemaCompiler<object>>;
