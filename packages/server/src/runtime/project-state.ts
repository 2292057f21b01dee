import type { AlarmView } from '@twinloop/client';
import {
  canonicalJson,
  type Answer,
  type Canonicalizable,
  type ContentHash,
  type Entry,
  type EpochMs,
  type Ledger,
  type ProjectId,
  type Trigger,
} from '@twinloop/kernel';
import { sha256 } from './digest.js';
import { emptyDelivery, foldDelivery, type DeliveryState } from '@twinloop/loop/delivery';
import { emptyChaos, foldChaos, type ChaosState } from '../chaos/chaos-state.js';
import { emptyObjects, foldObjects, type ObjectsState } from '@twinloop/loop/governance';
import { emptyTests, foldTests, type AdoptedTests } from '@twinloop/loop/testing';
import { emptyLearning, foldLearning, type LearningState } from '@twinloop/loop/learning';

export interface Counts {
  readonly retrainings: number;
  readonly recalibrations: number;
  readonly promotions: number;
  readonly rejections: number;
}

/** So many early warnings are shown. */
const WARNINGS = 20;

type Decided = Extract<Entry, { type: 'AnswerDecided' }>;

/** Everything a running project knows, as a fold of its ledger. */
export class ProjectState {
  delivery: DeliveryState = emptyDelivery;
  learning: LearningState = emptyLearning;
  chaos: ChaosState = emptyChaos;
  objects: ObjectsState = emptyObjects;
  tests: AdoptedTests = emptyTests;
  counts: Counts = { retrainings: 0, recalibrations: 0, promotions: 0, rejections: 0 };
  /** Rows of dataset versions kept apart. */
  quarantined = 0;
  /** Runs and rollouts are numbered, so that their names are the same for the same seed. */
  runs = 0;
  rollouts = 0;
  /** A run that was started and has not ended: after a restart it is started again under its own name. */
  openRun: Extract<Entry, { type: 'RunStarted' }> | undefined;
  /** What served its endpoint when it started. */
  openRunChampion: string | null = null;
  /** Decisions that were not carried out yet, oldest first. */
  pendingAnswers: readonly Decided[] = [];
  /** Models that came into service and whose card is not written yet. */
  readonly pendingCards = new Map<string, EpochMs>();
  /** A model that passed, and that a crash kept from being delivered. */
  pendingModel:
    | { readonly model: string; readonly run: string; readonly correlation: string | null }
    | undefined;
  /** The newest rollout that ended undecided; nothing once another one ended otherwise. */
  undecided: Extract<Entry, { type: 'ModelRejected' }> | undefined;
  /** By dataset: its newest version was refused. */
  readonly refusedData = new Map<string, Extract<Entry, { type: 'ExpectationsChecked' }>>();
  lastRun: Extract<Entry, { type: 'RunFinished' }> | undefined;
  lastData: Extract<Entry, { type: 'ExpectationsChecked' }> | undefined;
  lastWindow: Extract<Entry, { type: 'WindowObserved' }> | undefined;
  held = false;
  /** The newest early warnings of the streams, newest last, and how many there were in all. */
  warnings: readonly Extract<Entry, { type: 'SignalRaised' }>[] = [];
  warned = 0;
  /** Newest last. */
  readonly alarms = new Map<string, AlarmView>();
  readonly recalibrated = new Map<string, string>();
  lastSeq = 0;
  /** The latest domain time of a fact: a project's clock never stands before it. */
  lastAt = Number.NEGATIVE_INFINITY;
  /** When the monitors were last read, and when the policy last said something about them. */
  lookedAt = Number.NEGATIVE_INFINITY;
  decidedAt = Number.NEGATIVE_INFINITY;

