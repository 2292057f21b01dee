import type { ObjectKind } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { dependantsQuery } from '../../live/queries.js';
import type { ObjectVerb } from './commands.js';
import { ObjectDialog } from './object-dialog.js';

/** What can be done with an object: put it away; what is put away comes back, or goes for good. */
export function ObjectActions(props: {
  project: string;
  kind: ObjectKind;
  id: string;
  /** After it is gone. */
  onDeleted?: () => void;
}) {
  const { project, kind, id, onDeleted } = props;
  const { data } = useQuery(dependantsQuery(project, kind, id));
  const [verb, setVerb] = useState<ObjectVerb>();
  if (data === undefined) return null;
  const used = data.inUse[0];
  const action = (name: ObjectVerb, label: string, blocked?: string) => (
    <button
      type="button"
      className="button"
      disabled={blocked !== undefined}
      title={blocked}
      onClick={() => setVerb(name)}
    >
      {label}
      {blocked !== undefined && <span className="sr-only">: {blocked}</span>}
    </button>
  );
  return (
    <>
      {data.archived ? (
        <>
          <span className="self-center text-soft">archived</span>
          {action('restore', 'Restore')}
          {action('delete', 'Delete …')}
        </>
      ) : (
        action('archive', 'Archive …', used)
      )}
      {verb !== undefined && (
        <ObjectDialog
          verb={verb}
          project={project}
          kind={kind}
          id={id}
          onClose={() => setVerb(undefined)}
          {...(onDeleted === undefined ? {} : { onDeleted })}
        />
      )}
    </>
  );
}
