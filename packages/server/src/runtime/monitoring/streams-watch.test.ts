import {
  type Clock,
  type Entry,
  type MetadataStore,
  type PredictionLog,
  type ProjectId,
  seededRng,
  VirtualClock,
} from '@twinloop/kernel';
import { emptyLearning, endpointLearning, foldLearning, type LearningState } from '@twinloop/loop/learning';
import { buildReference } from '@twinloop/loop/monitoring';
import { memoryLedger, memoryMetadata, memoryPredictionLog } from '@twinloop/storage';
import { describe, expect, it } from 'vitest';
import type { ProjectConfig } from '../../config/project-config.js';
import { FactStream } from '../fact-stream.js';
import type { ShelvedModel } from '../serving/shelved-model.js';
import { StreamsWatch } from './streams-watch.js';
import type { ChampionReference } from './watch.js';

const HOUR = 36e5;
const DAY = 24 * HOUR;
const START = Date.UTC(2024, 0, 1);
const PROJECT = 'flights' as ProjectId;
const DAYS = 60;
const ROWS = 100;

function config(alarms: boolean): ProjectConfig {
  return {
    project: PROJECT,
    timezone: 'UTC',
    datasets: { flights: { label: { column: 'late', available: 'complete' } } },
    endpoint: { name: 'late' },
    train: { task: 'binary', dataset: 'flights' },
    monitors: {
      streams: { watched: true, every: '1d', averageRunLength: 1e6, alarms },
      fairness: { threshold: 0.5 },
    },
  } as unknown as ProjectConfig;
}

const rng = seededRng(1);
const reference = {
  drift: {
    reference: buildReference(
      {
        rows: 1000,
        columns: [
          { name: 'temp', type: 'number', values: Float64Array.from({ length: 1000 }, () => rng.next()) },
        ],
      },
      ['temp'],
      { temp: 1 },
    ),
  },
  schema: [{ name: 'temp', type: 'number', nullable: true }],
} as unknown as ChampionReference;
const model = { record: { model: 'late@a' } } as unknown as ShelvedModel;

/** Sixty days of requests: from day 30 on it is warmer and the answers are wrong more often. Labels come six hours later. */
async function traffic(version = 'late@a'): Promise<PredictionLog> {
  const log = memoryPredictionLog();
  const draw = seededRng(7);
  for (let i = 0; i < DAYS * ROWS; i++) {
    const at = START + Math.floor((i / ROWS) * DAY);
    const changed = i >= 30 * ROWS;
    const id = `p${String(i).padStart(5, '0')}`;
    await log.appendPredictions([
      {
        ...{ project: PROJECT, id, endpoint: 'late', variant: 'champion', version, role: 'live', at },
        ...{ score: 0.2 + 0.1 * draw.next(), inputs: { temp: draw.next() + (changed ? 0.5 : 0) } },
        ...{ key: null, unitKey: null, propensities: {}, latencyMs: 1 },
      },
    ]);
    await log.appendOutcomes([
      {
        ...{ project: PROJECT, endpoint: 'late', predictionId: id, key: null, time: null, metric: 'late' },
        ...{
          value: draw.next() < (changed ? 0.6 : 0.2) ? 1 : 0,
          at: at + 6 * HOUR,
          source: 'test',
          revision: 0,
        },
      },
    ]);
  }
  return log;
}

class World {
  readonly ledger = memoryLedger();
  readonly metadata: MetadataStore = memoryMetadata();
  readonly clock = new VirtualClock(START);
  readonly log: PredictionLog;
  readonly alarms: boolean;
  learning: LearningState = emptyLearning;
  watch: StreamsWatch;
  lookedAt = Number.NEGATIVE_INFINITY;

  constructor(log: PredictionLog, alarms = false) {
    this.log = log;
    this.alarms = alarms;
    this.watch = this.process();
  }

  /** A process that knows only what is stored. */
  process(metadata: MetadataStore = this.metadata): StreamsWatch {
    const facts = new FactStream(this.ledger, PROJECT);
    facts.listen(entry => {
      this.learning = foldLearning(this.learning, entry);
    });
    const clock: Clock = this.clock;
    const { log } = this;
    return new StreamsWatch({
      ...{ project: PROJECT, config: config(this.alarms), clock, log, metadata, facts },
      reference: () => Promise.resolve(reference),
    });
  }

