import type { ReplaySpeed, ReplayStatus } from '@twinloop/client';
import type { EpochMs, Interval, Outstanding, VirtualClock } from '@twinloop/kernel';
import { LINGER_MS, Pace } from './pace.js';
import type { ReplayTarget } from './http-target.js';
import type { Encore } from './encore.js';
import type { LabelDelay, ReplayEvent, Timeline } from './timeline.js';

/** Where a replay stands; stored, so that it goes on after a restart. Sending a row twice is harmless: its id is the row's. */
export interface ReplayCursor {
  readonly dataset: string;
  readonly source: string | null;
  /** Which rows of the source, as it was asked: the same rows have to be read after a restart. */
  readonly bounds: { readonly from?: string; readonly until?: string };
  readonly interval: Interval;
  readonly actor: string;
  readonly total: number;
  readonly sent: number;
  readonly delivered: number;
  /** Rows of joined sources that were posted. */
  readonly posted?: number;
  readonly failures: number;
  readonly now: EpochMs;
  /** Timers of `now` had begun and may not have ended: they are due again after a restart. */
  readonly due: boolean;
  readonly finished: boolean;
  readonly baselines: boolean;
  readonly speed: ReplaySpeed;
  readonly paused: boolean;
  /** The last weeks once more, and not the source itself. */
  readonly encore?: Encore;
  /** What the replays before this one sent. */
  readonly before?: Traffic;
}

/** What a client did, over all replays of a project. */
export interface Traffic {
  readonly requests: number;
  readonly failures: number;
  readonly labels: number;
}

export interface PlayerPorts {
  readonly clock: VirtualClock;
  readonly outstanding: Outstanding;
  readonly target: ReplayTarget;
  save(cursor: ReplayCursor): Promise<void>;
  /** Told once, after the last event and everything that was still due. */
  finished(cursor: ReplayCursor): Promise<void>;
  wallNow(): number;
  /** Resolves after that many wall milliseconds, or when the player is woken. */
  sleep(ms: number, wake: AbortSignal): Promise<void>;
  waitingFor(): string | null;
  /** Labels that are held back; another array when that has changed. */
  delays(): readonly LabelDelay[];
  /** No more requests are wanted: an encore ends when its last labels have come. */
  enough(): boolean;
}

/** An encore goes as fast as a year in 90 s, however long it lasts. */
const ENCORE_YEAR = 365 * 864e5;
/** Timers save too; between them a restart sends at most the requests of that long again. */
const SAVE_EVERY_MS = 6 * 36e5;

/** Plays the past as live traffic. It alone moves the virtual clock, and only when nothing is outstanding. */
export class Player {
  readonly #ports: PlayerPorts;
  readonly #timeline: Timeline;
  readonly #pace: Pace;
  #cursor: ReplayCursor;
  #state: ReplayStatus['state'] = 'playing';
  #delays: readonly LabelDelay[] = [];
  #slowAtDecisions = false;
  #stopped = false;
  #wake = new AbortController();
  #saved: EpochMs;

  constructor(ports: PlayerPorts, timeline: Timeline, cursor: ReplayCursor) {
    this.#ports = ports;
    this.#timeline = timeline;
    this.#cursor = cursor;
    this.#saved = cursor.now;
    this.#state = cursor.paused ? 'paused' : 'playing';
    const { from, until } = cursor.interval;
    this.#pace = new Pace(cursor.speed, from, cursor.encore === undefined ? until : from + ENCORE_YEAR);
  }

  get cursor(): ReplayCursor {
    return this.#cursor;
  }

  status(): ReplayStatus {
    const { dataset, interval, sent, delivered, failures } = this.#cursor;
    return {
      dataset,
      state: this.#state,
      from: interval.from,
      until: interval.until,
      now: this.#ports.clock.now(),
      speed: this.#pace.speed,
      slowAtDecisions: this.#slowAtDecisions,
      sent,
      total: this.#timeline.requests,
      failures,
      outcomes: delivered,
      waitingFor: this.#ports.waitingFor(),
      encore: this.#cursor.encore !== undefined,
    };
  }

