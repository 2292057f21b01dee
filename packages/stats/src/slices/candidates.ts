import type { ResamplingBound } from './resampling-bound.js';

/** One condition: the feature at this position has this code. */
export interface Predicate {
  readonly feature: number;
  readonly code: number;
}

/** A slice whose losses look high. */
export interface Candidate {
  readonly predicates: readonly Predicate[];
  readonly n: number;
  /** Natural log of the bound on its p-value, before correction. */
  readonly logP: number;
}

export interface Candidates {
  /** Those that could be significant. */
  readonly found: Candidate[];
  /** All slices of a lawful size: what the correction is over. */
  readonly searched: number;
}

/** Codes packed for the search: `spare` is the level of rows that belong to no slice of this feature. */
export interface PackedFeature {
  readonly codes: Uint16Array;
  /** Original code of each packed level. */
  readonly levels: readonly number[];
  readonly spare: number;
}

/** Keeps the levels with at least `minimum` rows: others cannot be part of a slice of that size. */
export function packFeature(codes: ArrayLike<number>, rows: Uint32Array, minimum: number): PackedFeature {
  const counts = new Map<number, number>();
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!;
    if (code >= 0) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const levels = [...counts.keys()].filter(code => counts.get(code)! >= minimum).sort((a, b) => a - b);
  if (levels.length > 65_534)
    throw new RangeError(`a feature has ${levels.length} levels of slice size; at most 65534`);
  const packed = new Map(levels.map((code, at) => [code, at]));
  const spare = levels.length;
  const out = new Uint16Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = packed.get(codes[rows[i]!]!) ?? spare;
  return { codes: out, levels, spare };
}

/** Sums and counts of the losses by every combination of up to `depth` features' levels, one pass over the rows each. */
export function searchCandidates(
  losses: Float64Array,
  features: readonly PackedFeature[],
  bound: ResamplingBound,
  depth: number,
  minimum: number,
  alpha: number,
): Candidates {
  const found: Candidate[] = [];
  let searched = 0;
  const usable = features.map((_, f) => f).filter(f => features[f]!.levels.length > 0);
  const screen = Math.log(alpha);
  let counts = new Uint32Array(0);
  let sums = new Float64Array(0);
  const visit = (chosen: readonly number[], cells: Uint32Array | Uint16Array, size: number): void => {
    if (counts.length < size) {
      counts = new Uint32Array(size);
      sums = new Float64Array(size);
    } else {
      counts.fill(0, 0, size);
      sums.fill(0, 0, size);
    }
    tally(losses, cells, counts, sums);
    for (let cell = 0; cell < size; cell++) {
      const n = counts[cell]!;
      if (n < minimum || losses.length - n < minimum) continue;
      if (hasSpare(chosen, features, cell)) continue;
      searched++;
      const logP = bound.logTail(sums[cell]! / n - bound.mean, n);
      if (logP <= screen) found.push({ predicates: decode(chosen, features, cell), n, logP });
    }
  };
  const descend = (
    chosen: readonly number[],
    cells: Uint32Array | Uint16Array,
    size: number,
    from: number,
  ): void => {
    visit(chosen, cells, size);
    if (chosen.length === depth) return;
    for (let u = from; u < usable.length; u++) {
      const { codes, spare } = features[usable[u]!]!;
      descend([...chosen, usable[u]!], crossed(cells, codes, spare + 1), size * (spare + 1), u + 1);
    }
  };
  usable.forEach((f, u) => {
    const { codes, spare } = features[f]!;
    descend([f], codes, spare + 1, u + 1);
  });
  return { found, searched };
}

function tally(
  losses: Float64Array,
  cells: Uint32Array | Uint16Array,
  counts: Uint32Array,
  sums: Float64Array,
): void {
  for (let i = 0; i < losses.length; i++) {
    const cell = cells[i]!;
    counts[cell]!++;
    sums[cell]! += losses[i]!;
  }
}

function crossed(cells: Uint32Array | Uint16Array, codes: Uint16Array, width: number): Uint32Array {
  const out = new Uint32Array(cells.length);
  for (let i = 0; i < out.length; i++) out[i] = cells[i]! * width + codes[i]!;
  return out;
}

/** Whether a cell holds rows that are in no slice of one of the features. */
function hasSpare(chosen: readonly number[], features: readonly PackedFeature[], cell: number): boolean {
  let rest = cell;
  for (let c = chosen.length - 1; c >= 0; c--) {
    const { spare } = features[chosen[c]!]!;
    if (rest % (spare + 1) === spare) return true;
    rest = Math.floor(rest / (spare + 1));
  }
  return false;
}

function decode(chosen: readonly number[], features: readonly PackedFeature[], cell: number): Predicate[] {
  const predicates: Predicate[] = [];
  let rest = cell;
  for (let c = chosen.length - 1; c >= 0; c--) {
    const { levels, spare } = features[chosen[c]!]!;
    predicates.unshift({ feature: chosen[c]!, code: levels[rest % (spare + 1)]! });
    rest = Math.floor(rest / (spare + 1));
  }
  return predicates;
}
