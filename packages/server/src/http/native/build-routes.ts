import { demand } from '../access/door.js';
import { define, type NativeScope } from './route.js';
import {
  ANSWERS,
  ArchivedQuery,
  DatasetParams,
  ModelParams,
  RunParams,
  SourceBody,
  StartRunBody,
  VersionParams,
  wanted,
} from './schemas.js';

/** Datasets, runs and models: the build side of the loop. */
export function buildRoutes(scope: NativeScope): void {
  datasets(scope);
  runs(scope);
  models(scope);
}

function datasets(scope: NativeScope): void {
  const tag = 'datasets';
  define(
    scope,
    'GET',
    '/datasets',
    { action: 'read', tag, summary: 'Dataset versions', query: ArchivedQuery, answer: ANSWERS.datasets },
    ({ service, query }) => service.datasets({ archived: wanted(query) }),
  );
  define(
    scope,
    'GET',
    '/datasets/:dataset/versions/:version',
    {
      action: 'read',
      tag,
      summary: 'One version with its profile',
      params: VersionParams,
      answer: ANSWERS.dataset,
    },
    ({ service, params }) => service.dataset(params.dataset, params.version),
  );
  // `configure`, since a path may name any file that the server can read.
  define(
    scope,
    'POST',
    '/datasets/:dataset/versions',
    {
      action: 'configure',
      tag,
      summary: 'Read, check and register a file; 422 `data_refused` names the rules it breaks',
      params: DatasetParams,
      body: SourceBody,
      answer: ANSWERS.datasetVersion,
    },
    ({ service, params, body, principal }) =>
      service.addDatasetVersion(params.dataset, body.source, principal),
  );
}

function runs(scope: NativeScope): void {
  const tag = 'runs';
  define(
    scope,
    'GET',
    '/runs',
    { action: 'read', tag, summary: 'Runs, newest first', query: ArchivedQuery, answer: ANSWERS.runs },
    ({ service, query }) => service.runs({ archived: wanted(query) }),
  );
  define(
    scope,
    'GET',
    '/runs/:run',
    { action: 'read', tag, summary: 'One run with its log', params: RunParams, answer: ANSWERS.run },
    ({ service, params }) => service.run(params.run),
  );
  define(
    scope,
    'GET',
    '/runs/:run/junit',
    {
      action: 'read',
      tag,
      summary: 'The verdicts as JUnit XML',
      params: RunParams,
      answer: ANSWERS.text,
      mime: 'application/xml; charset=utf-8',
    },
    ({ service, params }) => service.runReport(params.run),
  );
  define(
    scope,
    'POST',
    '/runs',
    {
      action: 'operate',
      tag,
      summary: 'Start a run; a project that runs programs asks for the token or an admin key',
      body: StartRunBody,
      answer: ANSWERS.runStarted,
      status: 202,
    },
    ({ service, body, principal }) => {
      if (service.runsCommands()) demand(principal, 'command', service.project);
      return service.startRun(body, principal);
    },
  );
}

function models(scope: NativeScope): void {
  const tag = 'models';
  define(
    scope,
    'GET',
    '/models',
    { action: 'read', tag, summary: 'Models, newest first', query: ArchivedQuery, answer: ANSWERS.models },
    ({ service, query }) => service.models({ archived: wanted(query) }),
  );
  define(
    scope,
    'GET',
    '/models/:model',
    { action: 'read', tag, summary: 'One model', params: ModelParams, answer: ANSWERS.model },
    ({ service, params }) => service.model(params.model),
  );
  define(
    scope,
    'GET',
    '/models/:model/card',
    {
      action: 'read',
      tag,
      summary: 'The model card',
      params: ModelParams,
      answer: ANSWERS.text,
      mime: 'text/markdown; charset=utf-8',
    },
    ({ service, params }) => service.card(params.model),
  );
  define(
    scope,
    'GET',
    '/models/:model/onnx',
    {
      action: 'read',
      tag,
      summary: 'The model as ONNX',
      params: ModelParams,
      answer: ANSWERS.bytes,
      mime: 'application/octet-stream',
    },
    async ({ service, params, reply }) => {
      const bytes = await service.onnx(params.model);
      const file = params.model.replace(/[^\w.@-]/g, '_');
      reply.header('content-disposition', `attachment; filename="${file}.onnx"`);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    },
  );
}
