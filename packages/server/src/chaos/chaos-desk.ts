import type { ChaosBoard, ChaosInput, ChaosView } from '@twinloop/client';
import { actorName, fact, TwinloopError, type FactPayloads, type Principal } from '@twinloop/kernel';
import { stateHash, stateOf } from '../runtime/project-state.js';
import { storyTime } from '../views/decision-view.js';
import type { EndedFault, Fault } from './chaos-state.js';
import type { ChaosPorts, FaultKind, Plan } from './fault-kind.js';
import { delayLabels } from './delay-labels.js';
import { flipSensor } from './flip-sensor.js';
import { killServer } from './kill-server.js';
import { poisonBatch } from './poison-batch.js';
import { comebackSentence, endedSentence, type Counted } from './sentences.js';
import { worseModel } from './worse-model.js';

const KINDS: readonly FaultKind[] = [flipSensor, poisonBatch, worseModel, delayLabels, killServer];

/** What whoever started the server again saw of its absence. */
export interface Gap {
  /** From the end of the old process to the readiness of the new one. */
  readonly downMs: number;
  readonly waited: number;
  readonly failed: number;
}

const kindOf = (kind: string): FaultKind => KINDS.find(one => one.kind === kind)!;

/**
 * Faults on purpose, one at a time. What is broken stands in the ledger before it is broken, and a fault ends by what
 * the fold of the ledger saw; so a fault survives kill -9, its own included.
 */
