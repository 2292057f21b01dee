import { describe, expect, it } from 'vitest';
import { text, trackedFiles } from '../support/checkout.js';

const TEXT = /\.(ts|tsx|js|mjs|cjs|json|md|ya?ml|css|html|sh|txt|svg)$|(^|\/)(\.[a-z-]+|run|LICENSE|NOTICE)$/;
const SOURCE = /\.(ts|tsx|js|mjs|cjs)$/;
const TESTS = /\.test\.tsx?$|^tests\/|\.fixtures?\.ts$|\/fixtures\//;
/** Tables grow by rows, not by ideas. */
const TABLES = /catalogue|\.generated\.|(^|\/)tables?\.ts$|\.table\.ts$/;
const MOST_LINES = 600;
const MOST_FILES = 15;

const files = trackedFiles();

// Written in pieces, or this file would be its own finding.
const forbidden: Record<string, RegExp> = {
  'an absolute path of somebody’s machine': new RegExp(`(^|[\\s"'\`(=:>])/(work|root|farm|home|Users)/`, 'm'),
  'the host name of a package registry': new RegExp(
    [
      'registry\\.npmjs\\.',
      'registry\\.yarnpkg\\.',
      'pypi\\.',
      'files\\.pythonhosted\\.',
      'deb\\.debian\\.',
      'proxy\\.golang\\.',
    ].join('|'),
  ),
  'a note that work is left': new RegExp(
    `\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`,
  ),
};

describe('tracked files', () => {
  it.each(Object.entries(forbidden))('hold no %s', (_what, pattern) => {
    const hits = files
      .filter(path => TEXT.test(path) && path !== 'tests/arch/hygiene.test.ts')
      .flatMap(path =>
        text(path)
          .split('\n')
          .flatMap((line, index) =>
            pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
          ),
      );
    expect(hits).toEqual([]);
  });

  it(`are at most ${MOST_LINES} lines long where they are source, tables and fixtures aside`, () => {
    const long = files
      .filter(path => SOURCE.test(path) && !TABLES.test(path) && !/\/fixtures?\//.test(path))
      .map(path => ({ path, lines: text(path).split('\n').length - 1 }))
      .filter(({ lines }) => lines > MOST_LINES)
      .map(({ path, lines }) => `${path}: ${lines} lines`);
    expect(long).toEqual([]);
  });

  it(`lie at most ${MOST_FILES} source files to a folder, tests aside`, () => {
    const folders = new Map<string, number>();
    for (const path of files.filter(path => SOURCE.test(path) && !TESTS.test(path))) {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
    const full = [...folders]
      // The kernel is a flat dictionary: one file a word, and every reader knows where to look.
      .filter(([folder, count]) => count > MOST_FILES && folder !== 'packages/kernel/src')
      .map(([folder, count]) => `${folder}: ${count} files`);
    expect(full).toEqual([]);
  });
});
