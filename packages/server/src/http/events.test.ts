import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { LoopStatus } from '@twinloop/client';
import type { ProjectId } from '@twinloop/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventStreams } from './events.js';
import { EventReader } from './testing/event-reader.js';
import { FakeProject } from './testing/fake-app.js';
import { httpUnderTest } from './testing/http-under-test.js';

const EVENTS = '/api/twinloop/v1/events';

describe('GET /events', () => {
  let test: Awaited<ReturnType<typeof httpUnderTest>>;
  let project: FakeProject;
  let port: number;
  beforeEach(async () => {
    test = await httpUnderTest();
    project = test.app.project('default' as ProjectId);
    ({ port } = await test.http.listen());
  });
  afterEach(() => test.http.close());

  const live = (reader: EventReader) =>
    reader.until(() => reader.events.some(({ event }) => event === 'status'));

  it('starts with the status and sends what happens, each decision with its id', async () => {
    project.decide('before');
    const reader = await EventReader.open(port, EVENTS);
    expect(reader.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await live(reader);
    project.decide('now');
    await reader.until(() => reader.decisions.length > 0);
    expect(reader.events.map(({ event, id }) => [event, id])).toEqual([
      ['status', undefined],
      ['decision', '1'],
    ]);
  });

  it.each<[string, string, Record<string, string>]>([
    ['?after', `${EVENTS}?after=1`, {}],
    ['Last-Event-ID', EVENTS, { 'last-event-id': '1' }],
    ['Last-Event-ID before ?after', `${EVENTS}?after=0`, { 'last-event-id': '1' }],
  ])(
    'resumes by %s without gap or repetition, also for what happens meanwhile',
    async (_by, path, headers) => {
      for (let i = 0; i < 1200; i++) project.decide(`d${i}`);
      let open = (): void => undefined;
      project.gate = new Promise(resolve => {
        open = resolve;
      });
      const reader = await EventReader.open(port, path, headers);
      await reader.until(() => project.listeners.size === 1);
      project.decide('while the gap is read');
      open();
      await live(reader);
      project.decide('after');
      await reader.until(() => reader.decisions.includes(1201));
      expect(reader.decisions).toEqual(Array.from({ length: 1200 }, (_, i) => i + 2));
    },
  );

  it('refuses a resume point that is none, in the native dialect', async () => {
    for (const ask of [{ url: `${EVENTS}?after=x` }, { url: EVENTS, headers: { 'last-event-id': 'x' } }]) {
      const response = await test.http.inject(ask);
      expect([response.statusCode, response.json().error.code]).toEqual([400, 'invalid_request']);
    }
  });

  it('has no HEAD, which would never end', async () => {
    const response = await test.http.inject({ method: 'HEAD', url: EVENTS });
    expect([response.statusCode, response.headers['allow']]).toEqual([405, 'GET']);
  });

  it('beats, and forgets a reader that left', async () => {
    const reader = await EventReader.open(port, EVENTS);
    await live(reader);
    test.beat();
    await reader.until(() => reader.text.includes(': beat\n\n'));
    const other = await EventReader.open(port, EVENTS);
    await live(other);
    expect([project.listeners.size, test.hearts()]).toEqual([2, 2]);
    reader.response.destroy();
    await other.until(() => {
      project.decide('someone is told');
      return project.listeners.size === 1;
    });
    expect(test.hearts()).toBe(1);
  });

  it('ends at shutdown', async () => {
    const reader = await EventReader.open(port, EVENTS);
    await live(reader);
    await test.http.close();
    await reader.end();
    expect([project.listeners.size, test.hearts()]).toEqual([0, 0]);
  });

  it('ends the stream when the ledger cannot be read, and logs it', async () => {
    project.gate = Promise.reject(new Error('disk'));
    project.gate.catch(() => undefined);
    const reader = await EventReader.open(port, `${EVENTS}?after=0`);
    await reader.end();
    expect(test.log.at(-1)).toMatchObject({ message: 'event stream failed', fields: { project: 'default' } });
    expect(project.listeners.size).toBe(0);
  });
});

describe('a slow reader', () => {
  /** A response whose socket takes nothing. */
  class StuckResponse extends EventEmitter {
    readonly sent: string[] = [];
    writableLength = 0;
    destroyed = false;
    get writableNeedDrain(): boolean {
      return this.writableLength > 16_384;
    }
    write(text: string): boolean {
      this.sent.push(text);
      this.writableLength += text.length;
      return !this.writableNeedDrain;
    }
    end(): void {
      this.emit('close');
    }
    destroy(): void {
      this.destroyed = true;
    }
  }
  const streamsOf = () =>
    new EventStreams(() => () => undefined, {
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
    });

  it('gets only the last status when it has caught up, and is dropped when decisions pile up', async () => {
    const streams = streamsOf();
    const project = new FakeProject('default' as ProjectId);
    const raw = new StuckResponse();
    await streams.start(raw as unknown as ServerResponse, project, undefined);
    project.decide('x'.repeat(20_000));
    const backlog = raw.writableLength;
    const tell = (headline: string) => {
      for (const listener of project.listeners)
        listener({ event: 'status', data: { headline } as LoopStatus });
    };
    tell('first');
    tell('last');
    expect(raw.writableLength).toBe(backlog);
    raw.writableLength = 0;
    raw.emit('drain');
    expect(raw.sent.at(-1)).toBe('event: status\ndata: {"headline":"last"}\n\n');
    expect(raw.sent.join('')).not.toContain('first');
    for (let i = 0; i < 100 && !raw.destroyed; i++) project.decide('x'.repeat(20_000));
    expect([raw.destroyed, streams.size, project.listeners.size]).toEqual([true, 0, 0]);
    expect(raw.writableLength).toBeLessThan(1.1 * 2 ** 20);
  });

  it('gets the gap page by page, as it drains', async () => {
    const streams = streamsOf();
    const project = new FakeProject('default' as ProjectId);
    for (let i = 0; i < 2000; i++) project.decide('d');
    const raw = new StuckResponse();
    const started = streams.start(raw as unknown as ServerResponse, project, -1);
    let drains = 0;
    while (streams.size === 1 && drains < 10) {
      await new Promise(resolve => setImmediate(resolve));
      if (raw.listenerCount('drain') < 2) continue;
      drains++;
      expect(raw.writableLength).toBeLessThan(2 ** 18);
      raw.writableLength = 0;
      raw.emit('drain');
      if (drains === 4) break;
    }
    await started;
    expect(drains).toBe(4);
  });
});
