import type { Decision } from '@twinloop/client';

const HEAD = ['seq', 'time (UTC)', 'type', 'actor', 'sentence', 'episode', 'hash'] as const;

const cells = (d: Decision): readonly string[] => [
  String(d.seq),
  new Date(d.at).toISOString(),
  d.type,
  d.actor,
  d.sentence,
  d.correlation ?? '',
  d.hash,
];

/** RFC 4180, with CR LF. */
export function toCsv(decisions: readonly Decision[]): string {
  const line = (values: readonly string[]): string =>
    values.map(value => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',');
  return [line(HEAD), ...decisions.map(d => line(cells(d)))].join('\r\n');
}

/** A pipe table; pipes and line breaks inside a cell are escaped. */
export function toMarkdown(decisions: readonly Decision[]): string {
  const line = (values: readonly string[]): string =>
    `| ${values.map(value => value.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\r?\n/g, ' ')).join(' | ')} |`;
  return [line(HEAD), `|${HEAD.map(() => '---').join('|')}|`, ...decisions.map(d => line(cells(d)))].join(
    '\n',
  );
}
