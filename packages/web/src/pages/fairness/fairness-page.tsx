import type { FairnessView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { counted, percent, whole } from '../../format/numbers.js';
import { fairnessQuery } from '../../live/queries.js';
import { Command } from '../../parts/command.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead, Section } from '../../parts/page.js';
import { StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { MonitorTabs } from '../monitors/tabs.js';
import { answerOf, chosenOf } from './answer.js';
import { Disparities } from './disparities.js';
import { Groups } from './groups.js';

const FROM = '/p/$project/monitors/$endpoint/fairness';

/** Are all groups treated alike? */
export function FairnessPage() {
  const { project, endpoint } = useParams({ from: FROM });
  const { attribute } = useSearch({ from: FROM });
  const query = useQuery(fairnessQuery(project, endpoint));
  return (
    <>
      <PageHead
        title={`Fairness of ${endpoint}`}
        {...(query.data === undefined ? {} : { answer: answerOf(query.data) })}
      />
      <MonitorTabs project={project} endpoint={endpoint} />
      <Loaded query={query}>
        {view => {
          const chosen = chosenOf(view, attribute);
          if (chosen === undefined) return <NoGroups />;
          return (
            <>
              {view.attributes.length > 1 && <Attributes view={view} chosen={chosen.attribute} />}
              <Section
                title="Differences between groups"
                note={
                  <>
                    {counted(view.rows, 'labelled answer')}, <Time at={view.from} form="day" /> to{' '}
                    <Time at={view.until} form="dayYear" />; 95 % intervals; positive from a probability of{' '}
                    {percent(view.threshold, 0)}
                  </>
                }
              >
                <Disparities disparities={chosen.disparities} />
              </Section>
              <Section
                title={`Figures by ${chosen.attribute}`}
                note={`${counted(chosen.groups.length, 'group')}, largest first; groups below ${whole(view.minGroup)} labels are not compared`}
              >
                <Groups view={chosen} minGroup={view.minGroup} />
              </Section>
              <Command text={`twinloop fairness ${endpoint} --project ${project}`} />
            </>
          );
        }}
      </Loaded>
    </>
  );
}

/** One attribute at a time; those that fail say so before they are chosen. */
function Attributes({ view, chosen }: { view: FairnessView; chosen: string }) {
  const navigate = useNavigate({ from: FROM });
  return (
    <div className="mb-5 flex flex-wrap gap-1" role="group" aria-label="Attribute">
      {view.attributes.map(({ attribute, disparities }) => {
        const fails = disparities.filter(({ status }) => status === 'fail').length;
        return (
          <button
            key={attribute}
            type="button"
            className="button"
            aria-pressed={attribute === chosen}
            onClick={() => void navigate({ search: { attribute }, replace: true, resetScroll: false })}
          >
            {fails > 0 && <StatusMark mark="fail" />}
            {attribute}
            {fails > 0 && (
              <span className="text-xs">{`${whole(fails)} ${fails === 1 ? 'fails' : 'fail'}`}</span>
            )}
          </button>
        );
      })}
    </div>
  );
}

function NoGroups() {
  return (
    <EmptyState
      title="How groups of people or things are treated will appear here"
      lines={[
        'monitors:\n  fairness:\n    attributes: [gender, [gender, region]]',
        'gates:\n  - { gate: bias, metric: equal_opportunity, attributes: [gender], max: 0.1 }',
        'npx twinloop apply',
      ]}
    >
      Name the columns whose groups must be treated alike. Rates by group appear as labels arrive, each with
      its interval; a bias gate stops a candidate whose groups are further apart than you allow, and its limit
      is drawn here. Two classes only.
    </EmptyState>
  );
}
