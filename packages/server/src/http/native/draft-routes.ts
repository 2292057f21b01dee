import { Readable } from 'node:stream';
import { TwinloopError, type ProjectId } from '@twinloop/kernel';
import type { FastifyRequest, FastifySchemaCompiler } from 'fastify';
import { demand } from '../access/door.js';
import { acceptJson } from '../body.js';
import {
  DRAFT_ANSWERS,
  DraftChoicesBody,
  DraftParams,
  DraftProjectBody,
  DraftQuery,
  DraftSourceBody,
} from './draft-schemas.js';
import { define, type NativeScope } from './route.js';
import { ANSWERS } from './schemas.js';

const tag = 'drafts';
const configure = { action: 'configure', tag } as const;

export interface DraftRouteOptions {
  /** Of JSON bodies; an upload has its own limit, kept by who writes it down. */
  readonly bodyLimit: number;
  readonly validatorCompiler: FastifySchemaCompiler<object>;
}

/** A stranger's file or query on its way to a project. */
export function draftRoutes(scope: NativeScope, options: DraftRouteOptions): void {
  // A scope of its own: here a body may be a file of any type, which is not read into memory.
  void scope.server.register(async server => {
    acceptUploads(server, options);
    create({ ...scope, server });
  });
  define(
    scope,
    'GET',
    '/drafts/:draft',
    { ...configure, summary: 'The profile of a draft', params: DraftParams, answer: DRAFT_ANSWERS.draft },
    ({ params }) => scope.app.drafts.get(params.draft),
  );
  define(
    scope,
    'DELETE',
    '/drafts/:draft',
    { ...configure, summary: 'Forget a draft and its file', params: DraftParams, answer: ANSWERS.none },
    async ({ params }) => {
      await scope.app.drafts.remove(params.draft);
      return {};
    },
  );
  define(
    scope,
    'POST',
    '/drafts/:draft/check',
    {
      ...configure,
      summary: 'What the choices make: findings, suspects of leakage, the project file',
      params: DraftParams,
      body: DraftChoicesBody,
      answer: DRAFT_ANSWERS.check,
    },
    ({ params, body }) => scope.app.drafts.check(params.draft, body),
  );
  define(
    scope,
    'POST',
    '/drafts/:draft/project',
    {
      ...configure,
      summary: 'Write and apply the project, and start its first run',
      params: DraftParams,
      body: DraftProjectBody,
      answer: DRAFT_ANSWERS.project,
      status: 202,
    },
    ({ params, body, principal }) => {
      const project = body.project as ProjectId;
      // The body says which project it is about, whatever the URL said.
      demand(principal, 'configure', project);
      return scope.app.drafts.createProject(params.draft, { ...body, project }, principal);
    },
  );
}

function create(scope: NativeScope): void {
  define(
    scope,
    'POST',
    '/drafts',
    {
      ...configure,
      summary: 'Profile a file: the body itself under `?name=`, or a source named in JSON',
      query: DraftQuery,
      body: DraftSourceBody,
      answer: DRAFT_ANSWERS.draft,
      status: 201,
    },
    ({ query, body, principal }) => {
      if ((body as unknown) instanceof Readable)
        return scope.app.drafts.upload(query.name!, body as unknown as Readable);
      if (body.path !== undefined && principal.kind !== 'local' && principal.kind !== 'token')
        throw new TwinloopError('forbidden', {
          field: 'path',
          values: {
            principal: `${principal.kind} ${principal.name}`,
            action: 'name a file',
            project: '(all)',
          },
          hint: 'Send the file itself: `POST /drafts?name=FILE` with the file as the body.',
        });
      return scope.app.drafts.create(body);
    },
  );
}

const named = (request: FastifyRequest): boolean =>
  (request.query as { name?: unknown } | undefined)?.name !== undefined;

/** With `?name=` the body is handed on as the stream that it is; else it is JSON. */
function acceptUploads(
  server: NativeScope['server'],
  { bodyLimit, validatorCompiler }: DraftRouteOptions,
): void {
  acceptJson(server, bodyLimit);
  server.addContentTypeParser('*', (request, payload, done) => {
    if (named(request)) return done(null, payload);
    payload.resume();
    done(
      new TwinloopError('unsupported_media_type', {
        field: 'Content-Type',
        values: { type: request.headers['content-type'] ?? '(none)' },
        hint: 'Add `?name=FILE` to send a file, or send a source as application/json.',
      }),
    );
  });
  server.addHook('onRequest', (request, _reply, done) => {
    // A JSON Lines file may come under the type of JSON, too.
    if (named(request)) request.raw.headers['content-type'] = 'application/octet-stream';
    done();
  });
  server.setValidatorCompiler(route => {
    const check = validatorCompiler(route);
    if (route.httpPart !== 'body') return check;
    // Fastify reads the findings from the function that it called.
    const validate: { (body: unknown): unknown; errors?: unknown } = body => {
      if (body instanceof Readable) return true;
      const passed = check(body);
      validate.errors = (check as { errors?: unknown }).errors;
      return passed;
    };
    return validate as typeof check;
  });
}
