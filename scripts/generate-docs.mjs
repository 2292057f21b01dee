// Writes what reference pages repeat from the code, so that nobody copies by hand:
// docs/reference/errors.md whole, and the payload column of docs/reference/facts.md (its sentences stay).
// `node scripts/generate-docs.mjs`; tests/arch/docs.test.ts fails while a page and the code differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { root } from './lib/root.mjs';
import { declaredFacts } from './lib/declared-facts.mjs';

const source = readFileSync(join(root, 'packages/kernel/src/error-catalogue.ts'), 'utf8');
const { code } = await transform(source, { loader: 'ts', format: 'esm' });
const { CATALOGUE } = await import(`data:text/javascript,${encodeURIComponent(code)}`);

const sections = Object.entries(CATALOGUE)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, { status, message, hint }]) => `## \`${name}\`\n\nStatus ${status}. ${message}\n\n${hint}\n`);

writeFileSync(
  join(root, 'docs/reference/errors.md'),
  `# Errors

<!-- Written by scripts/generate-docs.mjs from packages/kernel/src/error-catalogue.ts. Change the catalogue, then run it. -->

Every error that leaves Twinloop has a stable code, a message, the offending field where there is one, and a hint.
Codes may be added; they are never renamed or reused. The native API answers with

\`\`\`json
{ "error": { "code": "input_missing", "message": "…", "field": "temp", "hint": "…", "requestId": "…", "docs": "…" } }
\`\`\`

Other dialects (Open Inference Protocol, …) carry the same message in their own shape; see [routes](routes.md).
The words in braces are filled in when the error is raised.

${sections.join('\n')}`,
);

const page = join(root, 'docs/reference/facts.md');
const facts = declaredFacts();
const described = new Set();
const text = readFileSync(page, 'utf8').replace(
  /^(\| `(\w+)` \|[^|]*\|[^|]*\|)[^|]*\|$/gm,
  (row, start, type) => {
    described.add(type);
    const fields = facts.get(type);
    return fields === undefined ? row : `${start} ${fields.join(', ')} |`;
  },
);
writeFileSync(page, text);
for (const type of facts.keys()) {
  if (!described.has(type)) console.error(`${page}: add a row for ${type} (who says it, what it records)`);
}
for (const type of described) if (!facts.has(type)) console.error(`${page}: ${type} is gone`);
