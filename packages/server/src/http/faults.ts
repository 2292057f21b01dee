import { TwinloopError, toTwinloopError } from '@twinloop/kernel';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../process/logger.js';
import { ownerOf, renderError } from './dialects.js';

/** The path of a request as it was sent, without the query. */
export function pathOf(request: FastifyRequest): string {
  const { url } = request;
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

/** Answers everything that was thrown in the dialect of the path, and keeps the connection where the body was read. */
export function installFaults(server: FastifyInstance, logger: Logger, draining: () => boolean): void {
  server.setErrorHandler((thrown, request, reply) => {
    // Fastify closes the connection after every body it could not parse; that is needed only for one it did not read.
    if (request.raw.complete && !draining()) reply.removeHeader('connection');
    refuse(known(thrown, request), request, reply, logger);
  });
}

/** Sends one refusal. What nobody foresaw is logged whole and told to the caller by its request id alone. */
export function refuse(
  error: TwinloopError,
  request: FastifyRequest,
  reply: FastifyReply,
  logger: Logger,
): void {
  let told = error;
  if (error.status >= 500 && error.code !== 'shutting_down') {
    logger.error('request failed', {
      requestId: request.id,
      method: request.method,
      path: pathOf(request),
      code: error.code,
      error: error.code === 'internal' ? (error.cause ?? error) : error.message,
    });
    if (error.code === 'internal') {
      told = new TwinloopError('internal', { values: { reason: `see request ${request.id} in the log` } });
    }
  }
  if (told.status === 503) reply.header('retry-after', '1');
  if (told.status === 401) reply.header('www-authenticate', 'Bearer realm="twinloop"');
  const { contentType, body } = renderError(ownerOf(pathOf(request)).dialect, told, request.id);
  reply.code(told.status).header('x-request-id', request.id).type(contentType).send(body);
}

/** Fastify's own errors, and anything else, in the words of the catalogue. */
export function known(thrown: unknown, request: FastifyRequest): TwinloopError {
  if (thrown instanceof TwinloopError) return thrown;
  const { code, statusCode, validation, validationContext, message } = thrown as Partial<FastifyError>;
  if (validation !== undefined) return invalid(validation, validationContext);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    const type = request.headers['content-type'] ?? '(none)';
    return new TwinloopError('unsupported_media_type', { field: 'Content-Type', values: { type } });
  }
  if (request.raw.destroyed && !request.raw.complete) {
    return new TwinloopError('invalid_request', { values: { reason: 'the body ended early' } });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new TwinloopError('invalid_request', {
      values: { reason: message ?? String(code) },
      cause: thrown,
    });
  }
  return toTwinloopError(thrown);
}

type Validation = NonNullable<FastifyError['validation']>;

/** The most telling of a validator's findings: the deepest one, the first of those. */
function invalid(validation: Validation, context: string | undefined): TwinloopError {
  const [worst] = [...validation].sort((a, b) => b.instancePath.length - a.instancePath.length);
  const { instancePath = '', params = {}, message = 'invalid' } = worst ?? {};
  const extra = params['additionalProperty'] ?? params['missingProperty'];
  const path = [...instancePath.split('/').slice(1), ...(extra === undefined ? [] : [String(extra)])];
  const where = context === 'querystring' ? 'query' : (context ?? 'body');
  return new TwinloopError('invalid_request', {
    field: [where, ...path].join('/'),
    values: { reason: `${[where, ...instancePath.split('/').slice(1)].join('/')} ${message}` },
  });
}
