import { type AnyNewFact, type EpochMs, fact, TwinloopError } from '@twinloop/kernel';
import type { RolloutConfig } from './config.js';
import { lossOf } from './losses.js';
import { answering, type DeliveryState, endpointState } from './state.js';

export interface StartRollout {
  readonly endpoint: string;
  readonly rollout: string;
  readonly challenger: string;
  readonly config: RolloutConfig;
  readonly now: EpochMs;
  readonly actor: string;
  readonly causation?: string;
  readonly correlation?: string;
}

/**
 * Puts a challenger beside the champion: it answers every request in shadow from now on.
 * @throws rollout_open while another challenger is being tried · endpoint_not_ready without a champion ·
 *         invalid_request when the challenger is the champion, or the metric is no per-request loss
 */
export function startRollout(state: DeliveryState, request: StartRollout): readonly AnyNewFact[] {
  const { endpoint, rollout, challenger, config, now, actor, causation, correlation } = request;
  const found = endpointState(state, endpoint);
  const { champion, rollout: open } = found;
  if (champion === null) throw new TwinloopError('endpoint_not_ready', { values: { endpoint } });
  if (open !== null) throw new TwinloopError('rollout_open', { values: { endpoint, rollout: open.rollout } });
  checkSteps(config);
  if (champion.model === challenger) {
    throw new TwinloopError('invalid_request', {
      field: 'challenger',
      values: { reason: `${challenger} already is the champion of ${endpoint}` },
      hint: 'Train again on newer data, or name another model.',
    });
  }
  lossOf(config.metric);
  return [
    fact(
      'RolloutStarted',
      {
        rollout,
        endpoint,
        strategy: config.strategy,
        champion: answering(found)!.model,
        challenger,
        metric: config.metric,
        alpha: config.alpha,
        ...(config.strategy === 'canary' ? { steps: config.steps.map(({ weight }) => weight) } : {}),
        ...(config.approval ? { approval: true } : {}),
      },
      {
        at: now,
        actor,
        idempotencyKey: `rollout/${rollout}/started`,
        ...(causation === undefined ? {} : { causation }),
        correlation: correlation ?? rollout,
      },
    ),
  ];
}

function checkSteps({ steps }: RolloutConfig): void {
  const index = steps.findIndex(({ weight }, i) => i > 0 && weight <= steps[i - 1]!.weight);
  if (index < 0) return;
  throw new TwinloopError('invalid_request', {
    field: `endpoint.rollout.steps[${index}].weight`,
    values: { reason: 'the weights of the steps must grow' },
    hint: 'Write the steps in order, each with a larger weight than the one before.',
  });
}
