import {
  type Action,
  authorize,
  DEFAULT_PROJECT,
  isProjectId,
  type Principal,
  type ProjectId,
  TwinloopError,
} from '@twinloop/kernel';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { App } from '../../app.js';
import { parseKey, sameSecret, secretHash } from './keys.js';
import { allowedHosts, checkHost, checkOrigin, isLoopback } from './web-guard.js';

/** What a route asks for; `public` is for probes and the pages, which hold nothing of a project. */
export type RouteAction = Action | 'public';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route must declare it. */
    action?: RouteAction;
    /** `server` is about the whole server: a key that is fixed to a project never suffices. */
    scope?: 'project' | 'server';
  }
  interface FastifyRequest {
    principal: Principal;
    projectId: ProjectId;
  }
}

export interface DoorOptions {
  readonly app: App;
  /** The data directory's token: who can read it may run a project's commands. */
  readonly token: string;
  readonly host: string;
  readonly hosts: readonly string[];
  /** Refuses callers without a credential, those on this machine too. */
  readonly requireKey: boolean;
  /** Whether the server is closing; then only public routes answer. */
  readonly draining: () => boolean;
}

const LOCAL: Principal = { kind: 'local', name: 'loopback', role: 'admin' };
const TOKEN: Principal = { kind: 'token', name: 'data-directory', role: 'admin' };
const NOBODY: Principal = { kind: 'local', name: 'anonymous', role: 'viewer' };

/** Puts the one access check before every route, and makes registration fail for a route that declares no action. */
export function installDoor(server: FastifyInstance, options: DoorOptions): void {
  const allowed = allowedHosts(options.host, options.hosts);
  server.decorateRequest('principal');
  server.decorateRequest('projectId');
  server.addHook('onRoute', requireAction);
  server.addHook('onRequest', (request, _reply, done) => {
    try {
      checkHost(request.headers, allowed);
      checkOrigin(request.method, request.headers);
      const { action } = request.routeOptions.config;
      request.principal = NOBODY;
      // No action: nothing is routed here, and the answer is 404 or 405.
      if (action === undefined || action === 'public') return done();
      if (options.draining()) return done(new TwinloopError('shutting_down'));
      const principal = identify(request, options);
      if (!(principal instanceof Promise)) {
        admit(request, action, principal);
        return done();
      }
      principal.then(known => admit(request, action, known)).then(() => done(), done);
    } catch (error) {
      done(error as Error);
    }
  });
}

function requireAction(route: RouteOptions): void {
  if (route.config?.action !== undefined) return;
  throw new Error(
    `route ${String(route.method)} ${route.url} declares no action: nobody could be refused there`,
  );
}

/** Who asks. A credential that is wrong is refused even where none is needed: its sender believes to be somebody. */
function identify(request: FastifyRequest, options: DoorOptions): Principal | Promise<Principal> {
  const { headers } = request;
  const token = headers['x-twinloop-token'];
  if (token !== undefined) {
    if (typeof token === 'string' && sameSecret(token, options.token)) return TOKEN;
    throw new TwinloopError('unauthenticated', {
      field: 'x-twinloop-token',
      hint: 'The token is not the one in the data directory of this server.',
    });
  }
  if (headers.authorization !== undefined) return byKey(headers.authorization, options.app);
  // A proxy on this machine speaks for others; only direct callers are local.
  const proxied = headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
  if (!options.requireKey && !proxied && isLoopback(request.socket.remoteAddress)) return LOCAL;
  throw new TwinloopError('unauthenticated');
}

async function byKey(authorization: string, app: App): Promise<Principal> {
  const key = parseKey(/^bearer +(\S+)$/i.exec(authorization)?.[1] ?? '');
  const record = key && (await app.keys.bySecretHash(secretHash(key.secret)));
  if (key === undefined || record === undefined || record.id !== key.id || record.revokedAt !== null) {
    throw new TwinloopError('unauthenticated', {
      field: 'Authorization',
      hint: 'The key is unknown or revoked; `twinloop key list` shows the valid ones.',
    });
  }
  const { id, role, project } = record;
  return { kind: 'key', name: id, role, ...(project === null ? {} : { project }) };
}

/** @throws forbidden · token_required · not_found */
function admit(request: FastifyRequest, action: Action, principal: Principal): void {
  const named = (request.params as { project?: string } | undefined)?.project;
  if (named !== undefined && !isProjectId(named)) {
    throw new TwinloopError('not_found', { values: { what: `Project ${JSON.stringify(named)}` } });
  }
  request.principal = principal;
  request.projectId = named ?? principal.project ?? DEFAULT_PROJECT;
  demand(principal, action, request.routeOptions.config.scope === 'server' ? undefined : request.projectId);
}

/**
 * Lets `principal` pass or says why not. Handlers call it again when only the body or the project tells that more is
 * asked for than the route declares: applying a file that names programs, say, or a file of another project.
 * @param project undefined when it is about the whole server
 * @throws forbidden · token_required
 */
export function demand(principal: Principal, action: Action, project: ProjectId | undefined): void {
  if (authorize(principal, action, project)) return;
  if (principal.kind === 'local' && action === 'command') throw new TwinloopError('token_required');
  throw new TwinloopError('forbidden', {
    values: { principal: `${principal.kind} ${principal.name}`, action, project: project ?? '(all)' },
  });
}
