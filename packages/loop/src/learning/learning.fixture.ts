import { type AlarmKind, type AnyNewFact, type Entry, fact, type Signal } from '@twinloop/kernel';
import type { PolicyConfig } from './config.js';
import { decideAnswers } from './decide-answers.js';
import { foldLearning } from './fold-learning.js';
import { emptyLearning, type LearningState } from './state.js';

export const DAY = 86_400_000;

export const CONFIG: PolicyConfig = {
  answers: {
    'data-drift': 'retrain',
    'model-drift': 'retrain',
    calibration: 'recalibrate',
    service: 'hold',
    labels: 'hold',
  },
  coolDown: '28d',
  recalibrateEvery: '7d',
  recalibration: { window: '14d', ridge: 20, minLabels: 200 },
  budget: { retrainings: 12, per: '365d', daily: 2 },
};
export const MONITORS = {
  drift: { persistence: 2 },
  quality: { persistence: 2 },
  calibration: { persistence: 2 },
  labels: { persistence: 2 },
};

const SUBJECT = {
  drift: ['data-drift', 'temp'],
  quality: ['model-drift', 'log_loss level'],
  calibration: ['calibration', 'base-rate'],
} as const satisfies Record<string, readonly [AlarmKind, string]>;
export type Watched = keyof typeof SUBJECT;

export function signalOf(monitor: Watched): Signal {
  const [kind, subject] = SUBJECT[monitor];
  return {
    monitor: `${monitor}/${subject}`,
    kind,
    subject,
    severity: 2,
    sentence: `${subject} moved`,
    evidence: { statistic: 's', value: 1, n: 400, method: 'm' },
  };
}

/** A ledger of one endpoint, and the policy deciding on it. */
export class Story {
  readonly written: AnyNewFact[] = [];
  readonly config: PolicyConfig;
  state: LearningState = emptyLearning;

  constructor(config: PolicyConfig = CONFIG) {
    this.config = config;
  }

  write(facts: readonly AnyNewFact[]): void {
    for (const one of facts) {
      this.written.push(one);
      this.state = foldLearning(this.state, one as unknown as Entry);
    }
  }

  /** One round of looks at `day`, with signals of the given monitors, and the decision; returns what was decided. */
  look(day: number, ...signalling: readonly Watched[]): readonly AnyNewFact[] {
    const rest = { at: day * DAY, actor: 'test' };
    for (const monitor of Object.keys(SUBJECT) as Watched[]) {
      const window = `${monitor}/late/${day}`;
      const signals = signalling.includes(monitor) ? [signalOf(monitor)] : [];
      this.write([
        fact('WindowObserved', { endpoint: 'late', monitor, window, n: 400, signals: signals.length }, rest),
        ...signals.map(signal => fact('SignalRaised', { window, endpoint: 'late', signal }, rest)),
      ]);
    }
    const decided = decideAnswers(this.state, this.config, {
      endpoint: 'late',
      now: day * DAY,
      monitors: MONITORS,
    });
    this.write(decided);
    return decided;
  }

  run(day: number, run = `run-${day}`): void {
    this.write([
      fact(
        'RunStarted',
        { run, trigger: 'alarm', reason: 'r', candidates: [], endpoint: 'late' },
        { at: day * DAY, actor: 'test' },
      ),
    ]);
  }

  finish(day: number, run: string, status: 'passed' | 'failed' = 'passed'): void {
    this.write([
      fact('RunFinished', { run, status, reason: 'r', trained: 4 }, { at: day * DAY, actor: 'test' }),
    ]);
  }

  rollout(day: number, rollout = `rollout-${day}`): void {
    this.write([
      fact(
        'RolloutStarted',
        {
          rollout,
          endpoint: 'late',
          strategy: 'shadow',
          champion: 'm1',
          challenger: 'm2',
          metric: 'log_loss',
          alpha: 0.05,
        },
        { at: day * DAY, actor: 'test' },
      ),
    ]);
  }

  end(day: number, rollout: string, how: 'promote' | 'reject'): void {
    const evidence = { statistic: 's', value: 1, n: 400, method: 'm' };
    const rest = { at: day * DAY, actor: 'test' };
    this.write([
      how === 'promote'
        ? fact(
            'ModelPromoted',
            { endpoint: 'late', rollout, model: 'm2', previous: 'm1', version: 2, evidence, by: 'evidence' },
            rest,
          )
        : fact(
            'ModelRejected',
            { endpoint: 'late', rollout, model: 'm2', kept: 'm1', reason: 'worse', evidence },
            rest,
          ),
    ]);
  }
}

/** What was decided, as short words: `raised data-drift`, `retrain`, `coalesced model-drift`. */
export function words(facts: readonly AnyNewFact[]): readonly string[] {
  return facts.map(one => {
    switch (one.type) {
      case 'AlarmRaised':
        return `raised ${one.payload.kind}`;
      case 'AlarmCoalesced':
        return `coalesced ${one.payload.kind} into ${one.payload.into}`;
      case 'AlarmResolved':
        return `resolved ${one.payload.alarm}`;
      case 'AnswerDecided':
        return one.payload.answer;
      default:
        return one.type;
    }
  });
}
