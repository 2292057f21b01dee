/** What canonical JSON accepts beyond JSON: numbers that JSON lacks and big integers become tagged strings. */
export type Canonicalizable =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Canonicalizable[]
  | { readonly [key: string]: Canonicalizable | undefined };

/**
 * Canonical JSON (RFC 8785): keys sorted by UTF-16 code units, ECMAScript number form, no white space.
 * NaN, ±Infinity and bigint, which JSON cannot hold, become `"$nan"`, `"$inf"`, `"$-inf"` and `"$big:<digits>"`;
 * a text that starts with `$` is escaped as `$$…`, so the form is one-to-one. Undefined members are left out.
 */
export function canonicalJson(value: Canonicalizable): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (Number.isFinite(value)) return JSON.stringify(value);
      return Number.isNaN(value) ? '"$nan"' : value > 0 ? '"$inf"' : '"$-inf"';
    case 'bigint':
      return `"$big:${value}"`;
    case 'string':
      return JSON.stringify(value.startsWith('$') ? `$${value}` : value);
    default:
      break;
  }
  if (Array.isArray(value)) return `[${(value as readonly Canonicalizable[]).map(canonicalJson).join(',')}]`;
  const record = value as { readonly [key: string]: Canonicalizable | undefined };
  const members: string[] = [];
  for (const key of Object.keys(record).sort()) {
    const member = record[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** Reads what {@link canonicalJson} wrote. @throws SyntaxError */
export function parseCanonical(text: string): Canonicalizable {
  return JSON.parse(text, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith('$')) return value;
    if (value === '$nan') return Number.NaN;
    if (value === '$inf') return Number.POSITIVE_INFINITY;
    if (value === '$-inf') return Number.NEGATIVE_INFINITY;
    if (value.startsWith('$big:')) return BigInt(value.slice(5));
    return value.slice(1);
  }) as Canonicalizable;
}
