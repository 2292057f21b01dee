import type { LogRecord, LogStore, ProjectId, SeriesStore, SpanRecord, SpanStore } from '@twinloop/kernel';
import { describe, expect, test } from 'vitest';

const project = 'shop' as ProjectId;
const all = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };

export function spanContract(name: string, open: () => Promise<SpanStore>): void {
  const span = (spanId: string, startedAt: number, more: Partial<SpanRecord> = {}): SpanRecord => ({
    project,
    traceId: 't1',
    spanId,
    parentId: null,
    name: 'predict',
    startedAt,
    endedAt: startedAt + 1.5,
    status: 'ok',
    attributes: { rows: 3, cached: true, model: 'm@1' },
    ...more,
  });
  describe(`span store: ${name}`, () => {
    test('spans are selected by trace, name and start, in order of their start', async () => {
      const store = await open();
      const spans = [
        span('b', 2, { parentId: 'a', status: 'error' }),
        span('a', 1),
        span('c', 3, { traceId: 't2', name: 'train' }),
      ];
      await store.append(spans);
      await store.append([span('a', 1), span('a', 1, { project: 'other' as ProjectId })]);
      expect(await store.select({ project, range: all })).toEqual([spans[1], spans[0], spans[2]]);
      expect(await store.select({ project, range: all, traceId: 't2' })).toEqual([spans[2]]);
      expect(await store.select({ project, range: all, name: 'train' })).toEqual([spans[2]]);
      expect(await store.select({ project, range: { from: 1, until: 2 } })).toEqual([spans[1]]);
      expect(await store.select({ project, range: all, limit: 2 })).toEqual([spans[0], spans[2]]);
    });
  });
}

export function logContract(name: string, open: () => Promise<LogStore>): void {
  const log = (body: string, at: number, more: Partial<LogRecord> = {}): LogRecord => ({
    project,
    at,
    severity: 9,
    body,
    traceId: null,
    attributes: {},
    ...more,
  });
  describe(`log store: ${name}`, () => {
    test('records are selected by time, severity and text, in order of time', async () => {
      const store = await open();
      const records = [
        log('second, 100 %', 2, { severity: 17, traceId: 't', attributes: { line: 7 } }),
        log('first', 1),
        log('third', 2),
      ];
      await store.append(records);
      expect(await store.select({ project, range: all })).toEqual([records[1], records[0], records[2]]);
      expect(await store.select({ project, range: all, minSeverity: 10 })).toEqual([records[0]]);
      expect(await store.select({ project, range: all, contains: '0 %' })).toEqual([records[0]]);
      expect(await store.select({ project, range: all, contains: '_' })).toEqual([]);
      expect(await store.select({ project, range: all, limit: 1 })).toEqual([records[2]]);
      expect(await store.select({ project: 'other' as ProjectId, range: all })).toEqual([]);
    });
  });
}

export function seriesContract(name: string, open: () => Promise<SeriesStore>): void {
  const names = (series: readonly { labels: Readonly<Record<string, string>> }[]): string[] =>
    series.map(({ labels }) => `${labels['__name__']}/${labels['code'] ?? ''}`);
  describe(`series store: ${name}`, () => {
    test('series are selected by matchers as in Prometheus', async () => {
      const store = await open();
      const at = (time: number, value = time) => [{ at: time, value }];
      await store.append(project, [
        { labels: { code: '200', __name__: 'requests' }, samples: at(1) },
        { labels: { __name__: 'requests', code: '503' }, samples: at(1) },
        { labels: { __name__: 'up' }, samples: at(1) },
      ]);
      const select = async (...matchers: Parameters<SeriesStore['select']>[0]['matchers']) =>
        names(await store.select({ project, matchers, range: all }));
      expect(await select({ label: '__name__', op: '=', value: 'requests' })).toEqual([
        'requests/200',
        'requests/503',
      ]);
      expect(await select({ label: 'code', op: '=~', value: '5..' })).toEqual(['requests/503']);
      expect(await select({ label: 'code', op: '=~', value: '5' })).toEqual([]);
      expect(await select({ label: 'code', op: '!~', value: '2.*|5.*' })).toEqual(['up/']);
      expect(await select({ label: 'code', op: '!=', value: '' })).toEqual(['requests/200', 'requests/503']);
      expect(await select({ label: 'code', op: '=', value: '' })).toEqual(['up/']);
      await expect(select({ label: 'code', op: '=~', value: '(' })).rejects.toMatchObject({
        code: 'invalid_request',
      });
    });

    test('samples of one series come together in order of time; the last of one moment counts', async () => {
      const store = await open();
      await store.append(project, [
        {
          labels: { __name__: 'x', a: '1' },
          samples: [
            { at: 2, value: 5 },
            { at: 1, value: Number.NaN },
          ],
        },
      ]);
      await store.append(project, [
        {
          labels: { a: '1', __name__: 'x' },
          samples: [
            { at: 2, value: 6 },
            { at: 3, value: 7 },
          ],
        },
      ]);
      expect(await store.select({ project, matchers: [], range: { from: 1, until: 3 } })).toEqual([
        {
          labels: { __name__: 'x', a: '1' },
          samples: [
            { at: 1, value: Number.NaN },
            { at: 2, value: 6 },
          ],
        },
      ]);
      expect(await store.select({ project: 'other' as ProjectId, matchers: [], range: all })).toEqual([]);
    });
  });
}
