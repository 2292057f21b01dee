import type { AddressInfo, Socket } from 'node:net';
import fastifySwagger from '@fastify/swagger';
import { TwinloopError } from '@twinloop/kernel';
import {
  fastify,
  type FastifyInstance,
  type FastifySchema,
  type InjectOptions,
  type LightMyRequestResponse,
} from 'fastify';
import type { App } from '../app.js';
import type { Logger } from '../process/logger.js';
import { ignoreBodies } from './body.js';
import { installDoor } from './access/door.js';
import { type Every, EventStreams } from './events.js';
import { installFaults, known, pathOf, refuse } from './faults.js';
import { HttpMeter } from './meter.js';
import { native, validators } from './native/index.js';
import { oip } from './oip.js';
import { type PageFallback, pages } from './pages.js';
import { probes } from './probes.js';
import { RouteMap } from './route-map.js';

export interface HttpOptions {
  readonly app: App;
  readonly logger: Logger;
  readonly version: string;
  /** The data directory's token. */
  readonly token: string;
  readonly config: {
    readonly host: string;
    readonly port: number;
    /** Names beside the loopback ones that a Host header may carry. */
    readonly hosts: readonly string[];
    /** Refuses callers without a credential even on loopback. */
    readonly requireKey: boolean;
    readonly bodyLimit: number;
    /** The built pages; without them the API is served alone. */
    readonly webRoot?: string;
  };
  /** JSON Schema of twinloop.yaml, for editors. */
  readonly projectSchema: unknown;
  readonly newRequestId: () => string;
  /** The heartbeat's timer; real time when absent. */
  readonly every?: Every;
  /** How long `close` waits for requests in flight before it cuts them. */
  readonly drainMs?: number;
}

export interface HttpDoor {
  /** @throws port_in_use */
  listen(): Promise<{ readonly host: string; readonly port: number }>;
  /** Takes no new request, finishes those in flight, ends event streams; safe to call twice. */
  close(): Promise<void>;
  /** Serves a connection that another process accepted. */
  take(socket: Socket): void;
  /** Asks without a socket. */
  inject(ask: InjectOptions | string): Promise<LightMyRequestResponse>;
  /** The API description. */
  openapi(): object;
}

const everyRealTime: Every = (ms, fn) => {
  const timer = setInterval(fn, ms);
  timer.unref();
  return () => clearInterval(timer);
};

/** The server's one port: every surface in its own dialect behind the one door. */
export async function createHttp(options: HttpOptions): Promise<HttpDoor> {
  const { app, logger, config } = options;
  let closing: Promise<void> | undefined;
  const draining = (): boolean => closing !== undefined;
  const streams = new EventStreams(options.every ?? everyRealTime, logger);
  const routes = new RouteMap();
  const meter = new HttpMeter();
  const server = fastify({
    logger: false,
    genReqId: options.newRequestId,
    bodyLimit: config.bodyLimit,
    // The door refuses while draining, in the caller's dialect; Fastify's own refusal has another shape.
    return503OnClosing: false,
    // Long enough for millions of posted rows; headers have Node's own minute.
    requestTimeout: 900_000,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error, request, reply) => {
      refuse(known(error, request), request, reply, logger);
    },
  });

  ignoreBodies(server);
  routes.install(server);
  meter.install(server);
  server.addHook('onRequest', (request, reply, done) => {
    reply
      .header('x-request-id', request.id)
      .header('x-content-type-options', 'nosniff')
      .header('cross-origin-resource-policy', 'same-origin');
    done();
  });
  installFaults(server, logger, draining);
  installDoor(server, { app, token: options.token, ...config, draining });
  // A connection that falls idle while draining would otherwise hold the server open for its keep-alive time.
  server.addHook('onResponse', (_request, _reply, done) => {
    if (draining()) setImmediate(() => server.server.closeIdleConnections());
    done();
  });

  await server.register(fastifySwagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Twinloop', version: options.version } },
    // What a caller must be allowed stands beside what the route does.
    transform: ({ schema, url, route }) => ({
      url,
      schema: { ...schema, 'x-action': route.config?.action } as FastifySchema,
    }),
  });
  probes(server, app, meter, draining);
  server.get('/openapi.json', { config: { action: 'read' }, schema: { hide: true } }, () => server.swagger());
  const validatorCompiler = validators();
  for (const mount of ['', '/p/:project']) {
    const shared = { app, bodyLimit: config.bodyLimit, hide: mount !== '' };
    await server.register(
      native({ ...shared, streams, validatorCompiler, projectSchema: options.projectSchema }),
      {
        prefix: `${mount}/api/twinloop/v1`,
      },
    );
    await server.register(oip({ ...shared, version: options.version, draining }), { prefix: `${mount}/v2` });
  }
  const page = await pages(server, config.webRoot);
  const taken = new Set<Socket>();
  answerUnrouted(server, routes, page, logger);
  await server.ready();

  return {
    listen: () => listen(server, config.host, config.port),
    close: () => {
      closing ??= drain(server, streams, taken, options.drainMs ?? 10_000);
      return closing;
    },
    take(socket) {
      // As the server would have accepted it: a client may end its half and wait for the answer.
      socket.allowHalfOpen = true;
      taken.add(socket);
      socket.once('close', () => taken.delete(socket));
      server.server.emit('connection', socket);
      socket.resume();
    },
    inject: ask => server.inject(ask),
    openapi: () => server.swagger(),
  };
}

/** 405 with `Allow` where another method is routed, the page where a browser asks for one, else 404. */
function answerUnrouted(server: FastifyInstance, routes: RouteMap, page: PageFallback, logger: Logger): void {
  server.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const values = { method: request.method, path };
    const allowed = routes.methods(path);
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      reply.header('allow', allowed.join(', '));
      refuse(new TwinloopError('method_not_allowed', { values }), request, reply, logger);
    } else if (!page(request, reply)) {
      refuse(new TwinloopError('route_not_found', { values }), request, reply, logger);
    }
  });
}

async function listen(
  server: FastifyInstance,
  host: string,
  port: number,
): Promise<{ host: string; port: number }> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new TwinloopError('port_in_use', { values: { port }, cause: error });
  }
  return { host, port: (server.server.address() as AddressInfo).port };
}

async function drain(
  server: FastifyInstance,
  streams: EventStreams,
  taken: ReadonlySet<Socket>,
  drainMs: number,
): Promise<void> {
  streams.endAll();
  const cut = setTimeout(() => server.server.closeAllConnections(), drainMs);
  try {
    await server.close();
    // A server waits for the connections that it accepted itself; those that it was handed are waited for here.
    await Promise.all([...taken].map(socket => new Promise(closed => socket.once('close', closed))));
  } finally {
    clearTimeout(cut);
  }
}
