import { type Canonicalizable, type Json, TwinloopError } from '@twinloop/kernel';
import { parseFeatureSpec } from '../features/spec.js';
import type { ModelDocument, Tree } from './document.js';

export function invalidModel(field: string, reason: string, cause?: unknown): TwinloopError {
  return new TwinloopError('model_invalid', {
    field,
    values: { file: 'the document', reason: field === '' ? reason : `${field} ${reason}` },
    cause,
  });
}

type Value = Canonicalizable | undefined;
type Fields = { readonly [key: string]: Value };

function object(value: Value, field: string): Fields {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw invalidModel(field, 'must be an object');
  return value as Fields;
}
function list(value: Value, field: string, length?: number): readonly Value[] {
  if (!Array.isArray(value)) throw invalidModel(field, 'must be a list');
  if (length !== undefined && value.length !== length)
    throw invalidModel(field, `must hold ${length} values`);
  return value as readonly Value[];
}
function finite(value: Value, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw invalidModel(field, 'must be a finite number');
  return value;
}
function integer(value: Value, field: string, from: number, below: number): number {
  const number = finite(value, field);
  if (!Number.isInteger(number) || number < from || number >= below)
    throw invalidModel(field, `must be an integer from ${from} to ${below - 1}`);
  return number;
}
function text(value: Value, field: string): string {
  if (typeof value !== 'string') throw invalidModel(field, 'must be a text');
  return value;
}
function oneOf(value: Value, options: readonly string[], field: string): void {
  if (typeof value !== 'string' || !options.includes(value))
    throw invalidModel(field, `must be one of ${options.join(', ')}`);
}

function validateWord(value: Value, field: string): void {
  const planned = object(value, field);
  text(planned.column, `${field}/column`);
  text(planned.word, `${field}/word`);
  finite(planned.idf, `${field}/idf`);
}

/** Number of categories of each feature; -1 for numeric ones. */
function validateFeatures(value: Value): readonly number[] {
  const plan = object(value, 'features');
  try {
    parseFeatureSpec(plan.spec as Json);
  } catch (cause) {
    throw invalidModel('features/spec', 'is not a feature spec', cause);
  }
  list(plan.inputs, 'features/inputs').forEach((item, i) => {
    const input = object(item, `features/inputs/${i}`);
    text(input.name, `features/inputs/${i}/name`);
    oneOf(input.type, ['number', 'string', 'boolean', 'time'], `features/inputs/${i}/type`);
  });
  return list(plan.features, 'features/features').map((item, i) => {
    const field = `features/features/${i}`;
    const feature = object(item, field);
    text(feature.name, `${field}/name`);
    oneOf(feature.type, ['numeric', 'categorical'], `${field}/type`);
    if (feature.type === 'numeric') {
      if (feature.text !== undefined) validateWord(feature.text, `${field}/text`);
      return -1;
    }
    const categories = list(feature.categories, `${field}/categories`);
    categories.forEach((category, c) => text(category, `${field}/categories/${c}`));
    return categories.length;
  });
}

/** Checks that a feature exists and is of the kind that its use supposes. */
function featureOf(value: Value, sizes: readonly number[], categorical: boolean, field: string): number {
  const feature = integer(value, field, 0, sizes.length);
  if (sizes[feature]! >= 0 !== categorical)
    throw invalidModel(field, `must name a ${categorical ? 'categorical' : 'numeric'} feature`);
  return feature;
}

function validateLinear(body: Fields, sizes: readonly number[], at: string): void {
  finite(body.intercept, `${at}/intercept`);
  list(body.numeric, `${at}/numeric`).forEach((item, i) => {
    const field = `${at}/numeric/${i}`;
    const term = object(item, field);
    featureOf(term.feature, sizes, false, `${field}/feature`);
    finite(term.mean, `${field}/mean`);
    finite(term.weight, `${field}/weight`);
    if (finite(term.scale, `${field}/scale`) <= 0) throw invalidModel(`${field}/scale`, 'must be above 0');
  });
  list(body.categorical, `${at}/categorical`).forEach((item, i) => {
    const field = `${at}/categorical/${i}`;
    const term = object(item, field);
    const feature = featureOf(term.feature, sizes, true, `${field}/feature`);
    list(term.weights, `${field}/weights`, sizes[feature]).forEach((w, c) =>
      finite(w, `${field}/weights/${c}`),
    );
    finite(term.unknown, `${field}/unknown`);
  });
}

