/** Text as a table cell. */
export const cell = text =>
  String(text)
    .replace(/\|/g, '\\|')
    .replace(/\s*\n\s*/g, ' ');

export function table(header, rows) {
  const line = cells => `| ${cells.join(' | ')} |`;
  return [line(header), `|${'---|'.repeat(header.length)}`, ...rows.map(row => line(row.map(cell)))].join(
    '\n',
  );
}

/** Puts `body` between the markers of a page; the prose around them is written by hand. */
export function between(page, name, body) {
  const start = `<!-- ${name}:start (written by scripts/generate-docs.mjs) -->`;
  const end = `<!-- ${name}:end -->`;
  const [before, after] = [page.indexOf(start), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`the page has no markers ${start} … ${end}`);
  return `${page.slice(0, before + start.length)}\n\n${body}\n\n${page.slice(after)}`;
}
