import type { AlarmView } from '@twinloop/client';
import type { Entry } from '@twinloop/kernel';
import { emptyDelivery, foldDelivery, type DeliveryState } from '@twinloop/loop/delivery';
import { emptyLearning, foldLearning, type LearningState } from '@twinloop/loop/learning';

export interface Counts {
  readonly retrainings: number;
  readonly recalibrations: number;
  readonly promotions: number;
  readonly rejections: number;
}

/** Everything a running project knows, as a fold of its ledger. */
export class ProjectState {
  delivery: DeliveryState = emptyDelivery;
  learning: LearningState = emptyLearning;
  counts: Counts = { retrainings: 0, recalibrations: 0, promotions: 0, rejections: 0 };
  /** Runs and rollouts are numbered, so that their names are the same for the same seed. */
  runs = 0;
  rollouts = 0;
  /** A run that was started and has not ended: after a restart it is started again under its own name. */
  openRun: Extract<Entry, { type: 'RunStarted' }> | undefined;
  /** A decision that a crash kept from being carried out. */
  pendingAnswer: Extract<Entry, { type: 'AnswerDecided' }> | undefined;
  /** A model that passed, and that a crash kept from being delivered. */
  pendingModel:
    | { readonly model: string; readonly run: string; readonly correlation: string | null }
    | undefined;
  lastRun: Extract<Entry, { type: 'RunFinished' }> | undefined;
  lastData: Extract<Entry, { type: 'ExpectationsChecked' }> | undefined;
  lastWindow: Extract<Entry, { type: 'WindowObserved' }> | undefined;
  held = false;
  /** Newest last. */
  readonly alarms = new Map<string, AlarmView>();
  readonly recalibrated = new Map<string, string>();
  lastSeq = 0;

  fold(entry: Entry): void {
    this.lastSeq = entry.seq;
    this.delivery = foldDelivery(this.delivery, entry);
    this.learning = foldLearning(this.learning, entry);
    switch (entry.type) {
      case 'RunStarted':
        this.runs++;
        this.openRun = entry;
        this.pendingAnswer = undefined;
        if (entry.payload.trigger !== 'apply') this.#count({ retrainings: 1 });
        break;
      case 'RunFinished':
        this.openRun = undefined;
        this.lastRun = entry;
        if (entry.payload.model !== undefined)
          this.pendingModel = {
            model: entry.payload.model,
            run: entry.payload.run,
            correlation: entry.correlation,
          };
        break;
      case 'ModelDeployed':
        this.pendingModel = undefined;
        break;
      case 'ExpectationsChecked':
        this.lastData = entry;
        break;
      case 'WindowObserved':
        this.lastWindow = entry;
        break;
      case 'RolloutStarted':
        this.rollouts++;
        this.pendingModel = undefined;
        break;
      case 'ModelPromoted':
        this.#count({ promotions: 1 });
        break;
      case 'ModelRejected':
        this.#count({ rejections: 1 });
        break;
      case 'ModelRecalibrated':
        this.pendingAnswer = undefined;
        this.recalibrated.set(entry.payload.model, entry.payload.previous);
        this.#count({ recalibrations: 1 });
        break;
      case 'RecalibrationDeclined':
        this.pendingAnswer = undefined;
        break;
      case 'AlarmRaised': {
        const { alarm, kind, signals, sentence } = entry.payload;
        this.alarms.set(alarm, { alarm, kind, at: entry.at, sentence, signals, answer: null, open: true });
        break;
      }
      case 'AnswerDecided':
        this.pendingAnswer = entry.payload.answer === 'hold' ? undefined : entry;
        if (entry.payload.alarm !== undefined)
          this.#alarm(entry.payload.alarm, { answer: entry.payload.answer });
        break;
      case 'AlarmResolved':
        this.#alarm(entry.payload.alarm, { open: false });
        break;
      case 'PolicyHeld':
        this.held = true;
        break;
      case 'PolicyResumed':
        this.held = false;
        break;
      default:
        break;
    }
  }

  /** The one algorithm that a run was asked for, if its candidates all have the same. */
  onlyOf(candidates: readonly string[]): string | undefined {
    const algorithms = new Set(candidates.map(name => name.split(/[ /·,]/)[0]!));
    return algorithms.size === 1 ? [...algorithms][0] : undefined;
  }

  #count(more: Partial<Counts>): void {
    const { counts } = this;
    this.counts = {
      retrainings: counts.retrainings + (more.retrainings ?? 0),
      recalibrations: counts.recalibrations + (more.recalibrations ?? 0),
      promotions: counts.promotions + (more.promotions ?? 0),
      rejections: counts.rejections + (more.rejections ?? 0),
    };
  }

  #alarm(id: string, change: Partial<AlarmView>): void {
    const alarm = this.alarms.get(id);
    if (alarm !== undefined) this.alarms.set(id, { ...alarm, ...change });
  }
}
