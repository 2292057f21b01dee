import type { Principal, ProjectId } from '@twinloop/kernel';
import type { App, ProjectFile } from '../../app.js';
import { demand } from '../access/door.js';
import { define, type NativeScope } from './route.js';
import { ANSWERS, ArchivedQuery, KeyBody, KeyParams, ProjectFileBody, wanted } from './schemas.js';

/** What is about the server: its projects, its keys, and the descriptions of file and API. */
export function serverRoutes(scope: NativeScope, projectSchema: unknown): void {
  projects(scope);
  keys(scope);
  define(
    scope,
    'GET',
    '/schema',
    { action: 'read', tag: 'projects', summary: 'JSON Schema of twinloop.yaml', answer: ANSWERS.document },
    () => projectSchema,
  );
  define(
    scope,
    'GET',
    '/openapi.json',
    { action: 'read', tag: 'server', summary: 'This API as OpenAPI 3.1', answer: ANSWERS.document },
    () => scope.server.swagger(),
  );
}

function projects(scope: NativeScope): void {
  const tag = 'projects';
  define(
    scope,
    'GET',
    '/projects',
    {
      action: 'read',
      tag,
      summary: 'Projects that the caller may see',
      query: ArchivedQuery,
      answer: ANSWERS.projects,
    },
    ({ principal, query }) =>
      scope.app
        .projects({ archived: wanted(query) })
        .filter(({ project }) => principal.project === undefined || principal.project === project),
  );
  define(
    scope,
    'POST',
    '/plan',
    {
      action: 'configure',
      tag,
      summary: 'What applying a file would change',
      body: ProjectFileBody,
      answer: ANSWERS.plan,
    },
    async ({ body, principal }) => {
      const plan = await scope.app.plan(body);
      demand(principal, 'configure', plan.project as ProjectId);
      return plan;
    },
  );
  define(
    scope,
    'POST',
    '/apply',
    {
      action: 'configure',
      tag,
      summary: 'Apply a file; one that names programs asks for the token or an admin key',
      body: ProjectFileBody,
      answer: ANSWERS.plan,
    },
    async ({ body, principal }) => {
      await demandForFile(scope.app, body, principal);
      return scope.app.apply(body, principal);
    },
  );
}

/** The file says which project it is about and whether it runs programs, whatever the URL said. */
async function demandForFile(app: App, file: ProjectFile, principal: Principal): Promise<void> {
  const declares = await app.declaresCommands(file);
  if (principal.project === undefined && !declares) return;
  const project = (await app.plan(file)).project as ProjectId;
  demand(principal, declares ? 'command' : 'configure', project);
}

function keys(scope: NativeScope): void {
  const common = { action: 'administer', scope: 'server', tag: 'keys' } as const;
  define(
    scope,
    'GET',
    '/keys',
    { ...common, summary: 'Keys without their secrets', answer: ANSWERS.keys },
    async () =>
      (await scope.app.keys.list()).map(({ id, name, role, project, createdAt, revokedAt }) => ({
        id,
        name,
        role,
        project,
        createdAt,
        revokedAt,
      })),
  );
  define(
    scope,
    'POST',
    '/keys',
    {
      ...common,
      summary: 'Make a key; its secret is shown this once',
      body: KeyBody,
      answer: ANSWERS.keyMade,
      status: 201,
    },
    ({ body, principal, reply }) => {
      reply.header('cache-control', 'no-store');
      return scope.app.keys.create({ ...body, project: body.project as ProjectId | null }, principal);
    },
  );
  define(
    scope,
    'DELETE',
    '/keys/:id',
    { ...common, summary: 'Revoke a key at once', params: KeyParams, answer: ANSWERS.none },
    async ({ params, principal }) => {
      await scope.app.keys.revoke(params.id, principal);
      return {};
    },
  );
}
