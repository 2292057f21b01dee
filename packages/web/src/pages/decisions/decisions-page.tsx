import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { useProject } from '../../app/project.js';
import { whole } from '../../format/numbers.js';
import { type Kind, KINDS } from '../../live/kinds.js';
import { ledgerQuery } from '../../live/queries.js';
import { CopyButton } from '../../parts/command.js';
import { EmptyState } from '../../parts/empty-state.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead } from '../../parts/page.js';
import { useListKeys } from '../../parts/layout/use-keys.js';
import { useNarrow } from '../../parts/layout/use-narrow.js';
import { COLUMNS, columnsIn, columnsText } from './columns.js';
import { DecisionDetail } from './decision-detail.js';
import { DecisionTable } from './decision-table.js';
import { toCsv, toMarkdown } from './export.js';
import { filtered, kindsIn, kindsText } from './filter.js';
import { Picker } from './picker.js';
import { Verify } from './verify.js';

/** What was decided, why, by whom? */
export function DecisionsPage() {
  const project = useProject();
  const { q, kind, cols, seq } = useSearch({ from: '/p/$project/decisions' });
  const navigate = useNavigate({ from: '/p/$project/decisions' });
  const query = useQuery(ledgerQuery(project, 'all'));
  const narrow = useNarrow();
  const ledger = query.data ?? [];
  const text = useDeferredValue(q);
  const kinds = useMemo(() => kindsIn(kind), [kind]);
  const columns = useMemo(() => columnsIn(cols), [cols]);
  const rows = useMemo(() => filtered(ledger, text, kinds), [ledger, text, kinds]);
  const [active, setActive] = useState<number | undefined>(seq);
  const search = useRef<HTMLInputElement>(null);
  const open = seq === undefined ? undefined : ledger.find(d => d.seq === seq);

  const set = (change: {
    q?: string | undefined;
    kind?: string | undefined;
    cols?: string | undefined;
    seq?: number | undefined;
  }): void => {
    void navigate({
      search: old => ({ ...old, ...change }),
      replace: !('seq' in change) || seq !== undefined,
      resetScroll: false,
    });
  };
  const show = (target: number): void => {
    setActive(target);
    set({ seq: target });
  };
  useListKeys({
    move: step => {
      const at = rows.findIndex(d => d.seq === active);
      const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
      if (next === undefined) return;
      setActive(next.seq);
      // With a decision open, moving on reads the next one.
      if (seq !== undefined) set({ seq: next.seq });
    },
    open: () => active !== undefined && show(active),
    close: () => seq !== undefined && set({ seq: undefined }),
    search: () => search.current?.focus(),
  });

  if (query.data?.length === 0) return <NoDecisions />;
  return (
    <div className="flex flex-col lg:h-[calc(100vh-96px)] lg:min-h-[480px]">
      <PageHead
        title="Decisions"
        answer="Everything that changed what the loop does, in the order it was decided."
      >
        <CopyButton text={() => toCsv(rows)} label="Copy CSV" />
        <CopyButton text={() => toMarkdown(rows)} label="Copy Markdown" />
        <Verify />
      </PageHead>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <input
          ref={search}
          type="search"
          aria-label="Filter by text"
          className="field w-full sm:w-[280px]"
          placeholder="Filter: temp, promoted, #42 …   /"
          value={q ?? ''}
          onChange={event => set({ q: event.target.value || undefined })}
          onKeyDown={event => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <Picker
          title="Kinds"
          all={KINDS}
          chosen={kinds}
          onChange={(chosen: ReadonlySet<Kind>) => set({ kind: kindsText(chosen) })}
        />
        {!narrow && (
          <Picker
            title="Columns"
            all={COLUMNS.filter(([column]) => column !== 'sentence').map(
              ([column, title]) => [column, title] as const,
            )}
            chosen={new Set(columns)}
            onChange={chosen => set({ cols: columnsText(columnsIn([...chosen].join('.'))) })}
          />
        )}
        <span className="text-xs text-soft" role="status">
          {rows.length === ledger.length
            ? `${whole(ledger.length)} decisions`
            : `${whole(rows.length)} of ${whole(ledger.length)} decisions`}
        </span>
        <span className="ml-auto hidden text-xs text-soft md:inline">
          <kbd>j</kbd> <kbd>k</kbd> move · <kbd>Enter</kbd> open · <kbd>/</kbd> filter
        </span>
      </div>
      <Loaded query={query}>
        {() => (
          <div
            className={`grid min-h-0 flex-1 gap-x-8 gap-y-6 ${open === undefined ? '' : 'lg:grid-cols-[minmax(0,1fr)_minmax(400px,480px)]'}`}
          >
            {open !== undefined && (
              <div className="min-h-0 min-w-0 lg:order-last lg:overflow-y-auto lg:border-l lg:border-line lg:pl-8">
                <DecisionDetail
                  decision={open}
                  ledger={ledger}
                  onOpen={show}
                  onClose={() => set({ seq: undefined })}
                />
              </div>
            )}
            <div className="flex h-[70vh] min-h-0 min-w-0 flex-col lg:h-auto">
              <DecisionTable
                rows={rows}
                columns={
                  open === undefined
                    ? columns
                    : columns.filter(column => column !== 'type' && column !== 'actor')
                }
                narrow={narrow}
                active={active}
                onActive={target => (seq === undefined ? setActive(target) : show(target))}
                onOpen={show}
              />
            </div>
          </div>
        )}
      </Loaded>
    </div>
  );
}

function NoDecisions() {
  return (
    <>
      <PageHead title="Decisions" />
      <EmptyState
        title="Every decision will be written here"
        lines={['npx twinloop apply', 'npx twinloop ledger', 'npx twinloop ledger verify']}
      >
        Alarms, answers, runs, gate verdicts, rollouts, promotions and holds: one sentence each, with its
        evidence, hash-chained so that nothing can be changed unseen.
      </EmptyState>
    </>
  );
}
