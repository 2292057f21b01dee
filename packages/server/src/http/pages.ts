import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ownerOf } from './dialects.js';
import { pathOf } from './faults.js';

/**
 * The pages load only what this server serves; nothing inline runs. Inline style attributes are how components place
 * things, and can execute nothing.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Answers with the application's page when a browser asked for one; false when this path is not the pages'. */
export type PageFallback = (request: FastifyRequest, reply: FastifyReply) => boolean;

/** Serves the built pages: hashed assets for ever, the rest revalidated, and one page for every path that no surface owns. */
export async function pages(server: FastifyInstance, webRoot: string | undefined): Promise<PageFallback> {
  if (webRoot === undefined || !existsSync(join(webRoot, 'index.html'))) return () => false;
  await server.register(fastifyStatic, {
    root: webRoot,
    serve: false,
    cacheControl: false,
    dotfiles: 'deny',
  });
  const open = { config: { action: 'public' } as const, schema: { hide: true } };
  const sendPage = (reply: FastifyReply): FastifyReply =>
    reply
      .code(200)
      .header('content-security-policy', POLICY)
      .header('x-frame-options', 'DENY')
      .header('cache-control', 'no-cache')
      .sendFile('index.html');
  server.get('/', open, (_request, reply) => sendPage(reply));
  for (const entry of readdirSync(webRoot, { withFileTypes: true })) {
    if (!entry.isFile() || entry.name === 'index.html' || entry.name.startsWith('.')) continue;
    server.get(`/${entry.name}`, open, (_request, reply) =>
      reply.header('cache-control', 'no-cache').sendFile(entry.name),
    );
  }
  server.get('/assets/*', open, (request, reply) =>
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .sendFile(`assets/${(request.params as { '*': string })['*']}`),
  );
  return (request, reply) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const wantsPage = request.headers.accept?.includes('text/html') === true;
    if (!isRead || !wantsPage || ownerOf(pathOf(request)).dialect !== 'html') return false;
    sendPage(reply);
    return true;
  };
}
