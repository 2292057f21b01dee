import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { CATALOGUE, type ErrorCode } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { FUNCTIONS } from '../../packages/model/src/expressions/functions.js';
import { ROUTES } from '../../packages/server/src/http/dialects.js';
import { root, text, trackedFiles } from '../support/checkout.js';

const { declaredFacts } = (await import(join(root, 'scripts/lib/declared-facts.mjs'))) as {
  declaredFacts(): ReadonlyMap<string, readonly string[]>;
};

describe('docs/reference/errors.md', () => {
  const sections = new Map(
    [...text('docs/reference/errors.md').matchAll(/^## `(\w+)`\n\n([^#]*)/gm)].map(([, code, body]) => [
      code!,
      body!.trim(),
    ]),
  );

  it('lists every code of the catalogue', () => {
    expect(Object.keys(CATALOGUE).filter(code => !sections.has(code))).toEqual([]);
  });

  it('lists no code that is gone', () => {
    expect([...sections.keys()].filter(code => !(code in CATALOGUE))).toEqual([]);
  });

  it.each(Object.keys(CATALOGUE) as ErrorCode[])('says of %s what the catalogue says', code => {
    const { status, message, hint } = CATALOGUE[code];
    expect(sections.get(code), 'run `node scripts/generate-docs.mjs`').toBe(
      `Status ${status}. ${message}\n\n${hint}`,
    );
  });
});

describe('docs/reference/facts.md', () => {
  const declared = declaredFacts();
  const described = new Map(
    [...text('docs/reference/facts.md').matchAll(/^\| `(\w+)` \|[^|]*\|[^|]*\|([^|]*)\|$/gm)].map(
      ([, type, fields]) => [type!, fields!.trim().split(', ')],
    ),
  );

  it('describes every fact type', () => {
    expect(declared.size).toBeGreaterThan(20);
    expect([...declared.keys()].filter(type => !described.has(type))).toEqual([]);
  });

  it('describes no fact type that is gone', () => {
    expect([...described.keys()].filter(type => !declared.has(type))).toEqual([]);
  });

  it.each([...declared])('names the fields of %s', (type, fields) => {
    expect(described.get(type), 'run `node scripts/generate-docs.mjs`').toEqual(fields);
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
