import {
  TwinloopError,
  type BlobStore,
  type MetadataStore,
  type ModelRecord,
  type ProjectId,
} from '@twinloop/kernel';
import { bindModel, decodeDocument, signatureOf, type ModelDocument } from '@twinloop/model';
import type { Misreading } from '../../chaos/chaos-state.js';
import { misreading } from '../../chaos/misreading.js';
import type { ModelInput } from '../../app.js';
import type { ClassBook } from './class-book.js';
import type { ShelvedModel } from './shelved-model.js';
import { openOnnx } from './onnx-model.js';

const CURLY = '{'.charCodeAt(0);

/** Models of one project, decoded and bound once; what a routing snapshot names is on the shelf before the snapshot is used. */
export class ModelShelf {
  readonly #project: ProjectId;
  readonly #metadata: MetadataStore;
  readonly #blobs: BlobStore;
  readonly #inputs: readonly string[];
  /** How a model misreads its inputs, when it was broken on purpose. */
  readonly #broken: (model: string) => readonly Misreading[];
  readonly #elsewhere: ((model: string) => Promise<ShelvedModel>) | undefined;
  readonly #book: ClassBook;
  readonly #shelf = new Map<string, ShelvedModel>();

  constructor(
    project: ProjectId,
    metadata: MetadataStore,
    blobs: BlobStore,
    features: {
      readonly inputs: readonly string[];
      readonly classes: ClassBook;
      /** Stands in for the models of an endpoint that is served elsewhere. */
      readonly elsewhere?: (model: string) => Promise<ShelvedModel>;
    },
    broken: (model: string) => readonly Misreading[] = () => [],
  ) {
    this.#book = features.classes;
    this.#project = project;
    this.#metadata = metadata;
    this.#blobs = blobs;
    this.#inputs = features.inputs;
    this.#broken = broken;
    this.#elsewhere = features.elsewhere;
  }

  /** @throws not_found · model_invalid */
  async load(model: string): Promise<ShelvedModel> {
    const known = this.#shelf.get(model);
    if (known !== undefined) return known;
    const record = await this.#metadata.models.get(this.#project, model);
    if (record === undefined && this.#elsewhere !== undefined) {
      const stand = await this.#elsewhere(model);
      this.#shelf.set(model, stand);
      return stand;
    }
    if (record === undefined) throw new TwinloopError('not_found', { values: { what: `Model ${model}` } });
    const bytes = await this.#blobs.get(this.#project, record.blob);
    const shelved = misreading(
      bytes[0] === CURLY
        ? await this.#builtin(record, decodeDocument(bytes))
        : await this.#onnx(record, bytes),
      this.#broken(model),
    );
    this.#shelf.set(model, shelved);
    return shelved;
  }

  async #builtin(record: ModelRecord, document: ModelDocument): Promise<ShelvedModel> {
    await this.#book.add(document.classes ?? []);
    return builtin(record, document, this.#book);
  }

  async #onnx(record: ModelRecord, bytes: Uint8Array): Promise<ShelvedModel> {
    const version = await this.#metadata.datasets.get(this.#project, record.dataset, record.datasetVersion);
    const text = new Set(
      version?.schema.filter(column => column.type === 'string').map(column => column.name),
    );
    const model = await openOnnx(bytes, this.#inputs);
    const inputs = this.#inputs.map(
      (name): ModelInput => ({ name, type: text.has(name) ? 'string' : 'number' }),
    );
    return { record, document: undefined, importance: {}, classes: [], numbers: [], inputs, ...model };
  }

  /** A model that `load` has already brought; the hot path never waits. */
  loaded(model: string): ShelvedModel | undefined {
    return this.#shelf.get(model);
  }
}

function builtin(record: ModelRecord, document: ModelDocument, book: ClassBook): ShelvedModel {
  const bound = bindModel(document);
  return {
    record,
    document,
    importance: document.importance,
    classes: bound.classes,
    numbers: bound.classes.map(name => book.numberOf(name)),
    inputs: signatureOf(document).inputs.map(({ name, type }) => ({
      name,
      type: type === 'string' ? 'string' : 'number',
    })),
    score(rows) {
      const { outputs } = bound;
      const scores = new Float64Array(rows.length * outputs);
      for (let i = 0; i < rows.length; i++) bound.predictInto(rows[i]!, scores, i * outputs);
      return scores;
    },
    scoreTable: table => bound.predictTable(table),
  };
}
