import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openNotifier } from '@twinloop/engines';
import {
  type Entry,
  type MetadataStore,
  type Notification,
  type Notifier,
  type NotifyResult,
  type ProjectId,
  seededRng,
  TwinloopError,
  VirtualClock,
} from '@twinloop/kernel';
import type { ChannelConfig } from '@twinloop/loop/governance';
import { NOTIFICATION_EVENTS } from '@twinloop/kernel';
import { memoryMetadata } from '@twinloop/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { afterAttempt, GIVE_UP_MS, pauseAfter } from './backoff.js';
import { type DeskParts, NotificationDesk } from './desk.js';

const project = 'shop' as ProjectId;
const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

const webhook = (name: string, more: Partial<ChannelConfig> = {}): ChannelConfig =>
  ({
    name,
    kind: 'webhook',
    url: `https://${name}.example/`,
    on: NOTIFICATION_EVENTS,
    replay: false,
    ...more,
  }) as ChannelConfig;

const alarm = (seq: number): Entry =>
  ({
    project,
    seq,
    type: 'AlarmRaised',
    at: 5,
    payload: {
      alarm: `a${seq}`,
      endpoint: 'late',
      kind: 'data-drift',
      signals: [],
      sentence: `temp moved ${seq}`,
    },
  }) as unknown as Entry;

class FakeNotifier implements Notifier {
  readonly sent: { readonly message: Notification; readonly host: string }[] = [];
  answer: (message: Notification, host: string) => NotifyResult | Promise<NotifyResult> = () => ({
    status: 'delivered',
    detail: 'it answered 200',
  });
  send(message: Notification, channel: Parameters<Notifier['send']>[1]): Promise<NotifyResult> {
    const host = channel.kind === 'smtp' ? channel.host : new URL(channel.url).host;
    this.sent.push({ message, host });
    return Promise.resolve(this.answer(message, host));
  }
}
const failing: NotifyResult = { status: 'failed', retryable: true, reason: 'it answered 500' };

async function desk(
  channels: readonly ChannelConfig[],
  more: Partial<DeskParts> & { readonly past?: readonly Entry[] } = {},
) {
  const metadata: MetadataStore = more.metadata ?? memoryMetadata();
  const clock = (more.clock as VirtualClock | undefined) ?? new VirtualClock(START);
  const notifier = new FakeNotifier();
  const errors: unknown[] = [];
  const opened = await NotificationDesk.open({
    project,
    channels,
    directory: '/nowhere',
    timezone: 'UTC',
    virtual: false,
    metadata,
    notifier,
    secrets: async reference => `https://secret-of-${reference.slice(4).toLowerCase()}.example/`,
    clock,
    rng: seededRng(1),
    baseUrl: () => 'https://loop.example/',
    onError: error => errors.push(error),
    ...more,
  });
  for (const entry of more.past ?? []) opened.heard(entry);
  await opened.start();
  await opened.idle();
  return { desk: opened, metadata, clock, notifier, errors };
}

