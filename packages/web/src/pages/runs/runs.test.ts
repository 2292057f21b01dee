import type { StepReport } from '@twinloop/client';
import { describe, expect, test } from 'vitest';
import { lineage, metric, metricNames, stepBars } from './figures.js';
import { parseMarkdown } from './markdown.js';

const step = (startedAt: number, finishedAt: number) =>
  ({ step: 's', status: 'done', summary: '', key: 'k', startedAt, finishedAt }) as unknown as StepReport;

test('steps lie on one axis from the first start to the last end', () => {
  expect(stepBars([step(100, 120), step(120, 200)]).map(b => [b.start, b.width])).toEqual([
    [0, 0.2],
    [0.2, 0.8],
  ]);
  expect(stepBars([step(5, 5)]).map(b => [b.start, b.width])).toEqual([[0, 0]]);
});

test('what models are judged by stands first, what they were measured on last', () => {
  const names = metricNames([
    { n: 5, auc: 2, lift: 1 },
    { auc: 1, log_loss: 3 },
  ]);
  expect(names).toEqual(['log_loss', 'auc', 'lift', 'n']);
  expect([metric(5138), metric(0.74466), metric(1), metric(undefined)]).toEqual([
    '5,138',
    '0.7447',
    '1.0000',
    '–',
  ]);
});

test('lineage goes back to the first model, and a circle does not hold it up', () => {
  expect(
    lineage(
      'c',
      new Map([
        ['c', 'b'],
        ['b', 'a'],
        ['a', null],
      ]),
    ),
  ).toEqual(['b', 'a']);
  expect(
    lineage(
      'a',
      new Map([
        ['a', 'b'],
        ['b', 'a'],
      ]),
    ),
  ).toEqual(['b']);
  expect(lineage('c', new Map([['c', 'gone']]))).toEqual(['gone']);
});

describe('model cards', () => {
  const { metadata, blocks } = parseMarkdown(
    '---\nmodel-index: []\n---\n# late@a\n\nA **gbt** for `late`.\nStill the same.\n- one\n- two\n\n1. first\n\n| m | v |\n|---|--:|\n| auc | 0.74 |\n\n```\nx | y\n```\n<script>alert(1)</script>\n',
  );
  test('the metadata is taken off, the blocks are told apart', () => {
    expect(metadata).toBe('model-index: []');
    expect(blocks.map(b => b.kind)).toEqual([
      'heading',
      'paragraph',
      'list',
      'list',
      'table',
      'code',
      'paragraph',
    ]);
  });
  test('bold and code are marked, lines of a paragraph joined', () => {
    expect(blocks[1]).toEqual({
      kind: 'paragraph',
      text: [
        { kind: 'text', text: 'A ' },
        { kind: 'strong', text: 'gbt' },
        { kind: 'text', text: ' for ' },
        { kind: 'code', text: 'late' },
        { kind: 'text', text: '. Still the same.' },
      ],
    });
  });
  test('tables keep their alignment', () => {
    expect(blocks[4]).toMatchObject({
      right: [false, true],
      rows: [[[{ text: 'auc' }], [{ text: '0.74' }]]],
    });
  });
  test('markup stays text', () => {
    expect(blocks[6]).toMatchObject({ text: [{ kind: 'text', text: '<script>alert(1)</script>' }] });
  });
  test('a heading without blank lines around it ends the paragraph', () => {
    expect(parseMarkdown('text\n## head\nmore').blocks.map(b => b.kind)).toEqual([
      'paragraph',
      'heading',
      'paragraph',
    ]);
  });
});
