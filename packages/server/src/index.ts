export { apiReference } from './http/api-reference.js';
export { projectSchema } from './config/sections.js';
export { loadProject } from './config/load-project.js';
export { loadServerConfig, type ServerConfig, serverSchema } from './config/server-config.js';
export { ROUTES } from './http/index.js';
export { jsonLogger, type Logger } from './process/logger.js';
export { type RunningServer, startServer, type ServerOptions } from './start-server.js';
export { readTable } from './demo/read-table.js';
