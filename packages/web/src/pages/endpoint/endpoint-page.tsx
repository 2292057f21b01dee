import type { EndpointDetail, RolloutView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { Link, Navigate, useParams, useSearch } from '@tanstack/react-router';
import { useProject } from '../../app/project.js';
import { lossText, lossTitle, metricWords } from '../../format/loss.js';
import { counted, fixed, interval, percent, signed, whole } from '../../format/numbers.js';
import { endpointQuery, endpointsQuery, ledgerQuery } from '../../live/queries.js';
import { Command } from '../../parts/command.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Loaded } from '../../parts/loaded.js';
import { Facts, PageHead, Section } from '../../parts/page.js';
import { Status, StatusMark } from '../../parts/status-mark.js';
import { Time } from '../../parts/time.js';
import { Actions } from './actions.js';
import { answerOf, policyHold, whyEnded, lastSeen } from './answer.js';
import { EvidenceCurve } from './evidence-curve.js';
import { Guardrails } from './guardrails.js';
import { LabelsSection } from './label-coverage.js';
import { Track } from './track-view.js';
import { Variants } from './variants.js';
import { Watch } from './watch.js';
import { Wide } from '../../parts/layout/wide.js';

export function EndpointIndex() {
  const project = useProject();
  const query = useQuery(endpointsQuery(project));
  return (
    <Loaded query={query}>
      {names =>
        names.length === 0 ? (
          <>
            <PageHead title="Endpoint" />
            <EmptyState
              title="The endpoint and its rollouts will appear here"
              lines={['npx twinloop apply', 'npx twinloop run', 'npx twinloop status']}
            >
              Which variant gets the traffic, the evidence for the one being tried beside it, and how many
              labels are missing until it is decided.
            </EmptyState>
          </>
        ) : (
          <Navigate to="/p/$project/endpoint/$endpoint" params={{ project, endpoint: names[0]! }} replace />
        )
      }
    </Loaded>
  );
}

/** Which variant gets the traffic, on what evidence, how long until we know? */
export function EndpointPage() {
  const { project, endpoint } = useParams({ from: '/p/$project/endpoint/$endpoint' });
  const query = useQuery(endpointQuery(project, endpoint));
  const story = useQuery(ledgerQuery(project, 'story'));
  const held = policyHold(story.data ?? [], endpoint);
  const { data } = query;
  return (
    <>
      <PageHead title={`Endpoint ${endpoint}`} {...(data === undefined ? {} : { answer: answerOf(data) })}>
        {data !== undefined && (
          <Actions
            project={project}
            endpoint={endpoint}
            trying={data.rollout !== null}
            approval={data.rollout?.stage?.kind === 'approval'}
            rollsBackTo={data.rollsBackTo}
            answering={data.champion}
            held={held !== undefined}
          />
        )}
      </PageHead>
      {held !== undefined && (
        <p className="mb-5 flex items-baseline gap-2 border-l-2 border-attention pl-3">
          <StatusMark mark="attention" />
          <span>
            The policy is held since <Time at={held.at} />: {held.sentence}
          </span>
        </p>
      )}
      <Loaded query={query}>{detail => <Detail project={project} detail={detail} />}</Loaded>
    </>
  );
}

/** Milliseconds; a dash before the first request. */
const ms = (value: number, requests: number): string => (requests === 0 ? '–' : `${fixed(value, 2)} ms`);

function Detail({ project, detail }: { project: string; detail: EndpointDetail }) {
  const { rollout: chosen } = useSearch({ from: '/p/$project/endpoint/$endpoint' });
  const all = [...(detail.rollout === null ? [] : [detail.rollout]), ...detail.history];
  const shown = all.find(r => r.rollout === chosen) ?? all[0];
  return (
    <>
      <Section
        title="Variants"
        note={`logging ${detail.logging}: ${detail.logging === 'required' ? 'an answer that cannot be logged is not given' : 'answers may go unlogged, counted'}`}
      >
        <Variants project={project} detail={detail} />
      </Section>
      {detail.watch !== null && (
        <Section
          title="Watch after the promotion"
          note={`version ${detail.watch.version} against version ${detail.watch.previousVersion}, on the same requests`}
        >
          <Watch watch={detail.watch} />
        </Section>
      )}
      {shown !== undefined && (
        <Section
          title={shown.status === 'open' ? 'Evidence' : `Evidence of ${shown.rollout}`}
          note={`paired on the same late labels; ${metricWords(shown.metric)} of the champion − the challenger`}
        >
          <Track project={project} rollout={shown} watch={detail.watch} />
          <EvidenceCurve key={shown.rollout} rollout={shown} />
          {shown.guardrails.length > 0 && (
            <div className="mt-5">
              <Guardrails readings={shown.guardrails} label={`Guardrails of ${shown.rollout}`} />
            </div>
          )}
        </Section>
      )}
      <Section title="Rollouts" note={counted(all.length, 'rollout')}>
        <Rollouts project={project} endpoint={detail.endpoint} rollouts={all} shown={shown?.rollout} />
      </Section>
      <LabelsSection project={project} endpoint={detail.endpoint} />
      <div className="grid gap-x-10 lg:grid-cols-2">
        <Section title="Traffic">
          <Facts
            items={[
              ['Requests answered', whole(detail.traffic.requests)],
              [
                'Errors',
                `${whole(detail.traffic.errors)} (${percent(detail.traffic.errors / Math.max(1, detail.traffic.requests), 2)})`,
              ],
              ['Latency, median', ms(detail.traffic.p50Ms, detail.traffic.requests)],
              ['Latency, 99 of 100 below', ms(detail.traffic.p99Ms, detail.traffic.requests)],
              [
                `${detail.loss30d === null ? 'Loss' : lossTitle({ ...detail.loss30d, unit: null })}, recent labels`,
                detail.loss30d === null ? '–' : lossText(detail.loss30d),
              ],
            ]}
          />
        </Section>
        <Section title="Call it" note="Open Inference Protocol V2">
          <Command text={detail.curl} what="the curl line" />
          <p className="mt-3 text-xs text-soft">Inputs</p>
          <ul className="flex flex-wrap gap-x-4 gap-y-1">
            {detail.inputs.map(input => (
              <li key={input.name}>
                <code>{input.name}</code> <span className="text-xs text-soft">{input.datatype}</span>
              </li>
            ))}
          </ul>
        </Section>
      </div>
    </>
  );
}

function Rollouts(props: {
  project: string;
  endpoint: string;
  rollouts: readonly RolloutView[];
  shown: string | undefined;
}) {
  const { project, endpoint, rollouts, shown } = props;
  if (rollouts.length === 0) return <p className="text-soft">No challenger has been tried yet.</p>;
  return (
    <Wide label="Rollouts">
      <table className="table">
        <thead>
          <tr>
            <th>Rollout</th>
            <th>Status</th>
            <th>Champion → challenger</th>
            <th className="num">Difference</th>
            <th className="num">Interval</th>
            <th className="num">Labels</th>
            <th>Why it ended</th>
            <th>Started</th>
          </tr>
        </thead>
        <tbody>
          {rollouts.map(r => {
            const last = r.curve.at(-1);
            const seen = lastSeen(r);
            return (
              <tr key={r.rollout} className={r.rollout === shown ? 'bg-accent-wash' : ''}>
                <td>
                  <Link
                    to="/p/$project/endpoint/$endpoint"
                    params={{ project, endpoint }}
                    search={{ rollout: r.rollout }}
                    resetScroll={false}
                    className="link"
                    aria-current={r.rollout === shown ? 'true' : undefined}
                  >
                    <code>{r.rollout}</code>
                  </Link>
                </td>
                <td>
                  <Status status={r.status} />
                </td>
                <td className="whitespace-nowrap">
                  <code>{r.champion}</code> → <code>{r.challenger}</code>
                </td>
                <td className="num font-semibold">{seen === undefined ? '–' : signed(seen.mean, 4)}</td>
                <td className="num">{last === undefined ? '–' : interval([last.low, last.high])}</td>
                <td className="num">{seen === undefined ? '0' : whole(seen.n)}</td>
                <td className="min-w-[180px]">
                  {whyEnded(r) ?? <span className="text-soft">not ended</span>}
                </td>
                <td>
                  <Time at={r.startedAt} form="dayYear" />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Wide>
  );
}
