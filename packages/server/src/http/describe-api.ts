import type { App } from '../app.js';
import type { OpenApi } from './api-reference.js';
import { createHttp } from './create-http.js';

/** The API description without a running product: routes are registered, none is asked. */
export async function describeApi(version: string): Promise<OpenApi> {
  const silent = (): void => undefined;
  const http = await createHttp({
    app: {} as App,
    logger: { info: silent, warn: silent, error: silent },
    version,
    token: '',
    config: { host: '127.0.0.1', port: 0, hosts: [], requireKey: true, bodyLimit: 1 },
    projectSchema: {},
    newRequestId: () => '',
  });
  const description = http.openapi() as OpenApi;
  await http.close();
  return description;
}
