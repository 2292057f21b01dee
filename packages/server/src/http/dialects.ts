import type { TwinloopError } from '@twinloop/kernel';
import { oipError } from '@twinloop/protocols/oip';

/** The shape in which a surface's clients expect a refusal. */
export type Dialect = 'native' | 'oip' | 'text' | 'html';

export interface RoutePrefix {
  readonly prefix: string;
  readonly owner: string;
  readonly dialect: Dialect;
  /** The header that carries a credential; none where everybody may ask. */
  readonly auth: 'authorization' | 'none';
  /** `reserved` prefixes belong to later surfaces: they answer 404 and no page ever shadows them. */
  readonly status: 'served' | 'reserved';
}

const served = (
  prefix: string,
  owner: string,
  dialect: Dialect,
  auth: RoutePrefix['auth'] = 'authorization',
): RoutePrefix => ({ prefix, owner, dialect, auth, status: 'served' });
const reserved = (prefix: string, owner: string): RoutePrefix => ({
  prefix,
  owner,
  dialect: 'native',
  auth: 'authorization',
  status: 'reserved',
});

/** One port, many dialects. Each prefix also exists under `/p/<project>`, the process's own and the pages aside. */
export const ROUTES: readonly RoutePrefix[] = [
  served('/api/twinloop/v1', 'native API', 'native'),
  served('/v2', 'Open Inference Protocol V2 (REST)', 'oip'),
  served('/livez', 'the process', 'text', 'none'),
  served('/readyz', 'the process', 'text', 'none'),
  served('/metrics', 'Prometheus exposition', 'text'),
  served('/openapi.json', 'native API', 'native'),
  served('/assets', 'the pages', 'text', 'none'),
  reserved('/api', 'MLflow, Prometheus remote write and queries'),
  reserved('/v1', 'OpenAI, Anthropic, OTLP'),
  reserved('/version', 'MLflow'),
  reserved('/health', 'MLflow'),
  served('/', 'the pages', 'html', 'none'),
];

/** The prefix that owns a path (with or without `/p/<project>`); the longest wins. */
export function ownerOf(path: string): RoutePrefix {
  const inner = /^\/p\/[^/]*(\/.*)?$/.exec(path);
  const local = inner === null ? path : (inner[1] ?? '/');
  let owner = ROUTES[ROUTES.length - 1]!;
  for (const route of ROUTES) {
    const owns = local === route.prefix || local.startsWith(`${route.prefix}/`);
    if (owns && route.prefix.length > owner.prefix.length) owner = route;
  }
  return owner;
}

export interface RenderedError {
  readonly contentType: string;
  readonly body: string;
}

/** A refusal in the words of the surface that was asked. The request id is also in the `x-request-id` header. */
export function renderError(dialect: Dialect, error: TwinloopError, requestId: string): RenderedError {
  switch (dialect) {
    case 'native': {
      const body = {
        error: { ...error.toJSON(), requestId, docs: `docs/reference/errors.md#${error.code}` },
      };
      return { contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
    }
    case 'oip':
      return {
        contentType: 'application/json; charset=utf-8',
        body: oipError(`${error.message}. ${error.hint} (${error.code}, request ${requestId})`),
      };
    case 'text':
      return {
        contentType: 'text/plain; charset=utf-8',
        body: `${error.message}. ${error.hint} (${error.code}, request ${requestId})\n`,
      };
    case 'html':
      return {
        contentType: 'text/html; charset=utf-8',
        body: `<!doctype html><meta charset="utf-8"><title>${error.status}</title><h1>${escapeHtml(error.message)}</h1><p>${escapeHtml(error.hint)}</p><p>Request <code>${escapeHtml(requestId)}</code> · <a href="/">Twinloop</a></p>\n`,
      };
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
