import { columnOf, type Table, TwinloopError } from '@twinloop/kernel';
import { compileFeatures } from './program.js';
import type { FeaturePlan, FeatureSpec, InputColumn, PlannedFeature } from './spec.js';
import { tableReader } from './table-reader.js';
import { fitVocabulary } from '../text/vocabulary.js';

export interface FitOptions {
  readonly label: string;
  /** Categories seen less often share the fate of unknown ones. Default 20. */
  readonly minFrequency?: number;
  /** The most frequent categories kept per feature. Default 254: with the one for missing they fit a byte. */
  readonly maxCategories?: number;
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Types of the inputs as the table has them. @throws dataset_column_missing */
export function inputsOf(spec: FeatureSpec, table: Table): readonly InputColumn[] {
  return spec.inputs.map(name => {
    const column = columnOf(table, name);
    if (column !== undefined) return { name, type: column.type };
    throw new TwinloopError('dataset_column_missing', {
      field: `features/inputs/${name}`,
      values: {
        column: name,
        dataset: 'the training table',
        found: table.columns.map(c => c.name).join(', '),
      },
    });
  });
}

/**
 * Binds a spec to training data: fixes types, order and vocabularies (sorted by name; of texts the most useful words). Only these rows are looked at,
 * so nothing of a hold-out reaches the encoders.
 * @throws feature_leak when the label is an input · dataset_column_missing · expression_invalid · invalid_request
 */
export function fitFeatures(spec: FeatureSpec, table: Table, options: FitOptions): FeaturePlan {
  const { label, minFrequency = 20, maxCategories = 254 } = options;
  if (spec.inputs.includes(label)) {
    throw new TwinloopError('feature_leak', {
      field: 'features/inputs',
      values: { feature: label, reason: 'it is the label' },
    });
  }
  const inputs = inputsOf(spec, table);
  const program = compileFeatures(spec, inputs);
  const listed = new Set(spec.categorical ?? []);
  const categorical = program.candidates.filter(c => c.type === 'string' || listed.has(c.name));
  const counts = categorical.map(() => new Map<string, number>());
  const texts = program.texts.map(() => new Array<string | null>(table.rows).fill(null));
  if (categorical.length + texts.length > 0) {
    const read = tableReader(table, inputs);
    const slots = program.newSlots();
    for (let row = 0; row < table.rows; row++) {
      read(row, slots);
      program.run(slots);
      for (let c = 0; c < categorical.length; c++) {
        const value = slots[categorical[c]!.slot]!;
        if (value === null) continue;
        const key = String(value);
        counts[c]!.set(key, (counts[c]!.get(key) ?? 0) + 1);
      }
      for (let t = 0; t < texts.length; t++) texts[t]![row] = slots[program.texts[t]!.slot] as string | null;
    }
  }
  const features = program.candidates.map((candidate): PlannedFeature => {
    const index = categorical.indexOf(candidate);
    if (index < 0) return { name: candidate.name, type: 'numeric' };
    const categories = [...counts[index]!]
      .filter(([, count]) => count >= minFrequency)
      .sort(([a, n], [b, m]) => m - n || byCodeUnit(a, b))
      .slice(0, maxCategories)
      .map(([key]) => key)
      .sort(byCodeUnit);
    return { name: candidate.name, type: 'categorical', categories };
  });
  const words = (spec.text ?? []).flatMap(({ column, words: size }, t) =>
    fitVocabulary(texts[t]!, columnOf(table, label), size).map(
      ({ word, idf }): PlannedFeature => ({
        name: `${column}:${word}`,
        type: 'numeric',
        text: { column, word, idf },
      }),
    ),
  );
  return { spec, inputs, features: [...features, ...words] };
}
