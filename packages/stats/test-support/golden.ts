import { readFileSync } from 'node:fs';

/** One case of golden/*.json; golden/CONVENTIONS.md defines every field. */
export interface GoldenCase {
  readonly name: string;
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: { readonly rel: number; readonly abs: number };
}

const SPECIAL: Readonly<Record<string, number>> = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity };

export function goldenCases(file: string, kind: string): GoldenCase[] {
  const text = readFileSync(new URL(`../golden/${file}`, import.meta.url), 'utf8');
  const cases = JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' && value in SPECIAL ? SPECIAL[value] : value,
  ) as GoldenCase[];
  return cases.filter(each => each.kind === kind);
}

/** Differences between what was expected and what was computed; fields that were not computed are not compared. */
export function mismatches(
  { expected, tolerance }: GoldenCase,
  got: Readonly<Record<string, unknown>>,
): string[] {
  return Object.entries(got).flatMap(([field, value]) =>
    field in expected ? compare(field, expected[field], value, tolerance) : [],
  );
}

function compare(path: string, want: unknown, got: unknown, tolerance: GoldenCase['tolerance']): string[] {
  if (Array.isArray(want)) {
    if (!Array.isArray(got) || got.length !== want.length) return [`${path}: expected ${want.length} items`];
    return want.flatMap((each, i) => compare(`${path}[${i}]`, each, got[i], tolerance));
  }
  if (typeof want === 'number' && typeof got === 'number') {
    const near = Math.abs(got - want) <= Math.max(tolerance.abs, tolerance.rel * Math.abs(want));
    return near || Object.is(want, got) || want === got ? [] : [`${path}: expected ${want}, got ${got}`];
  }
  return Object.is(want, got) ? [] : [`${path}: expected ${String(want)}, got ${String(got)}`];
}
