import type { DeletionView, DependantsView, ObjectView } from '@twinloop/client';
import { Type } from '@sinclair/typebox';
import type { ObjectKind, Principal, ProjectId } from '@twinloop/kernel';
import type { ObjectsService } from '../../app.js';
import { demand } from '../access/door.js';
import { define, type NativeScope } from './route.js';
import { EmptyBody, ReasonBody } from './schemas.js';

const ObjectParams = Type.Object({
  kind: Type.Unsafe<ObjectKind>({ type: 'string', enum: ['project', 'dataset-version', 'run', 'model'] }),
  id: Type.String({ description: 'A dataset version is `<dataset>@<version>`.' }),
});
const DeleteBody = Type.Object(
  {
    reason: Type.String({ minLength: 1, maxLength: 10_000, description: 'Goes into the ledger.' }),
    confirm: Type.String({ description: 'The id once more.' }),
    cascade: Type.Optional(Type.Boolean({ description: 'Archived dependants go too.' })),
  },
  { additionalProperties: false },
);

const Object_ = Type.Unsafe<ObjectView>({ type: 'object', title: 'ObjectView' });
const Objects = Type.Unsafe<readonly ObjectView[]>({
  type: 'array',
  items: { type: 'object', title: 'ObjectView' },
});
const Dependants = Type.Unsafe<DependantsView>({ type: 'object', title: 'DependantsView' });
const Deletion = Type.Unsafe<DeletionView>({ type: 'object', title: 'DeletionView' });

/** Archive, restore and delete. A project is acted on by its own name, whatever project the URL is in. */
export function objectRoutes(scope: NativeScope): void {
  const common = { action: 'configure', tag: 'objects', params: ObjectParams } as const;
  const objects = (
    { kind, id }: { kind: ObjectKind; id: string },
    urlProject: ProjectId,
    principal: Principal,
    action: 'read' | 'configure',
  ): ObjectsService => {
    if (kind !== 'project') return scope.app.objects(urlProject);
    demand(principal, action, id as ProjectId);
    return scope.app.objects(id as ProjectId);
  };
  define(
    scope,
    'GET',
    '/objects/archived',
    { action: 'read', tag: common.tag, summary: 'What is archived, newest first', answer: Objects },
    ({ request }) => scope.app.objects(request.projectId).archived(),
  );
  define(
    scope,
    'POST',
    '/objects/:kind/:id/archive',
    {
      ...common,
      summary: 'Take an object out of the lists; 409 `object_in_use` names what uses it',
      body: ReasonBody,
      answer: Object_,
    },
    ({ params, body, principal, request }) =>
      objects(params, request.projectId, principal, 'configure').archive(
        params.kind,
        params.id,
        body.reason,
        principal,
      ),
  );
  define(
    scope,
    'POST',
    '/objects/:kind/:id/restore',
    { ...common, summary: 'Put an archived object back', body: EmptyBody, answer: Object_ },
    ({ params, principal, request }) =>
      objects(params, request.projectId, principal, 'configure').restore(params.kind, params.id, principal),
  );
  define(
    scope,
    'GET',
    '/objects/:kind/:id/dependants',
    {
      ...common,
      action: 'read',
      summary: 'What hangs on an object, and what deleting it would free',
      answer: Dependants,
    },
    ({ params, principal, request }) =>
      objects(params, request.projectId, principal, 'read').dependants(params.kind, params.id),
  );
  define(
    scope,
    'DELETE',
    '/objects/:kind/:id',
    {
      ...common,
      summary: 'Delete an archived object, with `cascade` its archived dependants too; the ledger stays',
      body: DeleteBody,
      answer: Deletion,
    },
    ({ params, body, principal, request }) =>
      objects(params, request.projectId, principal, 'configure').delete(
        params.kind,
        params.id,
        body,
        principal,
      ),
  );
}
