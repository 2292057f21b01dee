import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/checkout.js';

const config = join(root, '.dependency-cruiser.cjs');
const rules = (createRequire(import.meta.url)(config) as { forbidden: { name: string }[] }).forbidden.map(
  rule => rule.name,
);

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** Runs the real tool with the real configuration over `packages` and `tests` of a tree. */
function cruise(tree: string): Promise<readonly Violation[]> {
  const bin = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [bin, 'packages', 'tests', '--config', config, '--output-type', 'json'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: tree, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      // The exit code is the number of violations; a crash leaves no JSON behind.
      try {
        resolve((JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations);
      } catch {
        reject(new Error(stderr || error?.message || 'no output'));
      }
    });
  });
}

/** Rule → a file that breaks it, and what the file says. The folders hold index files already. */
const planted: Record<string, readonly [file: string, source: string]> = {
  'kernel-imports-nothing': ['kernel/src/bad.ts', `import '@twinloop/stats';`],
  'stats-stands-alone': ['stats/src/bad.ts', `import type { K } from '@twinloop/kernel'; export type T = K;`],
  'model-imports-inward': ['model/src/bad.ts', `import '@twinloop/loop/data';`],
  'rooms-never-import-rooms': ['loop/src/data/bad-room.ts', `import '../testing/index.js';`],
  'rooms-import-inward': ['loop/src/data/bad-way.ts', `import '@twinloop/storage';`],
  'rooms-use-no-third-party': ['loop/src/data/bad-library.ts', `import 'library';`],
  'pure-code-does-no-io': ['loop/src/data/bad-io.ts', `import 'node:fs';`],
  'storage-imports-inward': ['storage/src/bad.ts', `import '@twinloop/engines';`],
  'engines-import-inward': ['engines/src/bad.ts', `import '@twinloop/loop/data';`],
  'protocols-import-kernel': ['protocols/src/oip/bad.ts', `import '@twinloop/model';`],
  'protocols-know-one-wire': ['protocols/src/oip/bad-wire.ts', `import '../prometheus/index.js';`],
  'server-imports-no-caller': ['server/src/bad.ts', `import 'twinloop';`],
  'server-takes-wire-types-only': ['server/src/bad-types.ts', `import { C } from '@twinloop/client'; C;`],
  'only-server-constructs-adapters': ['cli/src/bad-adapter.ts', `await import('@twinloop/storage');`],
  'front-doors-only': ['server/src/bad-door.ts', `import '../../loop/src/data/decide.js';`],
  'client-imports-kernel': ['client/src/bad.ts', `import '@twinloop/stats';`],
  'client-takes-types-only': ['client/src/bad-value.ts', `import { K } from '@twinloop/kernel'; K;`],
  'client-runs-in-browsers': ['client/src/bad-io.ts', `import 'node:http';`],
  'web-through-client': ['web/src/bad.tsx', `import type { K } from '@twinloop/kernel'; export type T = K;`],
  'web-uses-its-libraries': ['web/src/bad-library.tsx', `import 'library';`],
  'cli-imports': ['cli/src/bad.ts', `import '@twinloop/loop/data';`],
  'cli-loads-server-lazily': ['cli/src/bad-eager.ts', `import '@twinloop/server';`],
  'product-imports-no-tests': ['kernel/src/bad-test.ts', `import './good.test.js';`],
  'dependencies-are-declared': ['storage/src/bad-undeclared.ts', `import 'undeclared';`],
  'no-cycles': ['kernel/src/bad-circle-a.ts', `import './bad-circle-b.js';`],
  'imports-resolve': ['engines/src/bad-lost.ts', `import './nowhere.js';`],
};

