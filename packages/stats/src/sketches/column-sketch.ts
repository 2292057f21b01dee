import { CategoricalColumnSketch, type CategoricalColumnSketchJson } from './categorical-column-sketch.js';
import { NumericColumnSketch, type NumericColumnSketchJson } from './numeric-column-sketch.js';

export type ColumnSketch = NumericColumnSketch | CategoricalColumnSketch;
export type ColumnSketchJson = NumericColumnSketchJson | CategoricalColumnSketchJson;

/** Reads a stored column sketch of either kind. RangeError when it is neither. */
export function columnSketchFromJson(json: ColumnSketchJson): ColumnSketch {
  return json.sketch === 'numeric-column'
    ? NumericColumnSketch.fromJSON(json)
    : CategoricalColumnSketch.fromJSON(json);
}