  control(input: { state?: 'playing' | 'paused'; speed?: ReplaySpeed; slowAtDecisions?: boolean }): void {
    if (this.#state === 'finished') return;
    if (input.slowAtDecisions !== undefined) this.#slowAtDecisions = input.slowAtDecisions;
    if (input.state !== undefined) this.#state = input.state;
    this.#pace.anchor(this.#ports.wallNow(), this.#ports.clock.now(), input.speed);
    this.#wakeUp();
  }

  /** A decision was made: stay a moment, if asked to. */
  linger(): void {
    if (!this.#slowAtDecisions || this.#state !== 'playing' || this.#pace.speed === 'max') return;
    this.#pace.anchor(this.#ports.wallNow() + LINGER_MS, this.#ports.clock.now());
  }

  stop(): void {
    this.#stopped = true;
    this.#wakeUp();
  }

  /** Plays to the end, or until stopped; resolves when the cursor is saved. */
  async play(): Promise<void> {
    this.#pace.anchor(this.#ports.wallNow(), this.#ports.clock.now());
    for (const event of this.#events()) {
      await this.#untilDue(event.at);
      if (this.#stopped) break;
      await this.#advanceTo(event.at);
      // Labels may be held back since this event was drawn up.
      if (this.#delays !== this.#ports.delays()) continue;
      if (event.kind === 'rows') {
        const ok = await this.#ports.target.post(event.dataset, event.rows);
        this.#step({ posted: event.until, failures: this.#cursor.failures + (ok ? 0 : 1) });
      } else if (event.kind === 'request') {
        const ok = await this.#ports.target.predict(
          this.#timeline.id(event.index),
          this.#timeline.inputs(event.index),
        );
        this.#step({ sent: event.index + 1, failures: this.#cursor.failures + (ok ? 0 : 1) });
      } else {
        const outcomes = event.indices.flatMap(index => {
          const value = this.#timeline.label(index);
          if (value === null) return [];
          return [{ id: this.#timeline.id(index), value, at: this.#timeline.arrivedAt(index) }];
        });
        const ok = outcomes.length === 0 || (await this.#ports.target.report(outcomes));
        this.#step({
          delivered: this.#cursor.delivered + event.indices.length,
          failures: this.#cursor.failures + (ok ? 0 : 1),
        });
      }
      if (event.at - this.#saved >= SAVE_EVERY_MS) await this.#save();
    }
    if (!this.#stopped) {
      // Of an encore that ended early the rest of the time has not passed.
      if (this.#timeline.requests === this.#cursor.total) await this.#advanceTo(this.#cursor.interval.until);
      const finished = {
        ...this.#cursor,
        total: this.#timeline.requests,
        finished: true,
        now: this.#ports.clock.now(),
      };
      await this.#ports.finished(finished);
      this.#cursor = finished;
      this.#state = 'finished';
    }
    await this.#save();
    this.#ports.target.close();
  }

  /** What comes next, asked anew for every event: labels may be held back, or an encore may have lasted long enough. */
  *#events(): Generator<ReplayEvent> {
    for (;;) {
      if (this.#delays !== this.#ports.delays()) {
        this.#delays = this.#ports.delays();
        this.#timeline.delay(this.#delays);
      }
      for (const event of this.#timeline.from(
        this.#cursor.sent,
        this.#cursor.delivered,
        this.#cursor.posted,
      )) {
        yield event;
        if (this.#delays !== this.#ports.delays() || this.#endsEarly()) break;
      }
      if (this.#cursor.sent >= this.#timeline.requests && this.#cursor.delivered >= this.#timeline.requests)
        return;
    }
  }

  #endsEarly(): boolean {
    const { encore, sent } = this.#cursor;
    if (encore === undefined || this.#timeline.requests <= sent || !this.#ports.enough()) return false;
    this.#timeline.endAfter(sent);
    return true;
  }

  /**
   * Moves the clock from timer to timer. The cursor is saved before and after each: a restart then finds the clock at
   * the timer that was under way, and no request that the timer could not have seen has been sent since.
   */
  async #advanceTo(time: EpochMs): Promise<void> {
    const { clock, outstanding } = this.#ports;
    for (;;) {
      const next = clock.next();
      if (next === undefined || next > time) break;
      await this.#save({ now: Math.max(next, clock.now()), due: true });
      await clock.advanceTo(next);
      await outstanding.idle();
      await this.#save();
    }
    await clock.advanceTo(time);
    await outstanding.idle();
  }

  #step(change: Partial<ReplayCursor>): void {
    this.#cursor = { ...this.#cursor, ...change };
  }

  async #save(
    at: Pick<ReplayCursor, 'now' | 'due'> = { now: this.#ports.clock.now(), due: false },
  ): Promise<void> {
    this.#cursor = { ...this.#cursor, ...at, speed: this.#pace.speed, paused: this.#state === 'paused' };
    this.#saved = this.#cursor.now;
    await this.#ports.save(this.#cursor);
  }

  async #untilDue(at: EpochMs): Promise<void> {
    while (!this.#stopped) {
      if (this.#state === 'paused' && !this.#cursor.paused) await this.#save();
      const wait = this.#state === 'paused' ? 1 << 30 : this.#pace.wait(this.#ports.wallNow(), at);
      // Timers of a millisecond cost more than they pace; the schedule catches up by itself.
      if (wait < 4) return;
      await this.#ports.sleep(wait, this.#wake.signal);
    }
  }

  #wakeUp(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }
}