describe('the notification desk', () => {
  it('tells a fact once to every channel that asked for it', async () => {
    const { desk: own, notifier } = await desk([
      webhook('ops'),
      webhook('chat', { on: ['promotion'] }),
      webhook('night', { on: ['alarm'] }),
    ]);
    own.heard(alarm(1));
    own.heard({ ...alarm(2), type: 'CardWritten' } as Entry);
    await own.idle();
    expect(notifier.sent.map(({ host, message }) => [host, message.id, message.link])).toEqual([
      ['ops.example', 'ops.1', 'https://loop.example/p/shop/monitors/late'],
      ['night.example', 'night.1', 'https://loop.example/p/shop/monitors/late'],
    ]);
    expect(notifier.sent[0]!.message).toMatchObject({
      event: 'alarm',
      text: 'temp moved 1',
      at: 5,
      sentAt: START,
    });
  });

  it('is silent about what happened before a channel was declared', async () => {
    const past = [alarm(1), alarm(2)];
    const { desk: own, notifier, metadata, clock } = await desk([webhook('ops')], { past });
    expect(notifier.sent).toEqual([]);
    own.heard(alarm(3));
    await own.idle();
    await own.close();
    // The next process hears all again, one fact was written while none listened, and a channel is new.
    const next = await desk([webhook('ops'), webhook('new')], {
      metadata,
      clock,
      past: [...past, alarm(3), alarm(4)],
    });
    await next.desk.idle();
    expect(next.notifier.sent.map(({ message }) => message.id)).toEqual(['ops.4']);
  });

  it('tells nobody about a replay who did not ask, and counts what it kept', async () => {
    const { desk: own, notifier } = await desk([webhook('ops'), webhook('demo', { replay: true })], {
      virtual: true,
      past: [alarm(1)],
    });
    for (const seq of [2, 3]) own.heard(alarm(seq));
    await own.idle();
    expect(notifier.sent.map(({ message }) => message.id)).toEqual(['demo.2', 'demo.3']);
    const { channels, virtual } = await own.view();
    expect(virtual).toBe(true);
    expect(channels.map(({ counts }) => counts.withheld)).toEqual([3, 0]);
  });

  it('gets a message to an endpoint that answers 500 for an hour, in the end', async () => {
    let asked = 0;
    const clock = new VirtualClock(START);
    const server = createServer((_, response) => {
      asked++;
      response.writeHead(clock.now() < START + HOUR ? 500 : 200).end();
    });
    await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { desk: own } = await desk([webhook('ops', { url })], {
      clock,
      notifier: openNotifier({ allow: ['127.0.0.1'], timeoutMs: 5000 }),
    });
    own.heard(alarm(1));
    await own.idle();
    expect((await own.view()).channels[0]).toMatchObject({ state: 'failing', failingSince: START });
    await clock.advanceTo(START + 3 * HOUR);
    expect(await own.deliveries({})).toMatchObject([
      { state: 'delivered', lastError: null, attempts: asked },
    ]);
    // 10 s doubling up to an hour: nine or ten attempts reach the second hour.
    expect(asked).toBeGreaterThanOrEqual(9);
    expect(asked).toBeLessThanOrEqual(11);
    expect((await own.view()).channels[0]).toMatchObject({
      state: 'ok',
      failingSince: null,
      lastError: null,
    });
    server.close();
  });

  it('a channel that hangs delays no other one', async () => {
    let release = (_: NotifyResult): void => undefined;
    const { desk: own, notifier } = await desk([webhook('stuck'), webhook('ops')]);
    notifier.answer = (_, host) =>
      host === 'stuck.example'
        ? new Promise(resolve => (release = resolve))
        : { status: 'delivered', detail: '' };
    for (const seq of [1, 2, 3]) own.heard(alarm(seq));
    const idle = own.idle();
    const delivered = async (): Promise<number> =>
      (await own.deliveries({ channel: 'ops', state: 'delivered' })).length;
    while ((await delivered()) < 3) await new Promise(setImmediate);
    expect(await own.deliveries({ channel: 'stuck', state: 'queued' })).toHaveLength(3);
    notifier.answer = () => ({ status: 'delivered', detail: '' });
    release(failing);
    await idle;
    // What failed waits for its time; what came behind it was tried meanwhile.
    expect((await own.deliveries({ channel: 'stuck' })).map(one => one.state)).toEqual([
      'delivered',
      'delivered',
      'failed',
    ]);
  });

  it('gives up after a day, at once what will never be taken, and tries again when asked to', async () => {
    const { desk: own, notifier, clock } = await desk([webhook('ops')]);
    notifier.answer = message =>
      message.seq === 1 ? failing : { status: 'failed', retryable: false, reason: 'it answered 410' };
    own.heard(alarm(1));
    own.heard(alarm(2));
    await own.idle();
    expect((await own.deliveries({})).map(({ id, state }) => [id, state])).toEqual([
      ['ops.2', 'given-up'],
      ['ops.1', 'failed'],
    ]);
    await clock.advanceTo(START + 3 * GIVE_UP_MS);
    const [, first] = await own.deliveries({});
    expect(first).toMatchObject({ state: 'given-up', nextAt: null, lastError: 'it answered 500' });
    const times = notifier.sent
      .filter(({ message }) => message.seq === 1)
      .map(({ message }) => message.sentAt);
    expect(times.at(-1)).toBe(START + GIVE_UP_MS);
    notifier.answer = () => ({ status: 'delivered', detail: 'it answered 200' });
    expect(await own.retry('ops.1')).toMatchObject({ state: 'delivered', attempts: times.length + 1 });
    await expect(own.retry('ops.77')).rejects.toMatchObject({ code: 'not_found' });
    await expect(own.retry('../etc')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('takes up what the last process left queued or failed', async () => {
    const before = await desk([webhook('ops')]);
    before.notifier.answer = () => failing;
    before.desk.heard(alarm(1));
    await before.desk.idle();
    await before.desk.close();
    const { metadata, clock } = before;
    const after = await desk([webhook('ops')], { metadata, clock, past: [alarm(1)] });
    expect(after.notifier.sent).toEqual([]);
    await clock.advanceTo(START + 60_000);
    expect(after.notifier.sent.map(({ message }) => message.id)).toEqual(['ops.1']);
    expect(before.notifier.sent).toHaveLength(1);
  });

  it('a secret that is gone is a failure of the message, told by its reference, and mends itself', async () => {
    let there = false;
    const {
      desk: own,
      notifier,
      clock,
    } = await desk([webhook('ops', { url: 'env:HOOK' })], {
      secrets: async reference => {
        if (there) return 'https://hidden.example/t0k3n';
        throw new TwinloopError('secret_missing', {
          values: { reference, reason: 'the variable is not set' },
        });
      },
    });
    own.heard(alarm(1));
    await own.idle();
    expect((await own.deliveries({}))[0]).toMatchObject({
      state: 'failed',
      lastError: 'env:HOOK holds no secret: the variable is not set',
    });
    there = true;
    await clock.advanceTo(START + 60_000);
    expect(notifier.sent.map(({ host }) => host)).toEqual(['hidden.example']);
    expect(JSON.stringify([await own.view(), await own.deliveries({})])).not.toContain('hidden');
  });

  it('tests a channel now, without a row in the log', async () => {
    const { desk: own, notifier } = await desk([webhook('ops')]);
    expect(await own.test('ops')).toEqual({
      channel: 'ops',
      delivered: true,
      detail: 'it answered 200',
      milliseconds: 0,
    });
    notifier.answer = () => failing;
    expect(await own.test('ops')).toMatchObject({ delivered: false, detail: 'it answered 500' });
    expect(await own.deliveries({})).toEqual([]);
    await expect(own.test('nobody')).rejects.toMatchObject({ code: 'channel_unknown' });
  });

  it('a store that fails stops no process: the channel tries again in a minute', async () => {
    const metadata = memoryMetadata();
    let broken = true;
    const put = metadata.deliveries.put;
    const faulty: MetadataStore = {
      ...metadata,
      deliveries: {
        ...metadata.deliveries,
        put: async record => {
          if (broken && record.attempts > 0)
            throw new TwinloopError('storage_full', { values: { reason: 'disk' } });
          return put(record);
        },
      },
    };
    const { desk: own, notifier, clock, errors } = await desk([webhook('ops')], { metadata: faulty });
    own.heard(alarm(1));
    await own.idle();
    expect(errors).toHaveLength(1);
    broken = false;
    await clock.advanceTo(START + 60_000);
    expect(notifier.sent.map(({ message }) => message.id)).toEqual(['ops.1', 'ops.1']);
    expect((await own.deliveries({}))[0]).toMatchObject({ state: 'delivered' });
  });
});

describe('pauses between attempts', () => {
  it('double from ten seconds to an hour, by no more than a fifth up or down', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer(), (attempts, seed) => {
        const ideal = Math.min(10_000 * 2 ** (attempts - 1), HOUR);
        const pause = pauseAfter(attempts, seededRng(seed));
        expect(pause).toBeGreaterThanOrEqual(Math.round(0.8 * ideal));
        expect(pause).toBeLessThanOrEqual(Math.round(1.2 * ideal));
      }),
    );
  });

  it('end at the end of the time, with a last attempt there', () => {
    fc.assert(
      fc.property(fc.integer(), seed => {
        const rng = seededRng(seed);
        let record = { createdAt: 0, giveUpAt: GIVE_UP_MS, attempts: 0, failingSince: null } as Parameters<
          typeof afterAttempt
        >[0];
        let now = 0;
        for (;;) {
          record = afterAttempt(record, failing, now, rng);
          if (record.nextAt === null) break;
          expect(record.nextAt).toBeGreaterThan(now);
          now = record.nextAt;
        }
        expect(now).toBe(GIVE_UP_MS);
        expect(record).toMatchObject({ state: 'given-up', failingSince: 0 });
        expect(record.attempts).toBeGreaterThan(25);
        expect(record.attempts).toBeLessThan(45);
      }),
    );
  });
});
