import type { DeliveryView, NotificationsView, TestMessageView } from '@twinloop/client';
import {
  type Clock,
  type DeliveryRecord,
  type DeliveryStatus,
  type Entry,
  type MetadataStore,
  type Notification,
  type Notifier,
  type NotifyResult,
  type ProjectId,
  type Rng,
  toTwinloopError,
  TwinloopError,
} from '@twinloop/kernel';
import { type ChannelConfig, type NotifyConfig, notificationEvent } from '@twinloop/loop/governance';
import type { NotificationsService } from '../app.js';
import { afterAttempt, GIVE_UP_MS } from './backoff.js';
import { openChannel } from './channel.js';
import { channelView, deliveryView } from './channel-view.js';
import { Lane } from './lane.js';
import { deliveryId, newDelivery, parseDeliveryId, projectUrl, toNotification } from './message.js';
import type { ReadSecret } from '../process/secrets.js';

export interface DeskParts {
  readonly project: ProjectId;
  readonly channels: NotifyConfig;
  readonly directory: string;
  readonly timezone: string;
  /** The project lives in virtual time: only channels that ask for its replay are told. */
  readonly virtual: boolean;
  readonly metadata: MetadataStore;
  readonly notifier: Notifier;
  readonly secrets: ReadSecret;
  /** Wall time, whatever the project lives in. */
  readonly clock: Clock;
  readonly rng: Rng;
  readonly baseUrl: () => string;
  readonly onError: (error: unknown) => void;
}

/** Up to which fact each channel has its deliveries. */
const CURSOR = 'notify';
type Cursor = Readonly<Record<string, number>>;

/** How many of a channel's newest deliveries tell its state. */
const RECENT = 200;

/**
 * Tells people what the ledger says. A fact becomes one row a channel in the delivery log before anything is sent; rows
 * are tried until they arrive or a day has passed, over restarts. A message may arrive twice (a crash between sending
 * and noting it); its id tells.
 */
export class NotificationDesk implements NotificationsService {
  readonly #parts: DeskParts;
  readonly #lanes = new Map<string, Lane>();
  readonly #closing = new AbortController();
  readonly #withheld = new Map<string, number>();
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #counts = new Map<string, number>();
  #cursor: Cursor;
  #pending: DeliveryRecord[] = [];
  #lastSeq = 0;
  #started = false;
  #tail: Promise<void> = Promise.resolve();

