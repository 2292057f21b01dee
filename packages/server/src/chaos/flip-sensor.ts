import { TwinloopError, formatFigure } from '@twinloop/kernel';
import { endpointState, promoteByOperator, rollbackByOperator } from '@twinloop/loop/delivery';
import {
  CHAOS,
  copyDetail,
  inCharge,
  noBuild,
  readableColumns,
  registerCopy,
  tryCopy,
} from './broken-build.js';
import type { FaultKind } from './fault-kind.js';

const DAY = 864e5;
/** Trees lose little by one wrong input: showing that takes more labels than a project's own window may hold. */
const WATCH = '28d';

/** Ships a build that reads one column wrongly; the watch after its promotion is expected to roll it back. */
export const flipSensor: FaultKind = {
  kind: 'flip-sensor',
  title: 'Flip a sensor',
  description:
    'Ships a build that reads one input wrongly, past the gates. The version before it goes on answering in shadow; when the labels show that the new one loses more, it is rolled back by itself: after a few hundred labels of a linear model, about a thousand of trees, within ten seconds of the replay.',
  undo: 'Rolls back to the version before.',
  transforms: ['sign', 'unit'],
  needsTraffic: true,
  unavailable: noBuild,
  targets: async ports => (await readableColumns(ports)).map(({ column }) => column),

  async plan(ports, { chaos, target, transform = 'sign' }) {
    const columns = await readableColumns(ports, transform);
    const found = target === undefined ? columns[0] : columns.find(({ column }) => column === target);
    if (found === undefined)
      throw new TwinloopError('chaos_unavailable', {
        field: 'target',
        values: { reason: `${target ?? 'the model'} is no numeric input with a known mean` },
        hint: `One of: ${columns.map(({ column }) => column).join(', ') || 'none'}.`,
      });
    const { column, mean } = found;
    const { version } = inCharge(ports)!;
    const how =
      transform === 'sign' ? `mirrored about its mean ${formatFigure(mean)}` : 'a hundred times too large';
    return {
      target: column,
      sentence: `a build that reads \`${column}\` ${how} was shipped past the gates; version ${version} goes on in shadow`,
      detail: { ...copyDetail(ports, chaos, [{ column, transform, mean }]), limitMs: 28 * DAY },
    };
  },

  async begin(ports, fault) {
    const { facts, delivery, state, endpoint, clock, loaded } = ports;
    const { model } = await registerCopy(ports, fault);
    const shipped = (): boolean =>
      endpointState(state.delivery, endpoint).history.some(
        one => one.model === model && one.change === 'promoted',
      );
    if (shipped()) return;
    await tryCopy(ports, fault, model);
    await delivery.delivered(
      await facts.append(
        promoteByOperator(
          state.delivery,
          { ...loaded.config.endpoint!.rollout, rollbackWindow: WATCH },
          {
            endpoint,
            now: clock.now(),
            actor: CHAOS,
            note: 'broken on purpose: its gates were not asked',
          },
        ),
      ),
    );
  },

  async takeBack({ facts, delivery, state, endpoint, clock }, fault, actor) {
    const { champion } = endpointState(state.delivery, endpoint);
    if (champion === null || !fault.models.includes(champion.model)) return;
    const request = {
      endpoint,
      now: clock.now(),
      actor,
      leave: champion.model,
      note: 'the fault was taken back',
    };
    await delivery.delivered(await facts.append(rollbackByOperator(state.delivery, request)));
  },
};
