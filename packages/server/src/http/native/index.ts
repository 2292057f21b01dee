import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import type { App } from '../../app.js';
import { acceptJson } from '../body.js';
import type { EventStreams } from '../events.js';
import { chaosRoutes } from './chaos-routes.js';
import { buildRoutes } from './build-routes.js';
import { draftRoutes } from './draft-routes.js';
import { driftRoutes } from './watching/drift-routes.js';
import { endpointRoutes } from './endpoint-routes.js';
import { expectationRoutes } from './data/expectation-routes.js';
import { featureRoutes } from './rows/feature-routes.js';
import { loopRoutes } from './loop-routes.js';
import { notifyRoutes } from './notify-routes.js';
import { objectRoutes } from './object-routes.js';
import { rowRoutes } from './rows/row-routes.js';
import { qualityRoutes } from './watching/quality-routes.js';
import { testRoutes } from './judging/test-routes.js';
import { serverRoutes } from './server-routes.js';

export interface NativeOptions {
  readonly app: App;
  readonly streams: EventStreams;
  readonly bodyLimit: number;
  /** JSON Schema of twinloop.yaml. */
  readonly projectSchema: unknown;
  readonly hide: boolean;
  /** One for all mounts, so that each schema is compiled once. */
  readonly validatorCompiler: FastifySchemaCompiler<object>;
}

/** The native API. */
export function native(options: NativeOptions): (server: FastifyInstance) => Promise<void> {
  return async server => {
    acceptJson(server, options.bodyLimit);
    server.setValidatorCompiler(options.validatorCompiler);
    // Nothing is answered through a response schema; see route.ts.
    server.setSerializerCompiler(() => JSON.stringify);
    const scope = { server, app: options.app, hide: options.hide };
    loopRoutes(scope, options.streams);
    featureRoutes(scope);
    buildRoutes(scope);
    expectationRoutes(scope);
    testRoutes(scope);
    endpointRoutes(scope);
    driftRoutes(scope);
    chaosRoutes(scope);
    notifyRoutes(scope);
    objectRoutes(scope);
    qualityRoutes(scope);
    rowRoutes(scope, options);
    serverRoutes(scope, options.projectSchema);
    draftRoutes(scope, options);
  };
}

export { validators } from './validators.js';
