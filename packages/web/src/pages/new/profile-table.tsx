import type { DraftView } from '@twinloop/client';
import { useState } from 'react';
import { percent, whole } from '../../format/numbers.js';
import { rowsInSight } from '../../parts/layout/virtual-rows.js';
import { type Form, toggled } from './choices.js';

const ROW = 29;
const MOST = 12;

/** Every column: what it holds, what it is for, and whether a model may see it. Only rows in sight are made. */
export function ProfileTable(props: { draft: DraftView; form: Form; onForm: (form: Form) => void }) {
  const { draft, form, onForm } = props;
  const { columns } = draft;
  const [top, setTop] = useState(0);
  const height = Math.min(columns.length, MOST) * ROW + ROW;
  const { from, until } = rowsInSight({ count: columns.length, rowHeight: ROW, top, height });
  return (
    <div
      className="scroll-x overflow-y-auto"
      style={{ maxHeight: height + 8 }}
      tabIndex={0}
      role="region"
      aria-label="Columns of the table"
      onScroll={event => setTop(event.currentTarget.scrollTop)}
    >
      <table className="table [&_td]:h-[29px] [&_td]:py-1" aria-rowcount={columns.length + 1}>
        <thead className="sticky top-0 z-1 bg-page">
          <tr>
            <th>Column</th>
            <th>Role</th>
            <th>Type</th>
            <th className="num">Missing</th>
            <th className="num">Distinct</th>
            <th className="min-w-[220px]">Samples</th>
            <th className="min-w-[160px]">Remark</th>
          </tr>
        </thead>
        <tbody>
          {from > 0 && <tr aria-hidden="true" style={{ height: from * ROW }} />}
          {columns.slice(from, until).map((column, i) => {
            const role = roleOf(column.name, form);
            return (
              <tr key={column.name} aria-rowindex={from + i + 2}>
                <td className="max-w-[220px] truncate" title={column.name}>
                  <code>{column.name}</code>
                </td>
                <td className="whitespace-nowrap">
                  {role ?? (
                    <label className="flex items-center gap-1.5">
                      <input
                        type="checkbox"
                        className="accent-accent"
                        checked={!form.exclude.includes(column.name)}
                        aria-label={`${column.name} is an input`}
                        onChange={event => onForm(toggled(form, [column.name], !event.target.checked))}
                      />
                      input
                    </label>
                  )}
                </td>
                <td>{column.type}</td>
                <td className="num">
                  {column.missing === 0 ? '0' : percent(column.missing / Math.max(1, draft.sampled))}
                </td>
                <td className="num">{whole(column.distinct)}</td>
                <td className="max-w-[320px] truncate text-soft" title={column.sample.join(' · ')}>
                  {column.sample.join(' · ')}
                </td>
                <td className="max-w-[260px] truncate text-soft" title={column.note}>
                  {column.note ?? ''}
                </td>
              </tr>
            );
          })}
          {until < columns.length && (
            <tr aria-hidden="true" style={{ height: (columns.length - until) * ROW }} />
          )}
        </tbody>
      </table>
    </div>
  );
}

function roleOf(name: string, { label, key, time }: Form): string | undefined {
  if (name === label) return '◆ label';
  if (name === key) return 'key';
  if (time === null || 'order' in time) return undefined;
  if ('column' in time) return name === time.column ? 'time' : undefined;
  return name === time.date ? 'time, its date' : name === time.hour ? 'time, its hour' : undefined;
}
