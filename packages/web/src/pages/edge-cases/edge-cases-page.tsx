import type { EdgeCasesView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { counted, percent, whole } from '../../format/numbers.js';
import { edgeCasesQuery } from '../../live/queries.js';
import { Command } from '../../parts/command.js';
import { EmptyState } from '../../parts/empty-state.js';
import { useListKeys } from '../../parts/layout/use-keys.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead, Section } from '../../parts/page.js';
import { MonitorTabs } from '../monitors/tabs.js';
import { answerOf, withReason } from './answer.js';
import { CaseList } from './case-list.js';
import { Kinds } from './kinds.js';
import { TestsMade } from './tests-made.js';

const FROM = '/p/$project/monitors/$endpoint/edge-cases';
/** So many are listed at first: what was made of them stays near. */
const FIRST = 20;

/** Which requests are unlike anything in training? */
export function EdgeCasesPage() {
  const { project, endpoint } = useParams({ from: FROM });
  const query = useQuery(edgeCasesQuery(project, endpoint));
  return (
    <>
      <PageHead
        title={`Edge cases of ${endpoint}`}
        {...(query.data === undefined ? {} : { answer: answerOf(query.data) })}
      />
      <MonitorTabs project={project} endpoint={endpoint} />
      <Loaded query={query}>
        {view => (
          <>
            {view.requests === 0 ? (
              <NoRequests endpoint={endpoint} />
            ) : (
              <Cases project={project} view={view} />
            )}
            <Section
              title="Tests made of edge cases"
              note="asked of every candidate by the gate predictions, beside its files"
            >
              <TestsMade project={project} view={view} />
            </Section>
            <Command text={`twinloop edge-cases ${endpoint} --project ${project}`} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Cases({ project, view }: { project: string; view: EdgeCasesView }) {
  const { case: open, reason } = useSearch({ from: FROM });
  const navigate = useNavigate({ from: FROM });
  const chosen = useMemo(() => withReason(view.cases, reason), [view.cases, reason]);
  const [all, setAll] = useState(false);
  const first = Math.max(FIRST, 1 + chosen.findIndex(({ id }) => id === open));
  const cases = all ? chosen : chosen.slice(0, first);
  const [active, setActive] = useState<string | undefined>(open);
  const set = (change: { case?: string | undefined; reason?: string | undefined }): void => {
    void navigate({ search: old => ({ ...old, ...change }), replace: true, resetScroll: false });
  };
  const toggle = (id: string): void => {
    setActive(id);
    set({ case: id === open ? undefined : id });
  };
  useListKeys({
    move: step => {
      const at = cases.findIndex(({ id }) => id === active);
      const next = cases[Math.min(cases.length - 1, Math.max(0, at + step))];
      if (next === undefined) return;
      setActive(next.id);
      // With a request open, moving on reads the next one.
      if (open !== undefined) set({ case: next.id });
    },
    open: () => active !== undefined && set({ case: active }),
    close: () => set({ case: undefined }),
  });
  if (view.outside === 0) return null;
  const listed =
    view.cases.length < view.outside
      ? `the ${whole(view.cases.length)} strangest of ${whole(view.outside)}`
      : counted(view.cases.length, 'request');
  return (
    <>
      <Section title="Why" note="a request may have several reasons; choose one to see its requests">
        <Kinds view={view} chosen={reason} onChoose={next => set({ reason: next, case: undefined })} />
      </Section>
      <Section
        title="Strangest first"
        note={
          <>
            {reason === undefined ? listed : `${whole(chosen.length)} of ${listed}`}; stranger than{' '}
            {percent(view.limit, view.limit > 0.99 ? 1 : 0)} of the training rows
            <span className="max-md:hidden">
              {' '}
              · <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> open · <kbd>Esc</kbd> close
            </span>
          </>
        }
      >
        {cases.length === 0 ? (
          <p className="text-soft">None of the listed requests has this reason.</p>
        ) : (
          <CaseList
            project={project}
            endpoint={view.endpoint}
            cases={cases}
            tests={view.tests}
            active={active}
            open={open}
            onToggle={toggle}
          />
        )}
        {cases.length < chosen.length && (
          <button type="button" className="button mt-3" onClick={() => setAll(true)}>
            Show all {whole(chosen.length)}
          </button>
        )}
      </Section>
    </>
  );
}

function NoRequests({ endpoint }: { endpoint: string }) {
  return (
    <EmptyState
      title="Requests unlike anything in training will appear here"
      lines={[
        `curl …/v2/models/${endpoint}/infer`,
        'monitors:\n  edgeCases: { window: 14d, limit: 0.99 }',
        'npx twinloop test add REQUEST',
      ]}
    >
      Every logged request is held against the training rows: values never seen, out of range, missing, or
      unlikely together. Each can become a prediction test with one click.
    </EmptyState>
  );
}
