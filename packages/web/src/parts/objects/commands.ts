import type { ObjectKind } from '@twinloop/client';
import { quoted } from '../../format/shell.js';

export type ObjectVerb = 'archive' | 'restore' | 'delete';

/** The same for a terminal and for a script. */
export function objectCommands(input: {
  verb: ObjectVerb;
  kind: ObjectKind;
  id: string;
  project: string;
  reason: string;
  cascade: boolean;
  /** Of the object: `…/objects/run/run-3`. */
  url: string;
}): { readonly cli: string; readonly api: string } {
  const { verb, kind, id, project, reason, cascade, url } = input;
  const said = verb === 'restore' ? '' : ` --reason ${quoted(reason)}`;
  const all = verb === 'delete' ? `${cascade ? ' --cascade' : ''} --yes` : '';
  const body =
    verb === 'restore'
      ? {}
      : verb === 'archive'
        ? { reason }
        : { reason, confirm: id, ...(cascade ? { cascade } : {}) };
  const call = verb === 'delete' ? `-X DELETE ${quoted(url)}` : `-X POST ${quoted(`${url}/${verb}`)}`;
  return {
    cli: `twinloop ${verb} ${kind} ${quoted(id)}${said}${all} --project ${quoted(project)}`,
    api: `curl ${call} -H 'content-type: application/json' -d ${quoted(JSON.stringify(body))}`,
  };
}

/** `dataset version`. */
export const kindInWords = (kind: string): string => kind.replaceAll('-', ' ');