export class ChaosDesk {
  readonly #ports: ChaosPorts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: ChaosPorts) {
    this.#ports = ports;
  }

  get #demo(): boolean {
    return this.#ports.loaded.config.demo === true;
  }

  async board(): Promise<ChaosBoard> {
    const { state } = this.#ports;
    const { running, ended } = state.chaos;
    return {
      demo: this.#demo,
      offers: this.#demo ? await Promise.all(KINDS.map(kind => this.#offer(kind))) : [],
      running: running === null ? null : this.#running(running),
      history: ended.map(viewOf).reverse(),
    };
  }

  async #offer(kind: FaultKind): Promise<ChaosBoard['offers'][number]> {
    const { title, description, transforms, undo } = kind;
    const unavailable = this.#unavailable(kind);
    const targets = unavailable === null ? await kind.targets(this.#ports) : [];
    return { kind: kind.kind, title, description, unavailable, targets, transforms, undo };
  }

  #unavailable(kind: FaultKind): string | null {
    const { running } = this.#ports.state.chaos;
    if (running !== null) return `fault ${running.chaos} is still running`;
    if (kind.needsTraffic && (this.#ports.replays?.status() ?? null) === null)
      return 'nothing has been replayed yet, so no requests come in';
    return kind.unavailable(this.#ports);
  }

  /** @throws not_a_demo · chaos_running · chaos_unavailable */
  start(input: ChaosInput, principal: Principal): Promise<ChaosView> {
    return this.#inTurn(async () => {
      const { loaded, state, outstanding } = this.#ports;
      if (!this.#demo) throw new TwinloopError('not_a_demo', { values: { project: loaded.config.project } });
      const { running } = state.chaos;
      if (running !== null)
        throw new TwinloopError('chaos_running', { values: { chaos: running.chaos, kind: running.kind } });
      const kind = kindOf(input.kind);
      const reason = this.#unavailable(kind);
      if (reason !== null) throw new TwinloopError('chaos_unavailable', { values: { reason } });
      const chaos = `chaos-${state.chaos.numbered + 1}`;
      const plan = await kind.plan(this.#ports, { chaos, ...input });
      // The virtual clock waits: what is broken is broken at the moment that the ledger says.
      await outstanding.track(this.#break(kind, chaos, plan, actorName(principal)));
      this.keepGoing({ resume: true });
      return this.#view(chaos);
    });
  }

  async #break(kind: FaultKind, chaos: string, plan: Plan, actor: string): Promise<void> {
    const { facts, clock, state, endpoint } = this.#ports;
    const traffic = this.#traffic();
    const { target, sentence, detail } = plan;
    await facts.append([
      fact(
        'ChaosStarted',
        {
          chaos,
          kind: kind.kind,
          endpoint,
          target,
          sentence,
          detail: { ...detail, ...traffic },
        },
        { at: clock.now(), actor, correlation: chaos, idempotencyKey: `chaos/${chaos}/started` },
      ),
    ]);
    try {
      await kind.begin(this.#ports, state.chaos.running!);
    } catch (error) {
      const told = error instanceof Error ? error.message : String(error);
      await this.#say(state.chaos.running!, 'missed', null, `${sentence}: it could not be done: ${told}`);
      throw error;
    }
    await this.#endIfDecided();
  }

  /** @throws not_found · chaos_unavailable when it has ended, or cannot be taken back */
  undo(chaos: string, principal: Principal): Promise<ChaosView> {
    return this.#inTurn(async () => {
      const { loaded, state, outstanding } = this.#ports;
      if (!this.#demo) throw new TwinloopError('not_a_demo', { values: { project: loaded.config.project } });
      const { running, ended } = state.chaos;
      if (running?.chaos !== chaos) {
        if (!ended.some(({ started }) => started.chaos === chaos))
          throw new TwinloopError('not_found', { values: { what: `Fault ${chaos}` } });
        throw new TwinloopError('chaos_unavailable', { values: { reason: `${chaos} has ended already` } });
      }
      const kind = kindOf(running.kind);
      if (kind.undo === null)
        throw new TwinloopError('chaos_unavailable', {
          values: { reason: `${kind.kind} cannot be taken back` },
        });
      await outstanding.track(
        (async () => {
          await kind.takeBack(this.#ports, running, actorName(principal));
          if (state.chaos.running?.ending === null) await this.#finish(running, { outcome: 'undone' });
          await this.#endIfDecided();
        })(),
      );
      return this.#view(chaos);
    });
  }

  /** Call for every fact after it was folded. */
  heard(): void {
    const { state, outstanding, shared, loaded } = this.#ports;
    if (state.chaos.running?.ending == null) return;
    const ended = this.#inTurn(() => this.#endIfDecided()).catch((error: unknown) =>
      shared.logger.error('a fault could not be ended', { project: loaded.config.project, error }),
    );
    void outstanding.track(ended);
  }

  /** Goes on with a fault that the last process left open. */
  async takeUp(): Promise<void> {
    const { state, killer, shared } = this.#ports;
    const { running } = state.chaos;
    if (running === null) return;
    if (running.kind === 'kill-server') {
      // Nobody who watched will tell how long it took: the ledger's own time has to do.
      if (killer.unavailable !== null || !killer.watched)
        await this.cameBack({
          downMs: shared.wallNow() - Number(running.detail['killedAt']),
          waited: 0,
          failed: 0,
        });
      return;
    }
    const kind = kindOf(running.kind);
    if (running.ending === null) await kind.begin(this.#ports, running);
    await this.#inTurn(() => this.#endIfDecided());
  }

  /** Sees to it that a fault that needs requests has them. `resume`: a replay that is paused goes on. */
  keepGoing(how = { resume: false }): void {
    const { state, replays, shared, loaded } = this.#ports;
    const { running } = state.chaos;
    if (running === null || !kindOf(running.kind).needsTraffic) return;
    replays
      ?.keepGoing(how)
      .catch((error: unknown) =>
        shared.logger.error('no traffic for a fault', { project: loaded.config.project, error }),
      );
  }

  /** The server was killed on purpose and is here again: compares what it knows with what it knew. */
  cameBack(gap: Gap): Promise<void> {
    return this.#inTurn(async () => {
      const { state, shared, loaded, counts } = this.#ports;
      const { running } = state.chaos;
      if (running?.kind !== 'kill-server') return;
      const { detail } = running;
      const { project, timezone } = loaded.config;
      const before = await stateOf(shared.ledger, project, Number(detail['entries']));
      const { predictions, outcomes } = await counts();
      const had = { predictions: Number(detail['predictions']), outcomes: Number(detail['outcomes']) };
      const lost = Math.max(0, had.predictions - predictions) + Math.max(0, had.outcomes - outcomes);
      const sameState = stateHash(before) === detail['stateHash'];
      const comeback = {
        ...gap,
        sameState,
        lost,
        predictions: had.predictions,
        decisions: Number(detail['entries']),
      };
      const time = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeStyle: 'medium' });
      const sentence = comebackSentence(running, comeback, wall => time.format(wall));
      const outcome = sameState && lost === 0 ? 'caught' : 'missed';
      await this.#say(running, outcome, running.seq, sentence, gap.failed);
    });
  }

  async #endIfDecided(): Promise<void> {
    const { running } = this.#ports.state.chaos;
    if (running?.ending == null) return;
    if (running.ending.outcome === 'missed')
      await kindOf(running.kind).takeBack(this.#ports, running, 'chaos');
    await this.#finish(running, running.ending);
  }

  #finish(fault: Fault, ending: Parameters<typeof endedSentence>[1]): Promise<void> {
    const time = storyTime(this.#ports.loaded.config.timezone);
    const sentence = endedSentence(fault, ending, this.#counted(fault), time);
    return this.#say(fault, ending.outcome, ending.decision ?? null, sentence);
  }

  async #say(
    fault: Fault,
    outcome: FactPayloads['ChaosEnded']['outcome'],
    decision: number | null,
    sentence: string,
    alsoFailed = 0,
  ): Promise<void> {
    const { facts, clock } = this.#ports;
    const { chaos, kind, endpoint } = fault;
    const { requests, failed, labels } = this.#counted(fault);
    await facts.append([
      fact(
        'ChaosEnded',
        {
          chaos,
          kind,
          endpoint,
          outcome,
          decision,
          requests,
          failedRequests: failed + alsoFailed,
          labels,
          sentence,
        },
        {
          at: clock.now(),
          actor: 'chaos',
          correlation: chaos,
          idempotencyKey: `chaos/${chaos}/ended`,
        },
      ),
    ]);
  }

  #traffic() {
    return this.#ports.replays?.traffic() ?? { requests: 0, failures: 0, labels: 0 };
  }

  /** The client's requests since the fault began. */
  #counted({ detail }: Fault): Counted {
    const now = this.#traffic();
    // A cursor that was saved before the fault is taken up behind it: the rows in between are sent again.
    const since = (name: keyof typeof now): number => Math.max(0, now[name] - Number(detail[name]));
    return { requests: since('requests'), failed: since('failures'), labels: since('labels') };
  }

  #running(fault: Fault): ChaosView {
    const { requests, failed, labels } = this.#counted(fault);
    return {
      ...shared(fault),
      endedAt: null,
      state: 'running',
      requests,
      failedRequests: failed,
      labels,
      decision: null,
      sentence: fault.sentence,
    };
  }

  #view(chaos: string): ChaosView {
    const { running, ended } = this.#ports.state.chaos;
    if (running?.chaos === chaos) return this.#running(running);
    return viewOf(ended.find(({ started }) => started.chaos === chaos)!);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

function shared({ chaos, kind, endpoint, target, startedAt }: Fault) {
  return { chaos, kind, endpoint, target, startedAt };
}

function viewOf({ started, ended, endedAt }: EndedFault): ChaosView {
  const { outcome, requests, failedRequests, labels, decision, sentence } = ended;
  return {
    ...shared(started),
    endedAt,
    state: outcome,
    requests,
    failedRequests,
    labels,
    decision,
    sentence,
  };
}
