const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** `50,814`. */
export function whole(value: number): string {
  return WHOLE.format(value);
}

/** `1 label`, `412 labels`. */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${whole(value)} ${value === 1 ? singular : plural}`;
}

/** A fixed number of decimals with a true minus sign, so that columns align and signs are seen. */
export function fixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : value > 0 ? '∞' : '−∞';
  const text = value.toFixed(digits);
  return text.startsWith('-') ? (Number(text) === 0 ? text.slice(1) : `−${text.slice(1)}`) : text;
}

/** With its sign always: `+0.021`, `−0.004`. */
export function signed(value: number, digits: number): string {
  const text = fixed(value, digits);
  return value > 0 && Number(value.toFixed(digits)) !== 0 ? `+${text}` : text;
}

/** A figure of unknown size to about four significant digits: `9,186`, `13.1`, `0.0041`. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return fixed(value, 0);
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e15) return whole(value).replace('-', '−');
  if (size >= 1000) return whole(value).replace('-', '−');
  if (size !== 0 && size < 0.0005) return value.toExponential(1).replaceAll('-', '−');
  return fixed(value, size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4);
}

/** A share as a percentage: `24.1 %`. */
export function percent(share: number, digits = 1): string {
  return `${fixed(share * 100, digits)} %`;
}

/** A p-value: `0.021`, `< 10⁻⁶` as `3.1e−14`, never `0`. */
export function pValue(p: number | null): string {
  if (p === null) return '–';
  if (p === 0) return '< 1e−300';
  return p < 0.001 ? p.toExponential(1).replaceAll('-', '−') : fixed(p, 3);
}

/** `[0.011, 0.031]`. An interval without bounds (the wire has null for infinity) is said to be so. */
export function interval(
  pair: readonly [number, number] | undefined,
  show: (value: number) => string = value => fixed(value, 4),
): string {
  if (pair === undefined) return '–';
  return pair.every(Number.isFinite) ? `[${show(pair[0])}, ${show(pair[1])}]` : 'unbounded';
}
