import { readdirSync, readFileSync } from 'node:fs';

/** One case of golden/*.json; golden/CONVENTIONS.md defines every field. */
export interface GoldenCase {
  readonly name: string;
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: { readonly rel: number; readonly abs: number };
}

const SPECIAL: Readonly<Record<string, number>> = { NaN: NaN, Infinity: Infinity, '-Infinity': -Infinity };
const FOLDER = new URL('../golden/', import.meta.url);

/** Every case of every file. */
export function goldenCases(): GoldenCase[] {
  return readdirSync(FOLDER)
    .filter(file => file.endsWith('.json'))
    .flatMap(
      file =>
        JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'), (_key, value: unknown) =>
          typeof value === 'string' && value in SPECIAL ? SPECIAL[value] : value,
        ) as GoldenCase[],
    );
}

/** Differences between what was expected and what was computed, leaf by leaf; fields that are not expected are free. */
export function mismatches(
  { expected, tolerance }: GoldenCase,
  got: Readonly<Record<string, unknown>>,
): string[] {
  return compare('', expected, got, tolerance);
}

function compare(path: string, want: unknown, got: unknown, tolerance: GoldenCase['tolerance']): string[] {
  if (Array.isArray(want)) {
    const list = ArrayBuffer.isView(got) ? Array.from(got as unknown as number[]) : got;
    if (!Array.isArray(list) || list.length !== want.length)
      return [`${path}: expected ${want.length} items`];
    return want.flatMap((each, i) => compare(`${path}[${i}]`, each, list[i], tolerance));
  }
  if (typeof want === 'object' && want !== null) {
    if (typeof got !== 'object' || got === null) return [`${path}: expected an object`];
    return Object.entries(want).flatMap(([field, each]) =>
      compare(
        path === '' ? field : `${path}.${field}`,
        each,
        (got as Record<string, unknown>)[field],
        tolerance,
      ),
    );
  }
  if (typeof want === 'number' && typeof got === 'number') {
    const near = Math.abs(got - want) <= Math.max(tolerance.abs, tolerance.rel * Math.abs(want));
    return near || Object.is(want, got) || want === got ? [] : [`${path}: expected ${want}, got ${got}`];
  }
  return Object.is(want, got) ? [] : [`${path}: expected ${String(want)}, got ${String(got)}`];
}
