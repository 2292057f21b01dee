import type { ProjectId } from './ids.js';

export type Role = 'viewer' | 'operator' | 'approver' | 'admin';

/** Who acts. `local` is an open loopback caller, `token` holds the data directory's token, `policy` is the loop itself. */
export interface Principal {
  readonly kind: 'local' | 'token' | 'key' | 'policy' | 'schedule';
  readonly name: string;
  readonly role: Role;
  /** A key may be fixed to one project. */
  readonly project?: ProjectId;
}

/** What can be asked for. `command` covers everything that may run a project's own program. */
export type Action =
  | 'read'
  | 'predict'
  | 'report'
  | 'operate'
  | 'approve'
  | 'configure'
  | 'command'
  | 'administer';

const ALLOWED: Readonly<Record<Role, ReadonlySet<Action>>> = {
  viewer: new Set<Action>(['read']),
  operator: new Set<Action>(['read', 'predict', 'report', 'operate']),
  approver: new Set<Action>(['read', 'predict', 'report', 'operate', 'approve']),
  admin: new Set<Action>([
    'read',
    'predict',
    'report',
    'operate',
    'approve',
    'configure',
    'command',
    'administer',
  ]),
};

/** The one access decision. Commands of a project run only for holders of the data directory's token or for an admin key; never for an open loopback caller. */
export function authorize(principal: Principal, action: Action, project: ProjectId | undefined): boolean {
  if (principal.project !== undefined && principal.project !== project) return false;
  if (action === 'command' && principal.kind === 'local') return false;
  return ALLOWED[principal.role].has(action);
}

/** How an actor is written into the ledger. */
export function actorName(principal: Principal): string {
  return `${principal.kind}:${principal.name}`;
}
