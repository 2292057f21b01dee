import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { cellWidthIn, inSight, type Measures, moved, type Place, shown } from './place.js';

export interface GridRow {
  readonly key: string;
  /** Beside the cells, and staying while they scroll. */
  readonly name: ReactNode;
  readonly chosen?: boolean;
}

/** Higher than that, rows scroll inside. */
const MOST_HEIGHT = 520;

/**
 * Things × moments as small cells. Only what is in sight is in the document; names stay at the left, the head on top.
 * The grid owns the focus and names the active cell: arrows (or j and k) move, Enter chooses. What is pointed at, or
 * active, is said in words below.
 */
export function CellGrid(props: {
  label: string;
  rows: readonly GridRow[];
  columns: number;
  nameWidth: number;
  headHeight: number;
  rowHeight?: number;
  /** Hairlines under the rows, where cells are marks rather than areas. */
  lined?: boolean;
  /** Least and greatest width of a cell. */
  cellWidth: readonly [number, number];
  /** The head of a column; what it says aloud is `headWords`. */
  head: (column: number, cellWidth: number) => ReactNode;
  headWords: (column: number) => string;
  cell: (place: Place) => ReactNode;
  /** All that there is to say of a cell, in one sentence. */
  words: (place: Place) => string;
  onChoose?: (place: Place) => void;
  /** Below the grid while nothing is pointed at. */
  children: ReactNode;
}) {
  const { label, rows, columns, nameWidth, headHeight, rowHeight = 24, onChoose } = props;
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ left: 0, top: 0, width: 900, height: MOST_HEIGHT });
  const point = useRef<(place: Place | undefined) => void>(undefined);
  const [active, setActive] = useState<Place>();
  const [focused, setFocused] = useState(false);
  const cellWidth = cellWidthIn(sight.width - nameWidth, columns, props.cellWidth);
  const measures: Measures = { rows: rows.length, columns, cellWidth, rowHeight, nameWidth, headHeight };
  const seen = inSight(sight, measures);

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void =>
      setSight(old => ({ ...old, width: element.clientWidth, height: element.clientHeight }));
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, []);
  // The newest is at the right.
  useLayoutEffect(() => {
    if (box.current !== null) box.current.scrollLeft = columns * cellWidth;
  }, [columns, cellWidth]);
  useEffect(() => {
    if (active === undefined || box.current === null) return;
    const { scrollLeft: left, scrollTop: top, clientWidth: width, clientHeight: height } = box.current;
    const next = shown(active, { left, top, width, height }, measures);
    box.current.scrollLeft = next.left;
    box.current.scrollTop = next.top;
    // Measures follow from the same render; only a move of the active cell scrolls.
  }, [active]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return;
    const place = active ?? { row: 0, column: columns - 1 };
    if (event.key === 'Enter' && active !== undefined) onChoose?.(active);
    else {
      const next = moved(place, event.key, measures);
      if (next === undefined) return;
      point.current?.(undefined);
      setActive(active === undefined ? place : next);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  const placeOf = (event: PointerEvent | MouseEvent): Place | undefined => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-cell]') : null;
    const [row, column] = (cell?.dataset['cell'] ?? '').split(',').map(Number);
    return row === undefined || column === undefined ? undefined : { row, column };
  };
  const columnList = Array.from(
    { length: seen.columns.until - seen.columns.from },
    (_, i) => seen.columns.from + i,
  );
  const width = nameWidth + columns * cellWidth;
  const cellId = ({ row, column }: Place): string => `${id}-${row}-${column}`;
  const isSeen = ({ row, column }: Place): boolean =>
    row >= seen.rows.from &&
    row < seen.rows.until &&
    column >= seen.columns.from &&
    column < seen.columns.until;

  return (
    <div className="min-w-0">
      <div
        ref={box}
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-colcount={columns + 1}
        aria-activedescendant={active !== undefined && isSeen(active) ? cellId(active) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={event => {
          if (event.target !== event.currentTarget) return;
          setFocused(true);
          if (active === undefined && event.currentTarget.matches(':focus-visible'))
            setActive({ row: 0, column: columns - 1 });
        }}
        onBlur={() => setFocused(false)}
        onScroll={event => {
          const { scrollLeft, scrollTop, clientWidth, clientHeight } = event.currentTarget;
          setSight({ left: scrollLeft, top: scrollTop, width: clientWidth, height: clientHeight });
        }}
        onPointerMove={event => point.current?.(placeOf(event))}
        onPointerLeave={() => point.current?.(undefined)}
        onClick={event => {
          const place = placeOf(event);
          if (place === undefined) return;
          setActive(place);
          onChoose?.(place);
        }}
        className="relative overflow-auto overscroll-x-contain focus-visible:outline-offset-1"
        style={{ maxHeight: MOST_HEIGHT }}
      >
        <div
          role="row"
          aria-rowindex={1}
          className="sticky top-0 z-[2] bg-page"
          style={{ width, height: headHeight }}
        >
          <span
            role="columnheader"
            aria-colindex={1}
            className="sticky left-0 z-[1] block h-full bg-page"
            style={{ width: nameWidth }}
          >
            <span className="sr-only">Name</span>
          </span>
          {columnList.map(column => (
            <span
              key={column}
              role="columnheader"
              aria-colindex={column + 2}
              className="absolute top-0 text-xs text-soft"
              style={{ left: nameWidth + column * cellWidth, width: cellWidth, height: headHeight }}
            >
              <span className="sr-only">{props.headWords(column)}</span>
              {props.head(column, cellWidth)}
            </span>
          ))}
        </div>
        <div role="rowgroup" className="relative" style={{ width, height: rows.length * rowHeight }}>
          {rows.slice(seen.rows.from, seen.rows.until).map((row, i) => {
            const at = seen.rows.from + i;
            return (
              <div
                key={row.key}
                role="row"
                aria-rowindex={at + 2}
                aria-selected={row.chosen === true}
                className={`absolute left-0 ${row.chosen === true ? 'bg-accent-wash' : ''} ${
                  props.lined === true ? 'border-b border-line' : ''
                }`}
                style={{ top: at * rowHeight, width, height: rowHeight }}
              >
                <span
                  role="rowheader"
                  aria-colindex={1}
                  className={`sticky left-0 z-[1] flex h-full items-center overflow-hidden pr-2 ${
                    props.lined === true ? '' : 'border-b border-line'
                  } ${row.chosen === true ? 'bg-accent-wash' : 'bg-page'}`}
                  style={{ width: nameWidth }}
                >
                  {row.name}
                </span>
                {columnList.map(column => {
                  const place = { row: at, column };
                  const isActive = focused && active?.row === at && active.column === column;
                  return (
                    <span
                      key={column}
                      id={cellId(place)}
                      role="gridcell"
                      aria-colindex={column + 2}
                      aria-label={props.words(place)}
                      data-cell={`${at},${column}`}
                      className={`absolute top-0 block p-px ${onChoose === undefined ? '' : 'cursor-pointer'} ${
                        isActive ? 'z-0 outline-2 -outline-offset-1 outline-accent' : ''
                      }`}
                      style={{ left: nameWidth + column * cellWidth, width: cellWidth, height: rowHeight }}
                    >
                      {props.cell(place)}
                    </span>
                  );
                })}
              </div>
            );
          })}
        </div>
      </div>
      <ReadOut
        point={point}
        active={focused ? active : undefined}
        words={place => (place.row < rows.length && place.column < columns ? props.words(place) : undefined)}
      >
        {props.children}
      </ReadOut>
    </div>
  );
}

/** Keeps what is pointed at to itself: the cells need not be drawn again for every move of the pointer. */
function ReadOut(props: {
  point: RefObject<((place: Place | undefined) => void) | undefined>;
  active: Place | undefined;
  words: (place: Place) => string | undefined;
  children: ReactNode;
}) {
  const [pointed, setPointed] = useState<Place>();
  props.point.current = place =>
    setPointed(old => (old?.row === place?.row && old?.column === place?.column ? old : place));
  const told = pointed ?? props.active;
  const words = told === undefined ? undefined : props.words(told);
  return (
    <div className="mt-2 min-h-10 text-xs text-soft">
      {words === undefined ? props.children : <p className="text-ink">{words}</p>}
    </div>
  );
}
