import type { ColumnProfileView, DataCheckView, QuarantineView } from '@twinloop/client';
import type { Json } from '@twinloop/kernel';
import { many, table } from '../../output.js';

/** What a check found, worst first, and the verdict. */
export function checkWords({ dataset, rows, quarantined, status, findings, rules }: DataCheckView): string {
  const lines = findings.map(
    ({ rule, severity, message }) => `${severity === 'error' ? 'error  ' : 'warning'} ${rule}: ${message}`,
  );
  const apart = quarantined === 0 ? '' : `, ${many(quarantined, 'row')} would be kept apart`;
  const verdict = status === 'accepted' ? 'would be accepted' : 'would be refused';
  return [
    ...lines,
    `${many(rows, 'row')} held against ${many(rules.length, 'expectation')} of ${dataset}: ${verdict}${apart}`,
  ].join('\n');
}

export function quarantineWords({
  dataset,
  version,
  quarantined,
  kept,
  reasons,
  columns,
  rows,
}: QuarantineView): string {
  const name = `${dataset} ${version.slice(0, 12)}`;
  if (quarantined === 0) return `${name}: no row was kept apart`;
  const shown = table(
    ['row', ...columns, 'reasons'],
    rows.map(({ row, values, reasons: of }) => [row, ...values.map(textOf), of.join('; ')]),
  );
  const told = reasons.map(({ text, count }) => `  ${count} × ${text}`).join('\n');
  const rest = rows.length < quarantined ? `\n(${rows.length} of ${quarantined} shown)` : '';
  return `${name}: ${many(quarantined, 'row')} kept apart, ${kept} went on\n${told}\n\n${shown}${rest}`;
}

const share = (part: number, whole: number): string =>
  part === 0 ? '0' : `${((100 * part) / whole).toPrecision(2)} %`;
const figure = (value: number | undefined): string | null =>
  value === undefined || Number.isNaN(value) ? null : String(Number(value.toPrecision(5)));

/** One line a column; `≈` leads estimates. */
export function profileWords(name: string, rows: number, profile: readonly ColumnProfileView[]): string {
  const lines = profile.map(
    ({ name: column, type, count, missing, distinct, distinctError, numeric, categorical }) => {
      const time = type === 'time';
      const value = (at: number | undefined): string | null =>
        time && at !== undefined && Number.isFinite(at)
          ? new Date(at).toISOString().slice(0, 16)
          : figure(at);
      const middle = numeric?.quantiles.find(([level]) => level === 0.5)?.[1];
      const top = categorical?.top
        .slice(0, 3)
        .map(
          ([text, found]) => `${text.length > 24 ? `${text.slice(0, 23)}…` : text} ${share(found, count)}`,
        );
      return [
        column,
        type,
        share(missing, count),
        `${distinctError === undefined ? '' : '≈'}${distinct.toLocaleString('en-US')}`,
        value(numeric?.min),
        value(middle),
        value(numeric?.max),
        time ? null : figure(numeric?.mean),
        top?.join(', ') ?? null,
      ];
    },
  );
  const head = ['column', 'type', 'missing', 'distinct', 'min', 'median', 'max', 'mean', 'most frequent'];
  return `${name}: ${many(rows, 'row')}, ${many(profile.length, 'column')}\n\n${table(head, lines)}`;
}

const textOf = (value: Json): string => (value === null ? '' : String(value));

/** A cell of CSV; a text that a spreadsheet would run as a formula is led by an apostrophe. */
function cell(value: Json): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : textOf(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function quarantineCsv({ columns, rows }: QuarantineView): string {
  const lines = [
    ['$number', '$reasons', ...columns],
    ...rows.map(({ row, reasons, values }) => [row, reasons.join('; '), ...values]),
  ];
  return lines.map(line => `${line.map(cell).join(',')}\n`).join('');
}
