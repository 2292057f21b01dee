import type { DriftMatrixView } from '@twinloop/client';
import { TwinloopError } from '@twinloop/kernel';
import { endpointState } from '@twinloop/loop/delivery';
import type { DriftService } from '../app-drift.js';
import type { ServiceParts } from '../project/service-parts.js';

/** Drift over time, as the API tells it. */
export class DriftDesk implements DriftService {
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  async matrix(endpoint: string): Promise<DriftMatrixView> {
    const { shared, loaded, state, shelf, watch, history, serving } = this.#parts;
    const { config } = loaded;
    if (endpoint !== serving.endpoint)
      throw new TwinloopError('not_found', { values: { what: `Endpoint ${endpoint}` } });
    const { champion } = endpointState(state.delivery, endpoint);
    if (champion === null) throw new TwinloopError('endpoint_not_ready', { values: { endpoint } });
    const { reference } = (await watch.reference(await shelf.load(champion.model))).drift;
    const entries = await shared.ledger.read({
      project: config.project,
      types: ['WindowObserved', 'SignalRaised', 'AlarmRaised'],
    });
    const { alpha, matters, reference: held } = config.monitors.drift;
    return {
      endpoint,
      reference: {
        model: champion.model,
        rows: reference.rows,
        held: held === 'training' ? 'training' : 'same weekday and hour',
      },
      alpha,
      tolerance: matters,
      ...(await history.matrix(endpoint, entries, reference.importance)),
    };
  }
}