function validateTree(value: Value, sizes: readonly number[], field: string): void {
  const tree = object(value, field) as { readonly [K in keyof Tree]?: Value };
  const features = list(tree.feature, `${field}/feature`);
  const nodes = features.length;
  const thresholds = list(tree.threshold, `${field}/threshold`, nodes);
  const categories = list(tree.categories, `${field}/categories`, nodes);
  const leaves = list(tree.leaves, `${field}/leaves`, nodes + 1);
  leaves.forEach((leaf, i) => finite(leaf, `${field}/leaves/${i}`));
  for (const flag of list(tree.missingLeft, `${field}/missingLeft`, nodes))
    if (typeof flag !== 'boolean') throw invalidModel(`${field}/missingLeft`, 'must hold true and false');
  // Children lie behind their parent and are named once: the walk ends, and every leaf can be reached.
  const named = new Set<number>();
  for (const side of ['left', 'right'] as const) {
    list(tree[side], `${field}/${side}`, nodes).forEach((child, i) => {
      const at = `${field}/${side}/${i}`;
      const next = integer(child, at, -leaves.length, nodes);
      if (next >= 0 && next <= i) throw invalidModel(at, 'must be a later node or a leaf');
      if (named.has(next)) throw invalidModel(at, 'is the child of two nodes');
      named.add(next);
    });
  }
  features.forEach((feature, i) => {
    const split = categories[i];
    const index = featureOf(feature, sizes, split !== null, `${field}/feature/${i}`);
    if (split === null) finite(thresholds[i], `${field}/threshold/${i}`);
    else
      list(split, `${field}/categories/${i}`).forEach((category, c) =>
        integer(category, `${field}/categories/${i}/${c}`, 0, sizes[index]!),
      );
  });
}

function validateClasses(value: Value): number {
  const classes = list(value, 'classes').map((name, i) => text(name, `classes/${i}`));
  if (classes.length < 2) throw invalidModel('classes', 'must hold at least two');
  if (new Set(classes).size !== classes.length) throw invalidModel('classes', 'names one twice');
  return classes.length;
}

/** One body of the named kind. */
function validateBody(body: Fields, kind: Value, sizes: readonly number[], field: string): void {
  if (body.kind !== kind) throw invalidModel(`${field}/kind`, 'must equal algorithm');
  if (kind === 'linear') validateLinear(body, sizes, field);
  else {
    finite(body.base, `${field}/base`);
    list(body.trees, `${field}/trees`).forEach((tree, i) => validateTree(tree, sizes, `${field}/trees/${i}`));
  }
}

/** @throws model_invalid */
export function validateDocument(value: Value): ModelDocument {
  const document = object(value, 'document');
  if (document.format !== 'twinloop-model/1') throw invalidModel('format', 'must be twinloop-model/1');
  oneOf(document.task, ['binary', 'multiclass', 'regression'], 'task');
  oneOf(document.algorithm, ['linear', 'gbt'], 'algorithm');
  text(document.label, 'label');
  const sizes = validateFeatures(document.features);
  const body = object(document.body, 'body');
  if (document.task === 'multiclass') {
    if (body.kind !== 'softmax') throw invalidModel('body/kind', 'must be softmax');
    const bodies = list(body.perClass, 'body/perClass', validateClasses(document.classes));
    bodies.forEach((one, i) => {
      const field = `body/perClass/${i}`;
      validateBody(object(one, field), document.algorithm, sizes, field);
    });
    if (document.calibration !== undefined)
      throw invalidModel('calibration', 'is for models of one score alone');
  } else validateBody(body, document.algorithm, sizes, 'body');
  if (document.calibration !== undefined) {
    const calibration = object(document.calibration, 'calibration');
    finite(calibration.intercept, 'calibration/intercept');
    finite(calibration.slope, 'calibration/slope');
  }
  const training = object(document.training, 'training');
  finite(training.rows, 'training/rows');
  finite(training.seed, 'training/seed');
  for (const [name, share] of Object.entries(object(document.importance, 'importance')))
    finite(share, `importance/${name}`);
  return document as unknown as ModelDocument;
}
