import type { FastifyInstance } from 'fastify';
import { PROMETHEUS_CONTENT_TYPE } from '@twinloop/protocols/prometheus';
import type { App } from '../app.js';
import type { HttpMeter } from './meter.js';

/** `/livez`, `/readyz` and `/metrics`. Probes are open, so that an orchestrator needs no key; metrics are read like anything else. */
export function probes(server: FastifyInstance, app: App, meter: HttpMeter, draining: () => boolean): void {
  const config = { action: 'public' } as const;
  const schema = { tags: ['process'] };
  server.get(
    '/livez',
    { config, schema: { ...schema, summary: 'Whether the process lives' } },
    (_request, reply) => reply.type('text/plain; charset=utf-8').send('live\n'),
  );
  server.get(
    '/readyz',
    { config, schema: { ...schema, summary: 'Whether requests will be answered; the reasons why not' } },
    (_request, reply) => {
      const reasons = draining() ? ['shutting down'] : app.notReady();
      reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store');
      if (reasons.length === 0) return reply.send('ready\n');
      return reply
        .code(503)
        .header('retry-after', '1')
        .send(`${reasons.join('\n')}\n`);
    },
  );
  server.get(
    '/metrics',
    { config: { action: 'read', scope: 'server' }, schema: { ...schema, summary: 'Prometheus exposition' } },
    (_request, reply) => {
      const own = app.metrics();
      const separator = own === '' || own.endsWith('\n') ? '' : '\n';
      return reply.type(PROMETHEUS_CONTENT_TYPE).send(`${own}${separator}${meter.text()}`);
    },
  );
}
