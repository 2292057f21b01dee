/** Words that YAML takes for something else than a text. */
const RESERVED = /^(y|n|yes|no|on|off|true|false|null|~)$/i;
const PLAIN = /^[A-Za-z_][A-Za-z0-9_./-]*$/;

/** A value in YAML's flow style; what is not a plain word is quoted as JSON, which YAML reads too. */
export function flow(value: unknown): string {
  if (typeof value === 'string')
    return PLAIN.test(value) && !RESERVED.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (value !== null && typeof value === 'object')
    return `{ ${Object.entries(value)
      .map(([key, each]) => `${flow(key)}: ${flow(each)}`)
      .join(', ')} }`;
  return String(value);
}
