export { apiReference } from './api-reference.js';
export { createHttp, type HttpDoor, type HttpOptions } from './create-http.js';
export { type Dialect, ROUTES, type RoutePrefix } from './dialects.js';
export { describeApi } from './describe-api.js';
export { formatKey, secretHash } from './access/keys.js';
export { assertBindable, isLoopback } from './access/web-guard.js';
