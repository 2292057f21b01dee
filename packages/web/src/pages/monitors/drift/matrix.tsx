import type { DriftCellView, DriftMatrixView, DriftSubjectView } from '@twinloop/client';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { percent } from '../../../format/numbers.js';
import { day, month } from '../../../format/time.js';
import { CellGrid } from '../../../parts/grid/cell-grid.js';
import { labelled } from '../../../parts/grid/place.js';
import { Bar } from '../../../parts/histogram.js';
import { useNarrow } from '../../../parts/layout/use-narrow.js';
import { StatusMark } from '../../../parts/status-mark.js';
import { cellWords, featureOf, headWords, kindOfSubject, matrixSentence, shade } from './cells.js';

const FROM = '/p/$project/monitors/$endpoint';
const HEAD = 36;

/** Everything that is watched × the windows: what drifted when, and whether an alarm came of it. */
export function Matrix(props: {
  project: string;
  view: DriftMatrixView;
  /** Those with details further down. */
  features: ReadonlySet<string>;
  chosen: string | undefined;
}) {
  const { project, view, features, chosen } = props;
  const { windows, subjects, tolerance } = view;
  const narrow = useNarrow();
  const navigate = useNavigate({ from: FROM });
  const most = Math.max(1e-12, ...subjects.map(({ importance }) => importance ?? 0));
  const names = useMemo(() => {
    const long = windows.length > 0 && windows.at(-1)!.until - windows[0]!.until > 100 * 86_400_000;
    return { of: windows.map(({ until }) => (long ? month(until) : day(until))), width: long ? 44 : 64 };
  }, [windows]);
  const rows = subjects.map(subject => {
    const feature = featureOf(subject, features);
    return {
      key: `${subject.kind} ${subject.subject}`,
      chosen: feature !== undefined && feature === chosen && subject.kind === 'input',
      name: (
        <Name
          project={project}
          endpoint={view.endpoint}
          subject={subject}
          feature={feature}
          most={most}
          narrow={narrow}
        />
      ),
    };
  });
  return (
    <CellGrid
      label={`Drift of ${subjects.length} subjects over ${windows.length} windows`}
      rows={rows}
      columns={windows.length}
      nameWidth={narrow ? 128 : 256}
      headHeight={HEAD}
      cellWidth={[14, 44]}
      headWords={column => headWords(windows[column]!)}
      head={(column, cellWidth) => (
        <>
          <span className="absolute top-0 left-0.5 whitespace-nowrap" aria-hidden="true">
            {labelled(names.of, cellWidth, names.width).has(column) && names.of[column]}
          </span>
          {windows[column]!.alarm && (
            <span className="absolute bottom-0 left-1/2 -translate-x-1/2">
              <StatusMark mark="attention" />
            </span>
          )}
        </>
      )}
      cell={({ row, column }) => <Cell cell={subjects[row]!.cells[column] ?? null} tolerance={tolerance} />}
      words={({ row, column }) => cellWords(view, row, column)}
      onChoose={({ row }) => {
        const feature = featureOf(subjects[row]!, features);
        if (feature !== undefined) void navigate({ search: { feature }, replace: true, resetScroll: false });
      }}
    >
      <Legend view={view} />
    </CellGrid>
  );
}

function Name(props: {
  project: string;
  endpoint: string;
  subject: DriftSubjectView;
  feature: string | undefined;
  most: number;
  narrow: boolean;
}) {
  const { project, endpoint, subject, feature, most, narrow } = props;
  const { importance } = subject;
  const name = <code className="truncate">{subject.subject}</code>;
  return (
    <span className="grid w-full min-w-0 grid-cols-[minmax(0,1fr)_auto] items-center gap-2">
      {feature === undefined ? (
        <span className="truncate" title={kindOfSubject(subject.kind)}>
          {name}
        </span>
      ) : (
        <Link
          to={FROM}
          params={{ project, endpoint }}
          search={{ feature }}
          replace
          resetScroll={false}
          className="link truncate"
        >
          {name}
        </Link>
      )}
      {!narrow &&
        (importance === null ? (
          <span className="text-xs text-soft">{kindOfSubject(subject.kind)}</span>
        ) : (
          <span
            className="grid w-[92px] grid-cols-[minmax(0,1fr)_40px] items-center gap-1 text-xs text-soft"
            title={`importance ${percent(importance)}`}
          >
            <Bar share={importance / most} width={48} />
            <span className="text-right">{percent(importance, 0)}</span>
          </span>
        ))}
    </span>
  );
}

/** Shade says how large, the wedge that it drifted: it is seen without colours, too. */
function Cell({ cell, tolerance }: { cell: DriftCellView | null; tolerance: number }) {
  if (cell === null)
    return (
      <span className="flex h-full items-center justify-center text-line-strong" aria-hidden="true">
        ·
      </span>
    );
  const dark = shade(cell.effect, tolerance);
  const colour = cell.drifted ? 'attention' : 'soft';
  const share = cell.drifted ? 30 + 60 * dark : 6 + 50 * dark;
  return (
    <span
      aria-hidden="true"
      className="relative block h-full"
      style={{ background: `color-mix(in srgb, var(--color-${colour}) ${share}%, var(--color-page))` }}
    >
      {cell.drifted && (
        <span
          className="absolute inset-x-0 bottom-0 mx-auto block h-1.5 w-3 max-w-full bg-ink"
          style={{ clipPath: 'polygon(50% 0, 100% 100%, 0 100%)' }}
        />
      )}
    </span>
  );
}

function Legend({ view }: { view: DriftMatrixView }) {
  const { tolerance } = view;
  const swatch = (cell: DriftCellView | null) => (
    <span className="mr-0.5 inline-block h-4 w-4 align-[-3px]">
      <Cell cell={cell} tolerance={tolerance} />
    </span>
  );
  return (
    <>
      <p className="text-ink">{matrixSentence(view)}</p>
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        <span>{swatch({ effect: 0.1 * tolerance, adjustedP: 1, drifted: false })} small</span>
        <span>{swatch({ effect: tolerance, adjustedP: 1, drifted: false })} begins to matter</span>
        <span>{swatch({ effect: 2 * tolerance, adjustedP: 0, drifted: true })} drifted</span>
        <span>{swatch(null)} not looked at</span>
        <span>
          <StatusMark mark="attention" /> alarm
        </span>
        <span className="max-md:hidden">Point at a cell, or use the arrow keys, for its figures.</span>
      </p>
    </>
  );
}
