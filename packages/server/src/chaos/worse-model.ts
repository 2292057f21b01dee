import { parseDuration, TwinloopError } from '@twinloop/kernel';
import { endpointState, rejectByOperator } from '@twinloop/loop/delivery';
import { copyDetail, noBuild, readableColumns, registerCopy, tryCopy } from './broken-build.js';
import type { FaultKind } from './fault-kind.js';

const COLUMNS = 3;
const DAY = 864e5;

/** Lets a bad challenger past the gates into the shadow, where no client gets its answers. */
export const worseModel: FaultKind = {
  kind: 'worse-model',
  title: 'Offer a worse model',
  description:
    'Offers a challenger that reads its three most important inputs mirrored. The gates would have refused it; it is let through to show the shadow: it answers every request, no client sees an answer of it, and two weeks of labels (about four seconds of the replay) reject it.',
  undo: 'Rejects the challenger.',
  transforms: [],
  needsTraffic: true,
  unavailable: noBuild,
  targets: async () => [],

  async plan(ports, { chaos }) {
    const columns = (await readableColumns(ports)).slice(0, COLUMNS);
    if (columns.length === 0)
      throw new TwinloopError('chaos_unavailable', {
        values: { reason: 'the model reads no numeric input with a known mean' },
      });
    const detail = copyDetail(
      ports,
      chaos,
      columns.map(one => ({ ...one, transform: 'sign' as const })),
    );
    const { timeout } = ports.loaded.config.endpoint!.rollout;
    return {
      target: String(detail['model']),
      sentence: `a challenger that reads ${columns.map(({ column }) => `\`${column}\``).join(', ')} mirrored was let into the shadow; the gates would have refused it`,
      detail: { ...detail, limitMs: parseDuration(timeout) + 7 * DAY },
    };
  },

  async begin(ports, fault) {
    const { model } = await registerCopy(ports, fault);
    await tryCopy(ports, fault, model);
  },

  async takeBack({ facts, delivery, state, endpoint, clock }, fault, actor) {
    const { rollout } = endpointState(state.delivery, endpoint);
    if (rollout === null || !fault.models.includes(rollout.challenger)) return;
    const request = { endpoint, now: clock.now(), actor, note: 'the fault was taken back' };
    await delivery.delivered(await facts.append(rejectByOperator(state.delivery, request)));
  },
};
