import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ESLint, type Linter } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/checkout.js';

/** A file, and the rule that must stop it (undefined: must pass). */
const planted: readonly (readonly [file: string, source: string, rule: string | undefined])[] = [
  [
    'server/src/floating.ts',
    'async function save(): Promise<void> {}\nsave();',
    '@typescript-eslint/no-floating-promises',
  ],
  ['server/src/awaited.ts', 'async function save(): Promise<void> {}\nawait save();', undefined],
  ['server/src/callback.ts', '[1].forEach(async () => {});', '@typescript-eslint/no-misused-promises'],
  ['server/src/any.ts', 'export const x: any = 1;', '@typescript-eslint/no-explicit-any'],
  ['server/src/swallowed.ts', 'try { JSON.parse(""); } catch {}', 'no-empty'],
  ['server/src/time.ts', 'export const t = Date.now() + Math.random();', undefined],
  ['loop/src/data/now.ts', 'export const t = Date.now();', 'no-restricted-properties'],
  ['loop/src/data/date.ts', 'export const t = new Date();', 'no-restricted-syntax'],
  ['loop/src/data/date-of.ts', 'export const t = new Date(0).toISOString();', undefined],
  ['loop/src/data/zone.ts', 'export const h = new Date(0).getHours();', 'no-restricted-syntax'],
  ['kernel/src/random.ts', 'export const r = Math.random();', 'no-restricted-properties'],
  ['stats/src/env.ts', 'export const e = process.env;', 'no-restricted-globals'],
  ['model/src/timer.ts', 'setTimeout(() => 1, 5);', 'no-restricted-globals'],
  ['stats/src/env.test.ts', 'export const t = Date.now();', undefined],
];

describe('lint rules', () => {
  const tree = mkdtempSync(join(tmpdir(), 'twinloop-lint-'));
  const found = new Map<string, readonly (string | null)[]>();

  beforeAll(async () => {
    for (const [file, source] of planted) {
      const path = join(tree, 'packages', file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${source}\nexport {};\n`);
    }
    const compilerOptions = {
      target: 'ES2023',
      lib: ['ES2023', 'DOM'],
      module: 'NodeNext',
      strict: true,
      noEmit: true,
      types: [],
    };
    writeFileSync(join(tree, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['packages'] }));
    writeFileSync(join(tree, 'package.json'), JSON.stringify({ type: 'module' }));
    const { default: rules } = (await import(join(root, 'eslint.config.js'))) as { default: Linter.Config[] };
    const eslint = new ESLint({
      cwd: tree,
      overrideConfigFile: true,
      baseConfig: [
        ...rules,
        { languageOptions: { parserOptions: { project: ['./tsconfig.json'], tsconfigRootDir: tree } } },
      ],
    });
    for (const { filePath, messages } of await eslint.lintFiles(['packages'])) {
      found.set(
        filePath.slice(join(tree, 'packages/').length),
        messages.map(message => message.ruleId),
      );
    }
  }, 60_000);
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it.each(planted)('%s', (file, _source, rule) => {
    expect(found.get(file)).toEqual(rule === undefined ? [] : [rule]);
  });
});
