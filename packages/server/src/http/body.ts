import type { IncomingMessage } from 'node:http';
import { TwinloopError } from '@twinloop/kernel';
import type { FastifyInstance, FastifyRequest } from 'fastify';

type Done = (error: Error | null, body?: unknown) => void;

/** How much of a body beyond the limit is read away, so that the answer arrives and the connection stays usable; larger ones are cut off. */
const DRAIN_LIMIT = 64 * 1024 * 1024;

/** Reads a body whole into memory, up to `limit` bytes. @throws payload_too_large · invalid_request */
function readBody(limit: number, payload: IncomingMessage, done: Done): void {
  const chunks: Buffer[] = [];
  let length = 0;
  let settled = false;
  // Listeners stay: an error that comes late must find one, and removing them costs more than the flag.
  const settle: Done = (error, body) => {
    if (settled) return;
    settled = true;
    done(error, body);
  };
  if (Number(payload.headers['content-length']) > limit + DRAIN_LIMIT) settle(tooLarge(limit));
  payload.on('data', (chunk: Buffer) => {
    if (settled) return;
    length += chunk.length;
    if (length <= limit) {
      chunks.push(chunk);
      return;
    }
    chunks.length = 0;
    if (length > limit + DRAIN_LIMIT) settle(tooLarge(limit));
  });
  payload.on('end', () => {
    if (length > limit) settle(tooLarge(limit));
    else settle(null, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  });
  payload.on('error', settle);
}

function tooLarge(limit: number): TwinloopError {
  return new TwinloopError('payload_too_large', { values: { limit } });
}

/** @throws unsupported_media_type for a compressed body */
export function refuseEncoding(request: FastifyRequest): void {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return;
  throw new TwinloopError('unsupported_media_type', {
    field: 'Content-Encoding',
    values: { type: `with Content-Encoding ${encoding}` },
    hint: 'Send the body uncompressed.',
  });
}

/** Takes any body as bytes, whatever its Content-Type says. */
export function acceptBytes(scope: FastifyInstance, limit: number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (request, payload, done) => {
    refuseEncoding(request);
    readBody(limit, payload, done);
  });
}

/** Takes JSON only; anything else is 415. Members named `__proto__` or `constructor.prototype` are refused. */
export function acceptJson(scope: FastifyInstance, limit: number): void {
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(/^application\/(?:[\w.+-]+\+)?json(?:;|$)/, (request, payload, done) => {
    refuseEncoding(request);
    readBody(limit, payload, (error, body) => {
      if (error !== null) return done(error);
      void parse(request, (body as Buffer).toString('utf8'), (failure, value) => {
        done(failure === null ? null : malformed(failure), value);
      });
    });
  });
}

function malformed(cause: Error): TwinloopError {
  return new TwinloopError('invalid_request', {
    field: 'body',
    values: { reason: 'the body is not JSON' },
    cause,
  });
}

/** Where nothing is routed no body matters; Node reads it away. */
export function ignoreBodies(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, payload, done) => {
    payload.resume();
    done(null);
  });
}
