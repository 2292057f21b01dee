import type { Principal } from '@twinloop/kernel';
import type { Static, TSchema } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { App, ProjectService } from '../../app.js';
import type { RouteAction } from '../access/door.js';

export interface NativeScope {
  readonly server: FastifyInstance;
  readonly app: App;
  /** Leaves the routes out of the API description (the mount under `/p/:project`). */
  readonly hide: boolean;
}

export interface RouteSpec<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema> {
  readonly action: RouteAction;
  readonly scope?: 'server';
  readonly tag: string;
  readonly summary: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: A;
  /** 200 when absent. */
  readonly status?: number;
  /** Media type of a text or binary answer; JSON when absent. */
  readonly mime?: string;
}

export interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly principal: Principal;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** The project of the URL. @throws not_found */
  readonly service: ProjectService;
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Registers one route of the native API; what the handler returns is the answer. */
export function define<P extends TSchema, Q extends TSchema, B extends TSchema, A extends TSchema>(
  scope: NativeScope,
  method: HTTPMethods,
  url: string,
  spec: RouteSpec<P, Q, B, A>,
  handler: (call: Call<Static<P>, Static<Q>, Static<B>>) => Promise<Static<A>> | Static<A>,
): void {
  const { params, query, body, status = 200, mime = JSON_TYPE } = spec;
  scope.server.route({
    method,
    url,
    config: { action: spec.action, ...(spec.scope === undefined ? {} : { scope: spec.scope }) },
    schema: {
      tags: [spec.tag],
      summary: spec.summary,
      hide: scope.hide,
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { querystring: query }),
      ...(body === undefined ? {} : { body }),
      response: {
        [status]: {
          description: spec.summary,
          content: { [mime.split(';', 1)[0]!]: { schema: spec.answer } },
        },
      },
    },
    handler: async (request, reply) => {
      const answer: unknown = await handler({
        params: request.params,
        query: request.query,
        body: request.body,
        principal: request.principal,
        request,
        reply,
        get service() {
          return scope.app.project(request.projectId);
        },
      });
      // Serialised here, so that no response schema can silently leave a field out, and `null` stays JSON.
      const payload = mime === JSON_TYPE ? JSON.stringify(answer) : answer;
      return reply.code(status).type(mime).send(payload);
    },
  });
}
