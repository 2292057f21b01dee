import { TwinloopError } from '@twinloop/kernel';
import { endpointState } from '@twinloop/loop/delivery';
import { modelCard } from '@twinloop/loop/governance';
import { toOnnx } from '@twinloop/model';
import type { ArchivedQuery } from '../app.js';
import { modelView } from '../views/data-views.js';
import type { ServiceParts } from './service-parts.js';

/** The models of one project, with the part that each has now. */
export class Models {
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  get #project() {
    return this.#parts.loaded.config.project;
  }

  async list({ archived }: ArchivedQuery = {}) {
    const { shared, state, serving, shelf } = this.#parts;
    const { champion, watch, rollout, history } = endpointState(state.delivery, serving.endpoint);
    const shadows = new Set([rollout?.challenger, watch?.previous]);
    const served = new Set(history.map(change => change.model));
    const views = (await shared.metadata.models.list(this.#project)).map(record =>
      modelView(
        record,
        shelf.loaded(record.model)?.importance ?? {},
        record.model === champion?.model
          ? 'live'
          : shadows.has(record.model)
            ? 'shadow'
            : served.has(record.model)
              ? 'retired'
              : 'registered',
      ),
    );
    return this.#parts.objects.listed('model', views, ({ model }) => model, archived);
  }

  /** @throws not_found · object_deleted */
  async #shelved(id: string) {
    this.#parts.objects.demandThere('model', id);
    return this.#parts.shelf.load(id);
  }

  /** @throws not_found · object_deleted */
  async get(id: string) {
    await this.#shelved(id);
    const found = (await this.list({ archived: true })).find(model => model.model === id);
    if (found === undefined) throw new TwinloopError('not_found', { values: { what: `Model ${id}` } });
    return found;
  }

  /** A deleted model keeps its card: it is written from the ledger alone. */
  async card(id: string): Promise<string> {
    const card = modelCard(await this.#parts.shared.ledger.read({ project: this.#project }), id);
    if (card === undefined) throw new TwinloopError('not_found', { values: { what: `The card of ${id}` } });
    return card;
  }

  async onnx(id: string): Promise<Uint8Array> {
    const { record, document } = await this.#shelved(id);
    if (document !== undefined) return toOnnx(document);
    return this.#parts.shared.blobs.get(this.#project, record.onnx ?? record.blob);
  }
}
