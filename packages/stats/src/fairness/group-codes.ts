/** Groups of rows by code, and what each code stands for. */
export interface GroupCodes<Level = string | number | boolean> {
  /** One code a row; −1 where the value is missing. */
  readonly codes: Int32Array;
  /** By code. */
  readonly levels: readonly Level[];
}

/** Codes of an attribute's values, numbered by sorted value; null, undefined and NaN are missing. */
export function groupCodes<Value extends string | number | boolean>(
  values: ArrayLike<Value | null | undefined>,
): GroupCodes<Value> {
  const first = new Map<Value, number>();
  const codes = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined || Number.isNaN(value)) {
      codes[i] = -1;
      continue;
    }
    let code = first.get(value);
    if (code === undefined) first.set(value, (code = first.size));
    codes[i] = code;
  }
  const levels = [...first.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const rank = new Int32Array(levels.length);
  levels.forEach((level, at) => {
    rank[first.get(level)!] = at;
  });
  for (let i = 0; i < codes.length; i++) if (codes[i]! >= 0) codes[i] = rank[codes[i]!]!;
  return { codes, levels };
}

/**
 * Intersections of attributes: each combination that occurs is a group, its level the list of the attributes' levels.
 * Missing in any attribute is missing. @throws RangeError when lengths differ or there is no attribute
 */
export function intersectGroups<Level>(
  attributes: readonly GroupCodes<Level>[],
): GroupCodes<readonly Level[]> {
  const [head, ...rest] = attributes;
  if (head === undefined) throw new RangeError('an intersection needs at least one attribute');
  let codes = Int32Array.from(head.codes);
  let levels: (readonly Level[])[] = head.levels.map(level => [level]);
  for (const attribute of rest) {
    if (attribute.codes.length !== codes.length)
      throw new RangeError(
        `attributes have ${codes.length} and ${attribute.codes.length} rows; they are paired`,
      );
    const width = attribute.levels.length;
    const seen = new Uint8Array(levels.length * width);
    const crossed = codes.map((code, i) =>
      code < 0 || attribute.codes[i]! < 0 ? -1 : code * width + attribute.codes[i]!,
    );
    for (const code of crossed) if (code >= 0) seen[code] = 1;
    const number = new Int32Array(seen.length);
    const next: (readonly Level[])[] = [];
    seen.forEach((present, code) => {
      if (present === 0) return;
      number[code] = next.length;
      next.push([...levels[Math.floor(code / width)]!, attribute.levels[code % width]!]);
    });
    codes = crossed.map(code => (code < 0 ? -1 : number[code]!));
    levels = next;
  }
  return { codes, levels };
}
