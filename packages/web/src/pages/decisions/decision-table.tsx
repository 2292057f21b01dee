import type { Decision } from '@twinloop/client';
import { type KeyboardEvent, type UIEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { kindOf, typeInWords } from '../../live/kinds.js';
import { KindMark } from '../../parts/kind-mark.js';
import { Id } from '../../parts/page.js';
import { Time } from '../../parts/time.js';
import { rowsInSight, scrollTo } from '../../parts/layout/virtual-rows.js';
import { COLUMNS, type Column, gridOf } from './columns.js';

const HEIGHT = 30;
const HEIGHT_NARROW = 52;
/** The sticky head; on narrow screens it is there for screen readers only. */
const HEAD = 24;

/**
 * The ledger as a grid of virtual rows: only what is in sight is in the document. Arrow keys or j and k move the
 * active row, Enter opens it; the grid owns the focus and names the active row.
 */
export function DecisionTable(props: {
  rows: readonly Decision[];
  columns: readonly Column[];
  narrow: boolean;
  active: number | undefined;
  onActive: (seq: number) => void;
  onOpen: (seq: number) => void;
}) {
  const { rows, narrow, active, onActive, onOpen } = props;
  const columns = narrow ? (['time', 'sentence'] as const) : props.columns;
  const rowHeight = narrow ? HEIGHT_NARROW : HEIGHT;
  const grid = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  const head = narrow ? 0 : HEAD;
  const { from, until } = rowsInSight({ count: rows.length, rowHeight, ...view });
  const activeIndex = active === undefined ? -1 : rows.findIndex(d => d.seq === active);

  useLayoutEffect(() => {
    const element = grid.current;
    if (element === null) return;
    const measure = (): void => setView(old => ({ ...old, height: element.clientHeight }));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = grid.current;
    if (element === null || activeIndex < 0) return;
    element.scrollTop = scrollTo({
      index: activeIndex,
      rowHeight,
      top: element.scrollTop,
      height: element.clientHeight - head,
    });
  }, [activeIndex, rowHeight, head]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 1);
    const step = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -rows.length,
      End: rows.length,
    }[event.key];
    if (step === undefined || rows.length === 0) return;
    event.preventDefault();
    const next = Math.min(rows.length - 1, Math.max(0, activeIndex + step));
    onActive(rows[next]!.seq);
  };

  return (
    <div
      ref={grid}
      role="grid"
      aria-label="Decisions, newest first"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={activeIndex >= from && activeIndex < until ? `decision-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="min-h-0 min-w-0 flex-1 overflow-y-auto focus-visible:outline-offset-0"
      onScroll={(event: UIEvent<HTMLDivElement>) => {
        const { scrollTop, clientHeight } = event.currentTarget;
        setView({ top: scrollTop, height: clientHeight });
      }}
    >
      <div
        role="row"
        aria-rowindex={1}
        className={
          narrow
            ? 'sr-only'
            : 'sticky top-0 z-[1] grid h-6 items-start gap-x-3 border-b border-line-strong bg-page text-xs text-soft'
        }
        style={{ gridTemplateColumns: gridOf(columns) }}
      >
        {COLUMNS.filter(([column]) => columns.includes(column)).map(([column, title]) => (
          <span key={column} role="columnheader" className="font-semibold">
            {title}
          </span>
        ))}
      </div>
      <div role="rowgroup" className="relative">
        <div role="presentation" style={{ height: rows.length * rowHeight }} />
        {rows.slice(from, until).map((decision, i) => (
          <div
            key={decision.seq}
            id={`decision-${decision.seq}`}
            role="row"
            aria-rowindex={from + i + 2}
            aria-selected={decision.seq === active}
            onClick={() => onOpen(decision.seq)}
            className={`absolute inset-x-0 grid cursor-pointer items-center gap-x-3 border-b border-line ${
              decision.seq === active ? 'bg-accent-wash' : 'hover:bg-raised'
            }`}
            style={{
              top: (from + i) * rowHeight,
              height: rowHeight,
              gridTemplateColumns: narrow ? '56px minmax(0, 1fr)' : gridOf(columns),
            }}
          >
            {columns.map(column => (
              <span
                key={column}
                role="gridcell"
                className={column === 'sentence' && narrow ? 'line-clamp-2' : 'min-w-0 truncate'}
                title={column === 'sentence' ? decision.sentence : undefined}
              >
                <Cell column={column} decision={decision} narrow={narrow} />
              </span>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function Cell({ column, decision, narrow }: { column: Column; decision: Decision; narrow: boolean }) {
  switch (column) {
    case 'seq':
      return <span className="text-soft">{decision.seq}</span>;
    case 'time':
      return (
        <span className="text-soft">
          <Time at={decision.at} form={narrow ? 'day' : 'moment'} />
        </span>
      );
    case 'type':
      return (
        <span className="flex items-center gap-2">
          <KindMark kind={kindOf(decision.type)} />
          <span className="truncate">{typeInWords(decision.type)}</span>
        </span>
      );
    case 'sentence':
      return narrow ? (
        <>
          <KindMark kind={kindOf(decision.type)} /> {decision.sentence}
        </>
      ) : (
        decision.sentence
      );
    case 'actor':
      return <span className="text-soft">{decision.actor}</span>;
    case 'episode':
      return <span className="text-soft">{decision.correlation ?? '–'}</span>;
    case 'hash':
      return (
        <span className="text-soft">
          <Id id={decision.hash} />
        </span>
      );
  }
}
