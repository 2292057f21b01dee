import { TwinloopError } from '@twinloop/kernel';
import {
  CLASS,
  checkWishes,
  decodeInfer,
  encodeInfer,
  modelMetadata,
  PROBABILITIES,
  PROBABILITY,
  serverMetadata,
  type Tensor,
} from '@twinloop/protocols/oip';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App, InferResult, ProjectService } from '../app.js';
import { acceptBytes } from './body.js';

interface ModelParams {
  readonly model: string;
  readonly version?: string;
}
const JSON_TYPE = 'application/json; charset=utf-8';
const CLASS_OUTPUTS = [PROBABILITIES, CLASS];
const NO_BODY = new Uint8Array(0);

export interface OipOptions {
  readonly app: App;
  readonly version: string;
  readonly bodyLimit: number;
  /** Leaves the routes out of the API description (the mount under `/p/:project`). */
  readonly hide: boolean;
  readonly draining: () => boolean;
}

/** Open Inference Protocol V2 over REST: each endpoint is a model of its name. */
export function oip(options: OipOptions): (scope: FastifyInstance) => Promise<void> {
  const { app, hide } = options;
  const metadata = serverMetadata(options.version);
  const schema = (summary: string) => ({ tags: ['Open Inference Protocol V2'], summary, hide });
  const open = (summary: string) => ({ config: { action: 'public' } as const, schema: schema(summary) });
  const read = (summary: string) => ({ config: { action: 'read' } as const, schema: schema(summary) });
  const service = (request: FastifyRequest): ProjectService => app.project(request.projectId);

  return async scope => {
    acceptBytes(scope, options.bodyLimit);
    // Bodies are read whatever their type says; one that is not even a type must not be refused before that.
    scope.addHook('onRequest', (request, _reply, done) => {
      request.headers['content-type'] = undefined;
      done();
    });

    scope.get('/', open('Name, version and extensions'), (_request, reply) => sendJson(reply, metadata));
    scope.get('/health/live', open('Whether the server lives'), (_request, reply) =>
      sendJson(reply, '{"live":true}'),
    );
    scope.get('/health/ready', open('Whether the server answers'), (_request, reply) => {
      const ready = !options.draining() && app.notReady().length === 0;
      if (!ready) throw new TwinloopError('not_ready', { values: { what: 'The server' } });
      return sendJson(reply, '{"ready":true}');
    });

    for (const path of ['/models/:model', '/models/:model/versions/:version']) {
      scope.get<{ Params: ModelParams }>(
        path,
        read('Inputs, outputs and versions of a model'),
        (request, reply) => {
          const { model, version } = request.params;
          const described = service(request).inputs(model);
          if (version !== undefined && !described.versions.map(String).includes(version))
            throw notServed(model, version);
          return sendJson(reply, modelMetadata({ name: model, ...described }));
        },
      );
      scope.get<{ Params: ModelParams }>(
        `${path}/ready`,
        read('Whether a model answers'),
        (request, reply) => {
          const { model, version } = request.params;
          checkVersion(model, version, service(request).inputs(model).version);
          return sendJson(reply, JSON.stringify({ name: model, ready: true }));
        },
      );
      scope.post<{ Params: ModelParams }>(
        `${path}/infer`,
        { config: { action: 'predict' }, schema: schema('Predict for one row or a batch') },
        (request, reply) => infer(service(request), request, reply),
      );
    }
  };
}

async function infer(
  service: ProjectService,
  request: FastifyRequest<{ Params: ModelParams }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { model, version } = request.params;
  const described = service.inputs(model);
  checkVersion(model, version, described.version);
  const headerLength = request.headers['inference-header-content-length'] as string | undefined;
  const call = decodeInfer(
    (request.body as Uint8Array | undefined) ?? NO_BODY,
    headerLength,
    described.inputs,
  );
  const { output = PROBABILITY } = described;
  checkWishes(call.wishes, described.classes === undefined ? [output] : CLASS_OUTPUTS);
  const { id, rows, key, unitKey } = call;
  const result = await service.infer(
    { endpoint: model, ids: rowIds(id, rows.length), rows, key, unitKey },
    request.principal,
  );
  const named = answerIds(id, result);
  const encoded = encodeInfer(
    {
      model,
      version: result.version,
      ...named,
      outputs: outputsOf(result, rows.length, output),
    },
    call.wishes,
  );
  if (encoded.headerLength !== undefined) {
    reply.header('inference-header-content-length', String(encoded.headerLength));
  }
  return reply.type(encoded.contentType).send(encoded.body);
}

/** One figure a row, or of several classes all of them and the likeliest by name. */
function outputsOf({ scores, classes }: InferResult, rows: number, output: string): readonly Tensor[] {
  if (classes === undefined) return [{ name: output, datatype: 'FP64', shape: [rows], data: scores }];
  const { names, probabilities, predicted } = classes;
  return [
    { name: PROBABILITIES, datatype: 'FP64', shape: [rows, names.length], data: probabilities },
    { name: CLASS, datatype: 'BYTES', shape: [rows], data: predicted },
  ];
}

/** One row keeps the request's id; the rows of a batch are `id#0`, `id#1`, … */
function rowIds(id: string | undefined, rows: number): readonly string[] | undefined {
  if (id === undefined) return undefined;
  return rows === 1 ? [id] : Array.from({ length: rows }, (_, i) => `${id}#${i}`);
}

/** Every row's prediction id can be told from the answer: by its `id`, or by the parameter where made ids share no stem. */
function answerIds(
  id: string | undefined,
  { ids }: InferResult,
): { id: string | undefined; parameters?: { prediction_ids: string } } {
  if (id !== undefined) return { id };
  if (ids.length === 1) return { id: ids[0] };
  const stem = ids[0]?.endsWith('#0') === true ? ids[0].slice(0, -2) : undefined;
  if (stem !== undefined && ids.every((own, i) => own === `${stem}#${i}`)) return { id: stem };
  return { id: undefined, parameters: { prediction_ids: ids.join(',') } };
}

function checkVersion(model: string, asked: string | undefined, serving: number): void {
  if (asked !== undefined && asked !== String(serving)) throw notServed(model, asked);
}

function notServed(model: string, version: string): TwinloopError {
  return new TwinloopError('model_not_found', {
    field: 'version',
    values: { model: `${model} version ${version}` },
  });
}

function sendJson(reply: FastifyReply, body: string): FastifyReply {
  return reply.type(JSON_TYPE).send(body);
}
