// What docs/reference repeats from the code, as text. The generator writes it and tests/arch/docs.test.ts compares it:
// the same functions, fed from dist/ there and from the sources here.
import { cliTables } from './cli-tables.mjs';
import { between, table } from './markdown.mjs';
import { fileTables } from './schema-tables.mjs';

export function errorsPage(catalogue) {
  const sections = Object.entries(catalogue)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([name, { status, message, hint }]) => `## \`${name}\`\n\nStatus ${status}. ${message}\n\n${hint}\n`,
    );
  return `# Errors

<!-- Written by scripts/generate-docs.mjs from packages/kernel/src/error-catalogue.ts. Change the catalogue, then run it. -->

Every error that leaves Twinloop has a stable code, a message, the offending field where there is one, and a hint.
Codes may be added; they are never renamed or reused. The native API answers with

\`\`\`json
{ "error": { "code": "input_missing", "message": "…", "field": "temp", "hint": "…", "requestId": "…", "docs": "…" } }
\`\`\`

Other dialects (Open Inference Protocol, …) carry the same message in their own shape; see [routes](routes.md).
The command line writes code, message, field and hint to stderr, or this object with \`-o json\`.
The words in braces are filled in when the error is raised.

${sections.join('\n')}`;
}

/** The payload column; the sentences of the page are written by hand. */
export function factsPage(page, facts) {
  return page.replace(/^(\| `(\w+)` \|[^|]*\|[^|]*\|)[^|]*\|$/gm, (row, start, type) => {
    const fields = facts.get(type);
    return fields === undefined ? row : `${start} ${fields.join(', ')} |`;
  });
}

export function configurationPage(page, projectSchema, serverSchema) {
  const project = between(page, 'twinloop.yaml', fileTables(projectSchema, 3));
  return between(project, 'server.yaml', fileTables(serverSchema, 3));
}

export function cliPage(page, program, examplesOf) {
  return between(page, 'commands', cliTables(program, examplesOf));
}

/** Families out of the `# HELP` and `# TYPE` lines of an exposition. */
export function metricsPage(page, projectExposition, httpExposition) {
  const rows = text =>
    [...text.matchAll(/^# HELP (\w+) (.*)\n# TYPE \w+ (\w+)$/gm)].map(([, name, help, type]) => [
      `\`${name}\``,
      type,
      help,
    ]);
  const header = ['metric', 'type', ''];
  const project = between(page, 'project', table(header, rows(projectExposition)));
  return between(project, 'http', table(header, rows(httpExposition)));
}

/**
 * Every page of docs/reference that is written from the code, by path.
 * `code` holds what the code says, `read` gives the present text of a page.
 */
export function referencePages(code, read) {
  const page = name => `docs/reference/${name}`;
  return new Map([
    [page('errors.md'), errorsPage(code.catalogue)],
    [page('facts.md'), factsPage(read(page('facts.md')), code.facts)],
    [page('api.md'), code.apiReference],
    [page('twinloop.schema.json'), `${JSON.stringify(code.projectSchema, null, 2)}\n`],
    [
      page('configuration.md'),
      configurationPage(read(page('configuration.md')), code.projectSchema, code.serverSchema),
    ],
    [page('cli.md'), cliPage(read(page('cli.md')), code.program, code.examplesOf)],
    [page('metrics.md'), metricsPage(read(page('metrics.md')), code.projectMetrics, code.httpMetrics)],
  ]);
}
