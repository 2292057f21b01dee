import type { DailyTask, TodayView, WaitingItem } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useProject } from '../../app/project.js';
import { counted } from '../../format/numbers.js';
import { duration } from '../../format/time.js';
import { todayQuery } from '../../live/queries.js';
import { Command } from '../../parts/command.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead, Section } from '../../parts/page.js';
import { StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';

const KIND: Readonly<Record<WaitingItem['kind'], string>> = {
  approval: 'approval',
  inconclusive: 'inconclusive gate',
  'missing-labels': 'missing labels',
  'failing-data': 'failing data',
  'failed-run': 'failed run',
  'held-traffic': 'held traffic',
  'held-policy': 'held policy',
  alarm: 'alarm',
  'failing-notification': 'failing notification',
};

/** What waits for me today? */
export function TodayPage() {
  const project = useProject();
  const query = useQuery(todayQuery(project));
  const { data } = query;
  return (
    <>
      <PageHead title="Today" {...(data === undefined ? {} : { answer: answerOf(data) })} />
      <Loaded query={query}>
        {today => (
          <>
            <Section title="Waits for a person" note="most urgent first">
              {today.waiting.length === 0 ? (
                <p className="flex items-center gap-2 py-3">
                  <StatusMark mark="ok" /> Nothing waits for you. Approvals, gates without a verdict, missing
                  labels, refused data and failed runs will each leave one line here.
                </p>
              ) : (
                <ol>
                  {today.waiting.map(item => (
                    <Waiting
                      key={`${item.kind} ${item.path} ${item.sentence}`}
                      item={item}
                      now={today.now}
                      project={project}
                    />
                  ))}
                </ol>
              )}
            </Section>
            <Section title="The five daily tasks">
              <ul>
                {today.tasks.map(task => (
                  <Task key={task.task} task={task} project={project} />
                ))}
              </ul>
            </Section>
          </>
        )}
      </Loaded>
    </>
  );
}

function answerOf(today: TodayView): string {
  const behind = today.tasks.filter(task => task.state === 'attention').map(task => task.task);
  const tasks =
    behind.length === 0
      ? 'all five daily tasks are in order'
      : `${behind.join(' and ')} ${behind.length === 1 ? 'needs' : 'need'} a look`;
  const first = today.waiting[0];
  return first === undefined
    ? `Nothing waits for you; ${tasks}.`
    : `${counted(today.waiting.length, 'thing')} ${today.waiting.length === 1 ? 'waits' : 'wait'} for you; ${tasks}.`;
}

function Waiting({ item, now, project }: { item: WaitingItem; now: number; project: string }) {
  return (
    <li className="grid items-start gap-x-6 gap-y-1 border-b border-line py-2.5 lg:grid-cols-[minmax(0,1fr)_minmax(0,460px)]">
      <div className="flex min-w-0 items-start gap-2">
        <span className="pt-0.5">
          <StatusMark mark="attention" />
        </span>
        <div className="min-w-0">
          <InProject to={item.path} project={project}>
            {item.sentence}
          </InProject>
          <p className="text-xs text-soft">
            {KIND[item.kind] ?? item.kind}, since <Time at={item.since} /> ({duration(now - item.since)})
          </p>
        </div>
      </div>
      <Command text={item.command} what={`“${item.command}”`} />
    </li>
  );
}

function Task({ task, project }: { task: DailyTask; project: string }) {
  return (
    <li className="grid items-start gap-x-6 gap-y-1.5 border-b border-line py-2.5 lg:grid-cols-[minmax(0,1fr)_minmax(200px,260px)_minmax(0,460px)]">
      <div className="flex min-w-0 items-start gap-2">
        <span className="pt-0.5">
          <StatusMark mark={task.state} pulse={task.state === 'working'} />
        </span>
        <div className="min-w-0">
          <InProject to={task.path} project={project}>
            <span className="font-semibold">{task.task}</span>
          </InProject>
          <span className="sr-only">, {task.state}</span>
          <p>{task.text}</p>
        </div>
      </div>
      <dl className="flex flex-wrap gap-x-6 pl-[22px] lg:pl-0">
        {task.figures.map(figure => (
          <div key={figure.label}>
            <dt className="text-xs text-soft">{figure.label}</dt>
            <dd className="font-semibold">{figure.value}</dd>
          </div>
        ))}
      </dl>
      <Command text={task.command} what={`“${task.command}”`} />
    </li>
  );
}

/** A path of the server's own words, below the project's page. */
function InProject({ to, project, children }: { to: string; project: string; children: React.ReactNode }) {
  return (
    <Link
      to={`/p/${encodeURIComponent(project)}${to}` as '/p/$project'}
      params={{ project }}
      className="link"
    >
      {children}
    </Link>
  );
}