  private constructor(parts: DeskParts, cursor: Cursor) {
    this.#parts = parts;
    this.#cursor = cursor;
    for (const { name } of parts.channels)
      this.#lanes.set(
        name,
        new Lane({
          clock: parts.clock,
          due: async until =>
            (await parts.metadata.deliveries.due(parts.project, { channel: name, until, limit: 1 }))[0],
          attempt: record => this.#attempt(record),
          onError: parts.onError,
        }),
      );
  }

  static async open(parts: DeskParts): Promise<NotificationDesk> {
    const stored = await parts.metadata.cursors.get(parts.project, CURSOR);
    return new NotificationDesk(parts, (stored ?? {}) as Cursor);
  }

  /** Every entry, those of the past first. */
  heard(entry: Entry): void {
    this.#lastSeq = entry.seq;
    const { channels, virtual, baseUrl, timezone, clock } = this.#parts;
    if (channels.length === 0) return;
    const event = notificationEvent(entry);
    if (event === undefined) return;
    for (const channel of channels) {
      if (!channel.on.includes(event)) continue;
      if (virtual && !channel.replay) {
        this.#withheld.set(channel.name, (this.#withheld.get(channel.name) ?? 0) + 1);
        continue;
      }
      // What happened before a channel was declared is not news.
      const known = this.#cursor[channel.name];
      if (known === undefined ? !this.#started : entry.seq <= known) continue;
      const where = { baseUrl: baseUrl(), timezone, wallNow: clock.now() };
      this.#pending.push(newDelivery(entry, event, channel.name, where));
    }
    if (this.#started && this.#pending.length > 0) this.#enqueue();
  }

  /** Call when the past was heard: takes up what the last process left. */
  async start(): Promise<void> {
    const { channels, metadata, project } = this.#parts;
    this.#started = true;
    if (channels.some(({ name }) => this.#cursor[name] === undefined)) {
      const cursor = Object.fromEntries(
        channels.map(({ name }) => [name, this.#cursor[name] ?? this.#lastSeq]),
      );
      await metadata.cursors.put(project, CURSOR, cursor);
      this.#cursor = cursor;
    }
    this.#enqueue();
    for (const lane of this.#lanes.values()) void lane.run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const lanes = [...this.#lanes.values()].map(lane => lane.close());
    await this.#tail;
    await Promise.all(lanes);
  }

  /** Resolves when every delivery of what was heard so far was written and tried. */
  async idle(): Promise<void> {
    await this.#tail;
    await Promise.all([...this.#lanes.values()].map(lane => lane.run()));
  }

  #enqueue(): void {
    const { metadata, project, onError, channels } = this.#parts;
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    const seq = this.#lastSeq;
    this.#tail = this.#tail
      .then(async () => {
        const news: DeliveryRecord[] = [];
        for (const record of pending)
          if ((await metadata.deliveries.get(project, record.channel, record.seq)) === undefined)
            news.push(record);
        await Promise.all(news.map(record => metadata.deliveries.put(record)));
        for (const { channel } of news) this.#count(channel, 'queued');
        // Behind the rows: what a crash comes between is heard again, and found to be there.
        this.#cursor = Object.fromEntries(channels.map(({ name }) => [name, seq]));
        await metadata.cursors.put(project, CURSOR, this.#cursor);
        for (const name of new Set(pending.map(({ channel }) => channel))) void this.#lanes.get(name)!.run();
      })
      .catch(onError);
  }

  /** Tries a delivery once; one that is being tried right now is not tried beside that. */
  #attempt(record: DeliveryRecord): Promise<void> {
    const id = deliveryId(record);
    let work = this.#inFlight.get(id);
    if (work === undefined) {
      work = this.#try(record).finally(() => this.#inFlight.delete(id));
      this.#inFlight.set(id, work);
    }
    return work;
  }

  async #try(record: DeliveryRecord): Promise<void> {
    const { clock, metadata } = this.#parts;
    const channel = this.#declared(record.channel);
    const result = await this.#send(channel, toNotification(record, clock.now()));
    // Cut off by the end of the process: the next one tries again.
    if (this.#closing.signal.aborted && result.status === 'failed') return;
    const after = afterAttempt(record, result, clock.now(), this.#parts.rng);
    await metadata.deliveries.put(after);
    this.#count(record.channel, after.state);
  }

  async #send(channel: ChannelConfig, message: Notification): Promise<NotifyResult> {
    const { notifier, secrets, directory } = this.#parts;
    try {
      const opened = await openChannel(channel, secrets, directory);
      return await notifier.send(message, opened, this.#closing.signal);
    } catch (error) {
      // A secret may be set later.
      return { status: 'failed', retryable: true, reason: toTwinloopError(error).message };
    }
  }

  #declared(name: string): ChannelConfig {
    const { channels, project } = this.#parts;
    const channel = channels.find(one => one.name === name);
    if (channel === undefined)
      throw new TwinloopError('channel_unknown', { values: { channel: name, project } });
    return channel;
  }

  async view(): Promise<NotificationsView> {
    const { channels, metadata, project, virtual } = this.#parts;
    const counted = await metadata.deliveries.counts(project);
    const views = channels.map(async channel => {
      const recent = await metadata.deliveries.list(project, { channel: channel.name, limit: RECENT });
      return channelView(channel, recent, counted, this.#withheld.get(channel.name) ?? 0);
    });
    return { channels: await Promise.all(views), virtual };
  }

  async deliveries(query: {
    channel?: string;
    state?: DeliveryStatus;
    limit?: number;
  }): Promise<readonly DeliveryView[]> {
    const { metadata, project } = this.#parts;
    const found = await metadata.deliveries.list(project, { ...query, limit: query.limit ?? 100 });
    return found.map(deliveryView);
  }

  async test(name: string): Promise<TestMessageView> {
    const { project, clock, baseUrl } = this.#parts;
    const channel = this.#declared(name);
    const sentAt = clock.now();
    const result = await this.#send(channel, {
      id: `${name}.test-${sentAt}`,
      project,
      event: 'test',
      title: 'Test message',
      text: `Somebody tests the channel ${name} of project ${project}. Nothing has happened.`,
      link: projectUrl(baseUrl(), project),
      seq: 0,
      at: sentAt,
      sentAt,
    });
    return {
      channel: name,
      delivered: result.status === 'delivered',
      detail: result.status === 'delivered' ? result.detail : result.reason,
      milliseconds: clock.now() - sentAt,
    };
  }

  async retry(id: string): Promise<DeliveryView> {
    const { metadata, project, clock } = this.#parts;
    const key = parseDeliveryId(id);
    const find = async (): Promise<DeliveryRecord> => {
      const record = key && (await metadata.deliveries.get(project, key.channel, key.seq));
      if (record === undefined)
        throw new TwinloopError('not_found', {
          values: { what: `Delivery ${id}` },
          hint: '`twinloop notify log` lists them.',
        });
      return record;
    };
    const record = await find();
    this.#declared(record.channel);
    const now = clock.now();
    await this.#attempt({ ...record, failingSince: null, nextAt: now, giveUpAt: now + GIVE_UP_MS });
    void this.#lanes.get(record.channel)!.run();
    return deliveryView(await find());
  }

  /** Changes of state since the process started. */
  figures(): readonly { readonly channel: string; readonly state: DeliveryStatus; readonly count: number }[] {
    return [...this.#counts].map(([key, count]) => {
      const [channel, state] = key.split('\n') as [string, DeliveryStatus];
      return { channel, state, count };
    });
  }

  #count(channel: string, state: DeliveryStatus): void {
    const key = `${channel}\n${state}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }
}
