import type { ObjectView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { archivedQuery } from '../../live/queries.js';
import { Loaded } from '../../parts/loaded.js';
import { kindInWords, type ObjectVerb } from '../../parts/objects/commands.js';
import { ObjectDialog } from '../../parts/objects/object-dialog.js';
import { Section } from '../../parts/page.js';
import { Time } from '../../parts/time.js';
import { Wide } from '../../parts/layout/wide.js';

/** What was put away: by whom, why, and the two ways from there. */
export function Archived({ project }: { project: string }) {
  const query = useQuery(archivedQuery(project));
  const [asked, setAsked] = useState<{ verb: ObjectVerb; object: ObjectView }>();
  return (
    <Section title="Archived" note="newest first">
      <Loaded query={query}>
        {objects =>
          objects.length === 0 ? (
            <p className="py-2 text-soft">
              Nothing is archived. Versions of the data, runs and models are archived on their own pages, or
              with <code>twinloop archive run run-3</code>.
            </p>
          ) : (
            <Wide label="Archived objects">
              <table className="table">
                <thead>
                  <tr>
                    <th>Object</th>
                    <th>Why</th>
                    <th>By</th>
                    <th>When</th>
                    <th>
                      <span className="sr-only">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {objects.map(object => (
                    <tr key={`${object.kind} ${object.id}`}>
                      <td>
                        {kindInWords(object.kind)} <code title={object.id}>{object.id.slice(0, 40)}</code>
                      </td>
                      <td className="min-w-[160px]">{object.reason ?? '–'}</td>
                      <td>{object.by}</td>
                      <td>
                        <Time at={object.at} />
                      </td>
                      <td className="whitespace-nowrap">
                        {(['restore', 'delete'] as const).map(verb => (
                          <button
                            key={verb}
                            type="button"
                            className="button mr-2"
                            onClick={() => setAsked({ verb, object })}
                          >
                            {verb === 'restore' ? 'Restore' : 'Delete …'}
                            <span className="sr-only"> {object.id}</span>
                          </button>
                        ))}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Wide>
          )
        }
      </Loaded>
      {asked !== undefined && (
        <ObjectDialog
          verb={asked.verb}
          project={project}
          kind={asked.object.kind}
          id={asked.object.id}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Section>
  );
}
