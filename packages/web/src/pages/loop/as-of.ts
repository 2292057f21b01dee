import type { Decision, EndpointSummary, LoopStatus, Stage, StageState } from '@twinloop/client';
import { counted, percent } from '../../format/numbers.js';
import { memberOf, numberOf, textOf } from '../../live/payload.js';

/** What the front page shows, now or as of a decision. A count that the ledger does not hold is null. */
export interface LoopFigures {
  readonly now: number;
  readonly headline: string;
  readonly stages: LoopStatus['stages'];
  readonly arcs: LoopStatus['arcs'];
  readonly endpoint: Pick<EndpointSummary, 'endpoint' | 'champion' | 'challenger' | 'loss30d'> | null;
  readonly openAlarms: number;
  readonly counts: { readonly [K in keyof LoopStatus['counts']]: number | null };
  readonly budget: LoopStatus['budget'] | null;
}

export function figuresNow(status: LoopStatus): LoopFigures {
  return { ...status, openAlarms: status.openAlarms.length };
}

/** The state as a fold of the ledger up to and including the last of `decisions` (ascending). */
export function figuresAsOf(decisions: readonly Decision[], per: string): LoopFigures | undefined {
  const last = decisions.at(-1);
  if (last === undefined) return undefined;
  const fold = new Fold();
  for (const decision of decisions) fold.take(decision);
  return {
    now: last.at,
    headline: (decisions.findLast(d => d.importance === 'story') ?? last).sentence,
    stages: fold.stages,
    arcs: {
      dataDrift: fold.has('data-drift'),
      modelDrift: fold.has('model-drift') || fold.has('calibration'),
    },
    endpoint:
      fold.endpoint === undefined
        ? null
        : { endpoint: fold.endpoint, champion: fold.champion, challenger: fold.challenger, loss30d: null },
    openAlarms: fold.alarms.size,
    counts: { ...fold.counts, predictions: null, outcomes: null, errors: null },
    budget: fold.limit === undefined ? null : { used: fold.counts.retrainings, limit: fold.limit, per },
  };
}

class Fold {
  readonly alarms = new Map<string, string>();
  readonly algorithms = new Map<string, string>();
  readonly counts = { retrainings: 0, recalibrations: 0, promotions: 0, rejections: 0 };
  champion: EndpointSummary['champion'] = null;
  challenger: EndpointSummary['challenger'] = null;
  endpoint: string | undefined;
  limit: number | undefined;
  stages: Record<Stage, { state: StageState; text: string }> = {
    data: { state: 'idle', text: '' },
    build: { state: 'idle', text: '' },
    test: { state: 'idle', text: '' },
    deploy: { state: 'idle', text: '' },
    serve: { state: 'idle', text: '' },
    monitor: { state: 'idle', text: '' },
    learn: { state: 'idle', text: '' },
  };

  has(kind: string): boolean {
    return [...this.alarms.values()].includes(kind);
  }

  take(d: Decision): void {
    switch (d.type) {
      case 'DatasetVersionRegistered':
        this.#say('data', 'ok', counted(numberOf(d, 'rows') ?? 0, 'row'));
        break;
      case 'ExpectationsChecked':
        if (textOf(d, 'status') === 'refused') this.#say('data', 'attention', 'version refused');
        break;
      case 'RunStarted':
        this.#say('build', 'working', `${textOf(d, 'run')} running`);
        break;
      case 'RunFinished':
        this.#say(
          'build',
          textOf(d, 'status') === 'passed' ? 'ok' : 'attention',
          `${textOf(d, 'run')} ${textOf(d, 'status')}`,
        );
        this.#say('test', textOf(d, 'status') === 'passed' ? 'ok' : 'attention', textOf(d, 'reason') ?? '');
        break;
      case 'ModelRegistered':
        this.algorithms.set(textOf(d, 'model') ?? '', textOf(d, 'algorithm') ?? '');
        break;
      case 'ModelDeployed':
        this.#serves(d);
        break;
      case 'ModelRecalibrated':
        this.counts.recalibrations++;
        this.#serves(d);
        break;
      case 'RolloutStarted': {
        const model = textOf(d, 'challenger') ?? '';
        const algorithm = this.algorithms.get(model) ?? '';
        this.challenger = { model, algorithm, since: d.at, rollout: textOf(d, 'rollout') ?? '' };
        this.#say('deploy', 'working', `${algorithm} in shadow`);
        break;
      }
      case 'ModelPromoted':
        this.counts.promotions++;
        this.challenger = null;
        this.#serves(d);
        break;
      case 'ModelRejected':
        this.counts.rejections++;
        this.challenger = null;
        this.#say('deploy', 'ok', 'no rollout open');
        break;
      case 'RolloutAdvanced': {
        const weight = numberOf(d, 'weight');
        if (weight !== undefined) this.#say('deploy', 'working', `challenger answers ${percent(weight, 0)}`);
        break;
      }
      case 'TrafficHeld':
        this.#say('serve', 'attention', 'held: the previous model answers');
        break;
      case 'TrafficReleased':
        this.#say('serve', 'ok', `version ${this.champion?.version ?? 0}`);
        break;
      case 'ModelRolledBack': {
        const model = textOf(d, 'restored') ?? '';
        const version = numberOf(d, 'version') ?? 0;
        this.champion = { model, version, algorithm: this.algorithms.get(model) ?? '', since: d.at };
        this.#say('serve', 'ok', `version ${version}`);
        this.#say('deploy', 'attention', 'rolled back');
        break;
      }
      case 'AlarmRaised':
        this.alarms.set(textOf(d, 'alarm') ?? '', textOf(d, 'kind') ?? '');
        this.#watch();
        break;
      case 'AlarmResolved':
        this.alarms.delete(textOf(d, 'alarm') ?? '');
        this.#watch();
        break;
      case 'AnswerDecided': {
        const limit = memberOf(memberOf(d.payload, 'budget'), 'limit');
        if (typeof limit === 'number') this.limit = limit;
        const answer = textOf(d, 'answer') ?? '';
        if (answer === 'retrain') this.counts.retrainings++;
        this.#say('learn', answer === 'hold' ? 'idle' : 'working', `answer: ${answer}`);
        // Holding and recalibrating answer an alarm at once; a retraining's alarm is open until it resolves.
        if (answer !== 'retrain') this.alarms.delete(textOf(d, 'alarm') ?? '');
        break;
      }
      case 'WindowObserved':
        if (this.alarms.size === 0)
          this.#say('monitor', 'ok', `${counted(numberOf(d, 'n') ?? 0, 'row')} in the window`);
        break;
      default:
        break;
    }
  }

  #serves(d: Decision): void {
    const model = textOf(d, 'model') ?? '';
    this.endpoint = textOf(d, 'endpoint');
    const version = numberOf(d, 'version') ?? 0;
    this.champion = { model, version, algorithm: this.algorithms.get(model) ?? '', since: d.at };
    this.#say('serve', 'ok', `version ${version}`);
    this.#say('deploy', 'ok', 'no rollout open');
    if (this.alarms.size === 0) this.#say('learn', 'idle', 'nothing to answer');
  }

  #watch(): void {
    const open = this.alarms.size;
    this.#say(
      'monitor',
      open > 0 ? 'attention' : 'ok',
      open > 0 ? `${counted(open, 'alarm')} open` : 'no alarm open',
    );
    if (open === 0) this.#say('learn', 'idle', 'nothing to answer');
  }

  #say(stage: Stage, state: StageState, text: string): void {
    this.stages[stage] = { state, text };
  }
}
