import type { QuarantineView } from '@twinloop/client';
import { useQuery } from '@tanstack/react-query';
import { figure, whole } from '../../format/numbers.js';
import { quarantineQuery } from '../../live/queries.js';
import { Command } from '../../parts/command.js';
import { Bar } from '../../parts/histogram.js';
import { Loaded } from '../../parts/loaded.js';
import { Section } from '../../parts/page.js';
import { Wide } from '../../parts/layout/wide.js';
import { shareWords } from './rules.js';

/** Rows of a version that were kept apart, and why; nothing is shown of a version without any. */
export function Quarantine(props: { project: string; dataset: string; version: string }) {
  const { project, dataset, version } = props;
  const query = useQuery(quarantineQuery(project, dataset, version));
  const { data } = query;
  if (query.error === null && (data === undefined || data.quarantined === 0)) return null;
  return (
    <Section
      title="Rows kept apart"
      {...(data === undefined
        ? {}
        : {
            note: `${whole(data.quarantined)} of ${whole(data.quarantined + data.kept)} rows (${shareWords(data.quarantined / (data.quarantined + data.kept))})`,
          })}
    >
      <Loaded query={query}>{view => <Apart project={project} view={view} />}</Loaded>
    </Section>
  );
}

function Apart({ project, view }: { project: string; view: QuarantineView }) {
  const { dataset, version, reasons, columns, rows, kept, quarantined } = view;
  const id = `${dataset}@${version.slice(0, 12)}`;
  return (
    <>
      <p className="mb-3">
        The other {whole(kept)} rows went on: they are this version, and training reads them. What was kept
        apart is stored beside it and read by nobody.
      </p>
      <ul className="mb-4 max-w-[760px]" aria-label="Reasons">
        {reasons.map(reason => (
          <li
            key={reason.text}
            className="grid grid-cols-[minmax(0,1fr)_64px_64px] items-center gap-3 border-b border-line py-1 sm:grid-cols-[minmax(0,1fr)_120px_64px]"
          >
            <span className="truncate" title={reason.text}>
              {reason.subject !== '' && <code>{reason.subject} </code>}
              {reason.rule} <code className="text-soft max-sm:hidden">{reason.text}</code>
            </span>
            <Bar share={reason.count / quarantined} width={120} colour="attention" />
            <span className="text-right">{whole(reason.count)}</span>
          </li>
        ))}
      </ul>
      <Wide label="Rows kept apart">
        <table className="table">
          <thead>
            <tr>
              <th className="num">Row</th>
              <th>Why</th>
              {columns.map(column => (
                <th key={column}>{column}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ row, values, reasons: why }) => (
              <tr key={row}>
                <td className="num">{whole(row)}</td>
                <td className="min-w-[260px]">{why.join('; ')}</td>
                {values.map((value, i) => (
                  <td key={columns[i]} className="max-w-[200px] truncate" title={textOf(value)}>
                    {value === null ? <span className="text-soft">missing</span> : textOf(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      <p className="my-2 text-xs text-soft">
        {rows.length < quarantined
          ? `The first ${whole(rows.length)} of ${whole(quarantined)}; rows count from 1 in the source. All of them:`
          : 'Rows count from 1 in the source. From a terminal:'}
      </p>
      <Command text={`twinloop data quarantine ${id} --csv --project ${project} > ${dataset}-apart.csv`} />
    </>
  );
}

type Cell = QuarantineView['rows'][number]['values'][number];

function textOf(value: Cell): string {
  return typeof value === 'number'
    ? figure(value)
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}