  async step(day: number, champion = { model: 'late@a', since: START }): Promise<void> {
    await this.clock.advanceTo(START + day * DAY + 4 * HOUR);
    await this.watch.step(champion, () => Promise.resolve(model), {
      learning: endpointLearning(this.learning, 'late'),
      lookedAt: this.lookedAt,
    });
    this.lookedAt = this.clock.now();
  }

  async said(): Promise<readonly Pick<Entry, 'type' | 'at' | 'payload'>[]> {
    const entries = await this.ledger.read({ project: PROJECT });
    return entries.map(({ type, at, payload }) => ({ type, at, payload }));
  }
}

async function undisturbed(log: PredictionLog): Promise<readonly Pick<Entry, 'type' | 'at' | 'payload'>[]> {
  const world = new World(log);
  for (let day = 0; day <= DAYS; day++) await world.step(day);
  return world.said();
}

const log = await traffic();
const whole = await undisturbed(log);

describe('early warnings of a server', () => {
  it('come once for the inputs and once for the errors, within days', () => {
    const signals = whole.filter(({ type }) => type === 'SignalRaised');
    expect(signals.map(({ payload }) => (payload as { signal: { monitor: string } }).signal.monitor)).toEqual(
      ['stream/inputs', 'stream/errors'],
    );
    const days = signals.map(({ at }) => (at - START) / DAY);
    expect(days[0]).toBeGreaterThan(30);
    expect(days[0]).toBeLessThan(33);
    expect(days[1]).toBeGreaterThan(30);
    expect(days[1]).toBeLessThan(40);
  });

  it('neither double nor get lost when the process is killed after any step', async () => {
    const world = new World(log);
    for (let day = 0; day <= DAYS; day++) {
      await world.step(day);
      world.watch = world.process();
      // The timer of this moment is done again: it had not been told that it was done.
      await world.step(day);
    }
    expect(await world.said()).toEqual(whole);
  });

  it('neither double nor get lost when it is killed between the facts and the memory', async () => {
    const world = new World(log);
    const { cursors } = world.metadata;
    const broken: MetadataStore = {
      ...world.metadata,
      cursors: {
        get: (project, name) => cursors.get(project, name),
        put: () => Promise.reject(new Error('killed')),
      },
    };
    let killed = 0;
    for (let day = 0; day <= DAYS; day++) {
      if (day >= 28 && day % 3 === 0) {
        world.watch = world.process(broken);
        await expect(world.step(day)).rejects.toThrow('killed');
        killed++;
        world.watch = world.process();
      }
      await world.step(day);
    }
    expect(killed).toBeGreaterThan(5);
    expect(await world.said()).toEqual(whole);
  });

  it('are the same when the process was down for a week', async () => {
    const world = new World(log);
    for (let day = 0; day <= DAYS; day++) if (day < 29 || day > 36) await world.step(day);
    const content = ({ type, payload }: Pick<Entry, 'type' | 'payload'>): unknown => ({ type, payload });
    expect((await world.said()).map(content)).toEqual(whole.map(content));
  });

  it('begin anew with another champion', async () => {
    const world = new World(log);
    for (let day = 0; day <= DAYS; day++)
      // Promoted as the change comes: what was before is not its own.
      await world.step(
        day,
        day < 30 ? { model: 'late@a', since: START } : { model: 'late@b', since: START + 30 * DAY },
      );
    expect(await world.said()).toEqual([]);
  });

  it('are followed by clean looks only where an alarm may rest on them, and few', async () => {
    const world = new World(log, true);
    for (let day = 0; day <= DAYS; day++) await world.step(day);
    const windows = (await world.said()).filter(({ type }) => type === 'WindowObserved');
    const signals = windows.map(({ payload }) => (payload as { signals: number }).signals);
    expect(signals.filter(n => n > 0)).toHaveLength(2);
    expect(signals.filter(n => n === 0).length).toBeGreaterThanOrEqual(2);
    expect(signals.filter(n => n === 0).length).toBeLessThanOrEqual(4);
  });
});
