// Writes what reference pages repeat from the code, so that nobody copies by hand: whole pages, or the part between
// markers. `node scripts/generate-docs.mjs` builds first; tests/arch/docs.test.ts fails while a page and the code differ.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { declaredFacts } from './lib/declared-facts.mjs';
import { referencePages } from './lib/reference-pages.mjs';
import { root } from './lib/root.mjs';

ensureBuilt({ web: false });
const built = path => import(pathToFileURL(join(root, 'packages', path)).href);

const { CATALOGUE } = await built('kernel/dist/index.js');
const { apiReference, projectSchema, serverSchema } = await built('server/dist/index.js');
const { describeApi } = await built('server/dist/http/index.js');
const { metricFamilies } = await built('server/dist/views/metrics.js');
const { HttpMeter } = await built('server/dist/http/meter.js');
const { exposition } = await built('protocols/dist/prometheus/index.js');
const { program } = await built('cli/dist/program.js');
const { examplesOf } = await built('cli/dist/examples.js');

const facts = declaredFacts();
const pages = referencePages(
  {
    catalogue: CATALOGUE,
    facts,
    apiReference: apiReference(await describeApi('')),
    projectSchema: projectSchema(),
    serverSchema,
    program: program(),
    examplesOf,
    projectMetrics: exposition(metricFamilies([])),
    httpMetrics: new HttpMeter().text(),
  },
  path => readFileSync(join(root, path), 'utf8'),
);
for (const [path, text] of pages) writeFileSync(join(root, path), text);

const described = new Set(
  [...pages.get('docs/reference/facts.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, type]) => type),
);
const missing = [...facts.keys()].filter(type => !described.has(type));
const gone = [...described].filter(type => !facts.has(type));
for (const type of missing)
  console.error(`docs/reference/facts.md: add a row for ${type} (who says it, what it records)`);
for (const type of gone) console.error(`docs/reference/facts.md: ${type} is gone`);
if (missing.length + gone.length > 0) process.exitCode = 1;
