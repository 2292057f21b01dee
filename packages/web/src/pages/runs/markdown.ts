import { type Inline, inlines } from '../../format/inline.js';

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly text: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly right: readonly boolean[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    }
  | { readonly kind: 'code'; readonly text: string };

/**
 * The Markdown that model cards are written in: headings, paragraphs, lists, pipe tables, fenced code, bold and code spans.
 * Anything else stays text, so a card can never bring markup or script into the page.
 */
export function parseMarkdown(source: string): {
  readonly metadata: string;
  readonly blocks: readonly Block[];
} {
  const { metadata, body } = splitMetadata(source.replaceAll('\r\n', '\n'));
  const lines = body.split('\n');
  const blocks: Block[] = [];
  let at = 0;
  const take = (matches: (line: string) => boolean): string[] => {
    const start = at;
    while (at < lines.length && matches(lines[at]!)) at++;
    return lines.slice(start, at);
  };
  while (at < lines.length) {
    const line = lines[at]!;
    if (line.trim() === '') {
      at++;
      continue;
    }
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (heading !== null) {
      blocks.push({
        kind: 'heading',
        level: Math.min(3, heading[1]!.length) as 1 | 2 | 3,
        text: inlines(heading[2]!),
      });
      at++;
    } else if (line.startsWith('```')) {
      at++;
      blocks.push({ kind: 'code', text: take(l => !l.startsWith('```')).join('\n') });
      at++;
    } else if (isRow(line) && isRule(lines[at + 1])) {
      blocks.push(table(take(isRow)));
    } else if (isItem(line)) {
      const ordered = /^\d/.test(line.trim());
      blocks.push({
        kind: 'list',
        ordered,
        items: take(isItem).map(l => inlines(l.replace(/^\s*(?:[-*]|\d+\.)\s+/, ''))),
      });
    } else {
      const first = at;
      const text = take(l => l.trim() !== '' && (at === first || !/^(?:#|```)/.test(l)) && !isItem(l));
      blocks.push({ kind: 'paragraph', text: inlines(text.join(' ')) });
    }
  }
  return { metadata, blocks };
}

/** The YAML head between `---` lines, if there is one. */
function splitMetadata(source: string): { metadata: string; body: string } {
  const end = source.startsWith('---\n') ? source.indexOf('\n---\n', 3) : -1;
  return end < 0
    ? { metadata: '', body: source }
    : { metadata: source.slice(4, end), body: source.slice(end + 5) };
}

const isRow = (line: string): boolean => line.trim().startsWith('|');
const isRule = (line: string | undefined): boolean =>
  line !== undefined && /^\s*\|[\s:|-]+$/.test(line) && line.includes('-');
const isItem = (line: string): boolean => /^\s*(?:[-*]|\d+\.)\s+\S/.test(line);

function table(lines: readonly string[]): Block {
  const cells = (line: string): string[] =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map(cell => cell.trim());
  return {
    kind: 'table',
    head: cells(lines[0]!).map(inlines),
    right: cells(lines[1]!).map(rule => rule.endsWith(':')),
    rows: lines.slice(2).map(line => cells(line).map(inlines)),
  };
}
