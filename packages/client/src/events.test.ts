import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConnectionState, readEvents } from './events.js';
import { SseParser } from './sse.js';

const decision = (seq: number): string => `event: decision\nid: ${seq}\ndata: {"seq":${seq}}\n\n`;

function streaming(...bodies: (string | number)[]): { urls: string[]; fetch: typeof fetch } {
  const urls: string[] = [];
  return {
    urls,
    fetch: input => {
      urls.push(String(input));
      const body = bodies.shift();
      if (body === undefined) return Promise.reject(new TypeError('refused'));
      if (typeof body === 'number') return Promise.resolve(new Response('busy', { status: body }));
      return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
    },
  };
}

describe('SseParser', () => {
  test('fields, comments, several data lines and an id that stays', () => {
    const stream = ': hello\r\nevent: status\r\ndata: {\r\ndata: }\r\n\r\nid: 4\ndata:x\n\ndata: y\n\n';
    expect(new SseParser().push(stream)).toEqual([
      { event: 'status', id: '', data: '{\n}' },
      { event: 'message', id: '4', data: 'x' },
      { event: 'message', id: '4', data: 'y' },
    ]);
  });

  test('cutting the stream anywhere changes nothing', () => {
    const stream = `event: a\r\nid: 1\r\ndata: one\r\n\r\n: c\n${decision(2)}data: ü\r\rdata: last\n\n`;
    const whole = new SseParser().push(stream);
    expect(whole).toHaveLength(4);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), cuts => {
        const at = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const parser = new SseParser();
        const messages = at.slice(1).flatMap((end, i) => parser.push(stream.slice(at[i], end)));
        expect(messages).toEqual(whole);
      }),
    );
  });
});

describe('readEvents', () => {
  test('resumes after the last decision when the stream breaks', async () => {
    const { urls, fetch } = streaming(decision(5) + decision(6), 503, decision(7));
    const stop = new AbortController();
    const seen: number[] = [];
    const states: ConnectionState[] = [];
    const source = { url: 'http://h/events', headers: {}, fetch };
    const options = {
      signal: stop.signal,
      retryDelays: [0],
      onState: (s: ConnectionState) => states.push(s),
    };
    for await (const event of readEvents(source, options)) {
      if (event.event === 'decision') seen.push(event.data.seq);
      if (seen.length === 3) stop.abort();
    }
    expect(seen).toEqual([5, 6, 7]);
    expect(urls).toEqual(['http://h/events', 'http://h/events?after=6', 'http://h/events?after=6']);
    expect(states).toEqual(['connecting', 'live', 'connecting', 'connecting', 'live', 'closed']);
  });

  test('a refusal ends it, with the status', async () => {
    const { fetch, urls } = streaming(401, decision(1));
    const events = readEvents({ url: 'http://h/events', headers: {}, fetch }, { retryDelays: [0] });
    await expect(events.next()).rejects.toMatchObject({ status: 401 });
    expect(urls).toHaveLength(1);
  });

  test('without reconnect the end of the stream is the end', async () => {
    const { fetch } = streaming(`event: status\ndata: {"now":1}\n\n`);
    const events = readEvents({ url: 'http://h/events', headers: {}, fetch }, { reconnect: false });
    expect(await events.next()).toMatchObject({ value: { event: 'status', data: { now: 1 } } });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  });
});
