import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useProject } from '../../app/project.js';
import { counted } from '../../format/numbers.js';
import { notificationsQuery } from '../../live/queries.js';
import { Loaded } from '../../parts/loaded.js';
import { ObjectActions } from '../../parts/objects/object-actions.js';
import { PageHead, Section } from '../../parts/page.js';
import { Archived } from './archived.js';
import { Channels } from './channels.js';
import { Deliveries } from './deliveries.js';

/** Who is told what, does it arrive, and what was put away? */
export function SettingsPage() {
  const project = useProject();
  const navigate = useNavigate();
  const query = useQuery(notificationsQuery(project));
  const failing = query.data?.channels.filter(c => c.state === 'failing') ?? [];
  const answer =
    query.data === undefined
      ? undefined
      : query.data.channels.length === 0
        ? 'Nobody is told anything yet.'
        : failing.length === 0
          ? `${counted(query.data.channels.length, 'channel')}, all of them in order.`
          : `${failing.map(c => c.name).join(' and ')} ${failing.length === 1 ? 'fails' : 'fail'}; ${counted(query.data.channels.length, 'channel')} in all.`;
  return (
    <>
      <PageHead title="Settings" {...(answer === undefined ? {} : { answer })} />
      <Section
        title="Notifications"
        note={
          query.data?.virtual === true
            ? 'virtual time: only channels with replay: true are told anything'
            : 'signed, retried, and logged below'
        }
      >
        <Loaded query={query}>{view => <Channels view={view} project={project} />}</Loaded>
      </Section>
      {query.data !== undefined && query.data.channels.length > 0 && (
        <Deliveries project={project} channels={query.data.channels.map(c => c.name)} />
      )}
      <Archived project={project} />
      <Section title="This project">
        <div className="flex flex-wrap items-center gap-2">
          <span className="mr-2 text-soft">
            Put away, it leaves the lists and its loop rests; it can be restored.
          </span>
          <ObjectActions
            project={project}
            kind="project"
            id={project}
            onDeleted={() => void navigate({ to: '/' })}
          />
        </div>
      </Section>
    </>
  );
}