/** What must stay allowed: a rule that forbids everything would find every violation, too. */
const allowed: Record<string, string> = {
  'model/src/good.ts': `import '@twinloop/kernel'; import '@twinloop/stats'; import 'library';`,
  'loop/src/data/good.ts': `import '@twinloop/kernel'; import '@twinloop/stats'; import '@twinloop/model'; import './decide.js';`,
  'loop/src/data/good.test.ts': `import 'node:fs'; import 'library'; import '../testing/index.js'; import '@twinloop/storage';`,
  'storage/src/good.ts': `import 'node:fs'; import 'library'; import '@twinloop/kernel';`,
  'protocols/src/oip/good.ts': `import 'library'; import '@twinloop/kernel';`,
  'server/src/good.ts': `import 'node:http'; import '@twinloop/storage'; import '@twinloop/engines'; import '@twinloop/loop/data'; import '@twinloop/protocols/oip'; import type { C } from '@twinloop/client'; export type T = C;`,
  'client/src/good.ts': `import type { K } from '@twinloop/kernel'; export type T = K;`,
  'web/src/good.tsx': `import '@twinloop/client'; import 'react';`,
  'cli/src/good.ts': `import type { S } from '@twinloop/server'; import '@twinloop/client'; export const open = (): Promise<S> => import('@twinloop/server');`,
};

const packages = ['kernel', 'stats', 'model', 'storage', 'engines', 'server', 'client', 'cli', 'web'];

function plant(tree: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  };
  const library = (name: string): void => {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    write(`node_modules/${name}/index.js`, '');
  };
  for (const name of ['library', 'undeclared', 'react']) library(name);
  mkdirSync(join(tree, 'node_modules/@twinloop'), { recursive: true });
  for (const name of [...packages, 'loop', 'protocols']) {
    const many = name === 'loop' || name === 'protocols';
    const exports = many
      ? { './*': { source: './src/*/index.ts', default: './dist/*/index.js' } }
      : { '.': { source: './src/index.ts', default: './dist/index.js' } };
    const npmName = name === 'cli' ? 'twinloop' : `@twinloop/${name}`;
    write(
      `packages/${name}/package.json`,
      JSON.stringify({ name: npmName, type: 'module', exports, dependencies: { library: '1.0.0' } }),
    );
    symlinkSync(join(tree, 'packages', name), join(tree, 'node_modules', npmName));
  }
  for (const name of packages) {
    const letter = name[0]!.toUpperCase();
    write(`packages/${name}/src/index.ts`, `export const ${letter} = 1; export type ${letter} = number;`);
  }
  for (const folder of [
    'loop/src/data',
    'loop/src/testing',
    'protocols/src/oip',
    'protocols/src/prometheus',
  ]) {
    write(`packages/${folder}/index.ts`, 'export const front = 1;');
  }
  write('packages/loop/src/data/decide.ts', 'export const decide = 1;');
  write('packages/kernel/src/good.test.ts', 'export const test = 1;');
  write('packages/kernel/src/bad-circle-b.ts', `import './bad-circle-a.js';`);
  write(
    'tests/arch/good.test.ts',
    `import '@twinloop/storage'; import '@twinloop/loop/data'; import 'node:fs';`,
  );
  for (const [path, source] of Object.entries(allowed)) write(`packages/${path}`, source);
  for (const [path, source] of Object.values(planted)) write(`packages/${path}`, source);
}

describe('import rules', () => {
  const tree = mkdtempSync(join(tmpdir(), 'twinloop-rules-'));
  let found: readonly Violation[] = [];
  beforeAll(async () => {
    plant(tree);
    found = await cruise(tree);
  }, 60_000);
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  it('plants a violation of every rule', () => {
    expect(Object.keys(planted).sort()).toEqual([...rules].sort());
  });

  it.each(rules)('%s bites', rule => {
    const [file] = planted[rule]!;
    const names = found.filter(violation => violation.from === `packages/${file}`).map(v => v.rule.name);
    expect(names).toContain(rule);
  });

  it('leaves what is allowed alone', () => {
    expect(found.filter(violation => /\/good\./.test(violation.from))).toEqual([]);
  });

  it('finds nothing in this repository', async () => {
    const real = await cruise(root);
    expect(real.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([]);
  }, 120_000);
});