  fold(entry: Entry): void {
    this.lastSeq = entry.seq;
    // Facts about keys belong to the server and carry wall time.
    if (entry.type !== 'KeyCreated' && entry.type !== 'KeyRevoked')
      this.lastAt = Math.max(this.lastAt, entry.at);
    this.delivery = foldDelivery(this.delivery, entry);
    this.learning = foldLearning(this.learning, entry);
    this.chaos = foldChaos(this.chaos, entry);
    this.objects = foldObjects(this.objects, entry);
    this.tests = foldTests(this.tests, entry);
    switch (entry.type) {
      case 'RunStarted':
        this.runs++;
        this.openRun = entry;
        this.openRunChampion = this.delivery.endpoints[entry.payload.endpoint ?? '']?.champion?.model ?? null;
        this.pendingModel = undefined;
        this.#carriedOut('retrain', entry.payload.trigger);
        if (entry.payload.trigger !== 'apply') this.#count({ retrainings: 1 });
        break;
      case 'RunFinished':
        this.openRun = undefined;
        this.lastRun = entry;
        if (entry.payload.model !== undefined && !this.#serves(entry.payload.model))
          this.pendingModel = {
            model: entry.payload.model,
            run: entry.payload.run,
            correlation: entry.correlation,
          };
        break;
      case 'ModelDeployed':
        this.pendingModel = undefined;
        // A version that came from elsewhere is what a retraining was asked for.
        if (entry.payload.version > 1) this.#carriedOut('retrain');
        this.pendingCards.set(entry.payload.model, entry.at);
        break;
      case 'RowsQuarantined':
        this.quarantined += entry.payload.rows;
        break;
      case 'ExpectationsChecked':
        this.lastData = entry;
        if (entry.payload.status === 'refused') this.refusedData.set(entry.payload.dataset, entry);
        else this.refusedData.delete(entry.payload.dataset);
        break;
      case 'WindowObserved':
        // A block of a stream is no look of the policy's.
        if (entry.payload.monitor === 'stream') break;
        this.lastWindow = entry;
        this.lookedAt = Math.max(this.lookedAt, entry.at);
        break;
      case 'SignalRaised':
        if (entry.payload.signal.monitor.startsWith('stream/')) this.#warned(entry);
        break;
      case 'RolloutStarted':
        this.rollouts++;
        this.pendingModel = undefined;
        break;
      case 'ModelPromoted':
        this.pendingCards.set(entry.payload.model, entry.at);
        this.undecided = undefined;
        this.#count({ promotions: 1 });
        break;
      case 'ModelRejected':
        this.undecided = entry.payload.reason === 'inconclusive' ? entry : undefined;
        this.#count({ rejections: 1 });
        break;
      case 'ModelRecalibrated':
        this.#carriedOut('recalibrate');
        this.pendingCards.set(entry.payload.model, entry.at);
        this.recalibrated.set(entry.payload.model, entry.payload.previous);
        this.#count({ recalibrations: 1 });
        break;
      case 'RecalibrationDeclined':
        this.#carriedOut('recalibrate');
        break;
      case 'CardWritten':
        this.pendingCards.delete(entry.payload.model);
        break;
      case 'AlarmRaised': {
        const { alarm, kind, signals, sentence } = entry.payload;
        this.decidedAt = Math.max(this.decidedAt, entry.at);
        this.alarms.set(alarm, { alarm, kind, at: entry.at, sentence, signals, answer: null, open: true });
        break;
      }
      case 'AnswerDecided':
        if (entry.payload.answer !== 'hold') this.pendingAnswers = [...this.pendingAnswers, entry];
        if (entry.payload.trigger === 'alarm') this.decidedAt = Math.max(this.decidedAt, entry.at);
        if (entry.payload.alarm !== undefined)
          this.#alarm(entry.payload.alarm, { answer: entry.payload.answer });
        break;
      case 'AlarmCoalesced':
        this.decidedAt = Math.max(this.decidedAt, entry.at);
        break;
      case 'AlarmResolved':
        this.decidedAt = Math.max(this.decidedAt, entry.at);
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

  /** The model that recalibrations started from: the same body with the intercept of its training. */
  trained(model: string): string {
    const previous = this.recalibrated.get(model);
    return previous === undefined ? model : this.trained(previous);
  }

  /** The one algorithm that a run was asked for, if its candidates all have the same. */
  onlyOf(candidates: readonly string[]): string | undefined {
    const algorithms = new Set(candidates.map(name => name.split(/[ /·,]/)[0]!));
    return algorithms.size === 1 ? [...algorithms][0] : undefined;
  }

  /** Takes the oldest pending decision of this kind off the list. */
  #carriedOut(answer: Answer, trigger?: Trigger): void {
    const done = this.pendingAnswers.find(
      ({ payload }) => payload.answer === answer && (trigger === undefined || payload.trigger === trigger),
    );
    this.pendingAnswers = this.pendingAnswers.filter(entry => entry !== done);
  }

  #warned(entry: Extract<Entry, { type: 'SignalRaised' }>): void {
    this.warned++;
    this.warnings = [...this.warnings, entry].slice(-WARNINGS);
  }

  #serves(model: string): boolean {
    return Object.values(this.delivery.endpoints).some(({ champion }) => champion?.model === model);
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

/** SHA-256 of what the facts add up to: what is delivered, what the policy knows, what is broken. Equal before and after a restart. */
export function stateHash({
  delivery,
  learning,
  chaos,
}: Pick<ProjectState, 'delivery' | 'learning' | 'chaos'>): ContentHash {
  return sha256(canonicalJson({ delivery, learning, chaos } as unknown as Canonicalizable));
}

/** The state that a ledger adds up to, up to and including entry `until`. */
export async function stateOf(
  ledger: Ledger,
  project: ProjectId,
  until = Number.POSITIVE_INFINITY,
): Promise<ProjectState> {
  const state = new ProjectState();
  for (;;) {
    const page = await ledger.read({ project, after: state.lastSeq, limit: 5000 });
    for (const entry of page) {
      if (entry.seq > until) return state;
      state.fold(entry);
    }
    if (page.length === 0) return state;
  }
}
