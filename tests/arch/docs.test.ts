import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { CATALOGUE } from '@twinloop/kernel';
import { exposition } from '@twinloop/protocols/prometheus';
import { apiReference, loadProject, projectSchema, serverSchema } from '@twinloop/server';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { examplesOf } from '../../packages/cli/src/examples.js';
import { program } from '../../packages/cli/src/program.js';
import { FUNCTIONS } from '../../packages/model/src/expressions/functions.js';
import { ROUTES } from '../../packages/server/src/http/dialects.js';
import { describeApi } from '../../packages/server/src/http/index.js';
import { HttpMeter } from '../../packages/server/src/http/meter.js';
import { metricFamilies } from '../../packages/server/src/views/metrics.js';
import { root, text, trackedFiles } from '../support/checkout.js';

interface Code {
  readonly catalogue: typeof CATALOGUE;
  readonly facts: ReadonlyMap<string, readonly string[]>;
  readonly apiReference: string;
  readonly projectSchema: unknown;
  readonly serverSchema: unknown;
  readonly program: Command;
  readonly examplesOf: typeof examplesOf;
  readonly projectMetrics: string;
  readonly httpMetrics: string;
}

const { declaredFacts } = (await import(join(root, 'scripts/lib/declared-facts.mjs'))) as {
  declaredFacts(): Code['facts'];
};
const { referencePages } = (await import(join(root, 'scripts/lib/reference-pages.mjs'))) as {
  referencePages(code: Code, read: (path: string) => string): ReadonlyMap<string, string>;
};

const code: Code = {
  catalogue: CATALOGUE,
  facts: declaredFacts(),
  apiReference: apiReference(await describeApi('')),
  projectSchema: projectSchema(),
  serverSchema,
  program: program(),
  examplesOf,
  projectMetrics: exposition(metricFamilies([])),
  httpMetrics: new HttpMeter().text(),
};

describe('what is written from the code', () => {
  it.each([...referencePages(code, text)])('%s says what the code says', (path, generated) => {
    expect(text(path), 'run `node scripts/generate-docs.mjs`').toBe(generated);
  });

  it('changes when the code does', () => {
    const pages = referencePages(code, text);
    const other = referencePages(
      {
        ...code,
        catalogue: { ...CATALOGUE, usage: { ...CATALOGUE.usage, hint: 'Another hint.' } },
        projectMetrics: '# HELP twinloop_new New.\n# TYPE twinloop_new gauge\n',
        serverSchema: { type: 'object', properties: { colour: { type: 'string' } } },
      },
      text,
    );
    const changed = [...pages.keys()].filter(path => pages.get(path) !== other.get(path));
    expect(changed).toEqual(
      ['errors.md', 'configuration.md', 'metrics.md'].map(name => `docs/reference/${name}`),
    );
  });
});

describe('docs/reference/facts.md', () => {
  const described = [...text('docs/reference/facts.md').matchAll(/^\| `(\w+)` \|/gm)].map(
    ([, type]) => type!,
  );

  it('describes every fact type, each once, and none that is gone', () => {
    expect(code.facts.size).toBeGreaterThan(20);
    expect([...described].sort()).toEqual([...code.facts.keys()].sort());
  });
});

describe('docs/reference/expressions.md', () => {
  const [, table = ''] = text('docs/reference/expressions.md').split('## Functions');
  const described = [...table.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([a-z_0-9]+)/g)].map(([, name]) => name!),
  );

  it('describes the functions of the language, all and only', () => {
    expect([...described].sort()).toEqual([...FUNCTIONS.keys()].sort());
  });
});

describe('docs/reference/routes.md', () => {
  const described = [
    ...text('docs/reference/routes.md').matchAll(
      /^\| `([^`]+)` \| ([^|]+) \| (\w+) \| (\w+) \| (served|reserved) \|$/gm,
    ),
  ].map(([, prefix, owner, dialect, auth, status]) => ({ prefix, owner, dialect, auth, status }));

  it('describes the prefixes as the server divides them', () => {
    expect(described).toEqual(ROUTES);
  });
});

/** Command lines of a text: `twinloop …` in code spans and code blocks, as lists of words. */
function commandLines(markdown: string): string[][] {
  const spans = [...markdown.matchAll(/`(twinloop [^`\n]+)`/g)].map(([, line]) => line!);
  const blocks = [...markdown.matchAll(/^```[a-z]*\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
    block!.split('\n').filter(line => line.startsWith('twinloop ')),
  );
  return [...spans, ...blocks].map(line =>
    line
      .replace(/ {2,}#.*$| >.*$/g, '')
      .split(/\s+/)
      .slice(1),
  );
}

/** What of a command line the program does not know; undefined when it knows all. */
function unknownPart(words: readonly string[]): string | undefined {
  let command = program();
  const options = new Set(command.options.flatMap(({ short, long }) => [short, long]));
  for (const word of words) {
    if (!/^[a-z][a-z-]*$/.test(word)) break;
    const child = command.commands.find(one => one.name() === word);
    if (child === undefined) break;
    command = child;
    for (const { short, long } of child.options) options.add(short).add(long);
  }
  if (command.parent === null) return words[0];
  return words.find(
    word => /^--?[a-z]/.test(word) && !options.has(word.replace(/=.*/, '')) && word !== '--help',
  );
}

describe('pages', () => {
  const pages = trackedFiles().filter(path => path.endsWith('.md') && !path.startsWith('packages/web/'));

  it('link to files that exist', () => {
    const dead = pages.flatMap(page =>
      [...text(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, target]) => target!)
        .filter(target => !/^[a-z]+:/.test(target))
        .filter(target => !existsSync(join(root, normalize(join(dirname(page), target)))))
        .map(target => `${page} → ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('and hints name commands and options that exist', () => {
    const hints = Object.entries(CATALOGUE).map(([name, { hint }]) => [`hint of ${name}`, hint] as const);
    const texts = [...pages.map(page => [page, text(page)] as const), ...hints];
    const lines = texts.flatMap(([where, body]) => commandLines(body).map(words => ({ where, words })));
    expect(lines.length).toBeGreaterThan(40);
    const wrong = lines
      .filter(({ words }) => !['…', '<command>'].includes(words[0]!))
      .map(({ where, words }) => ({ where, words, unknown: unknownPart(words) }))
      .filter(({ unknown }) => unknown !== undefined)
      .map(({ where, words, unknown }) => `${where}: twinloop ${words.join(' ')} (${unknown})`);
    expect(wrong).toEqual([]);
  });

  it('show projects that are valid', () => {
    const [, project = ''] = /^```yaml\n(project: [\s\S]*?)^```$/m.exec(text('README.md')) ?? [];
    expect(loadProject(project, root).config.project).toBe('churn');
    expect(project.trim().split('\n').length).toBeLessThanOrEqual(10);
  });

  it('that an error hints at exist', () => {
    const hinted = Object.values(CATALOGUE).flatMap(({ hint }) => hint.match(/docs\/[\w/-]+\.md/g) ?? []);
    expect(hinted.length).toBeGreaterThan(0);
    expect([...new Set(hinted)].filter(path => !existsSync(join(root, path)))).toEqual([]);
  });

  it('of the glossary explain at least forty terms, each once', () => {
    const terms = [...text('docs/glossary.md').matchAll(/^\| \*\*([^*]+)\*\* \|/gm)].map(([, term]) => term!);
    expect(terms.length).toBeGreaterThanOrEqual(40);
    expect(terms.filter((term, index) => terms.indexOf(term) !== index)).toEqual([]);
  });
});
