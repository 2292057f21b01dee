import type { Decision } from '@twinloop/client';
import { actorName, TwinloopError, type AnyNewFact, type EpochMs, type Principal } from '@twinloop/kernel';
import { promoteByOperator, rejectByOperator, rollbackByOperator } from '@twinloop/loop/delivery';
import { endpointLearning, holdPolicy, resumePolicy } from '@twinloop/loop/learning';
import { decisionView } from '../views/decision-view.js';
import type { ServiceParts } from './service-parts.js';

/** What a person says about a decision: who, when, and why. */
interface Said {
  readonly endpoint: string;
  readonly now: EpochMs;
  readonly actor: string;
}

/** Decisions that people make about an endpoint. One after the other: the second of two at once sees what the first did. */
export class DeliveryDesk {
  readonly #parts: ServiceParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  promote(endpoint: string, note: string, principal: Principal): Promise<Decision> {
    const { state, loaded } = this.#parts;
    return this.#decide(endpoint, principal, said =>
      promoteByOperator(state.delivery, loaded.config.endpoint!.rollout, { ...said, note }),
    );
  }

  reject(endpoint: string, note: string, principal: Principal): Promise<Decision> {
    const { state } = this.#parts;
    return this.#decide(endpoint, principal, said => rejectByOperator(state.delivery, { ...said, note }));
  }

  /** Back to the model before; the policy is held until somebody resumes it, so that it does not undo what a person did. */
  rollback(endpoint: string, note: string, principal: Principal): Promise<Decision> {
    const { state } = this.#parts;
    return this.#decide(endpoint, principal, said => [
      ...(endpointLearning(state.learning, endpoint).held === null
        ? holdPolicy(state.learning, { ...said, reason: `rolled back by hand: ${note}` })
        : []),
      ...rollbackByOperator(state.delivery, { ...said, note }),
    ]);
  }

  hold(endpoint: string, reason: string, principal: Principal): Promise<Decision> {
    const { state } = this.#parts;
    return this.#decide(endpoint, principal, said => holdPolicy(state.learning, { ...said, reason }));
  }

  resume(endpoint: string, principal: Principal): Promise<Decision> {
    const { state } = this.#parts;
    return this.#decide(endpoint, principal, said => resumePolicy(state.learning, said));
  }

  #decide(
    endpoint: string,
    principal: Principal,
    make: (said: Said) => readonly AnyNewFact[],
  ): Promise<Decision> {
    const { facts, delivery, clock, loaded } = this.#parts;
    const turn = this.#turn.then(async () => {
      const entries = await facts.append(make({ endpoint, now: clock.now(), actor: actorName(principal) }));
      await delivery.delivered(entries);
      const last = entries.at(-1);
      if (last === undefined)
        throw new TwinloopError('invalid_request', {
          values: { reason: 'nothing changes: it is so already' },
        });
      return decisionView(last, loaded.config.timezone);
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
