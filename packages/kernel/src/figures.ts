/** A count with thousands separators: `9,186`. The same on every machine (no locale). */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

function trimmed(text: string): string {
  return text.includes('.') && !text.includes('e') ? text.replace(/\.?0+$/, '') : text;
}

/** A share of one as per cent: `20.1 %`, `5 %`, `0.04 %`. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return 'an unknown share';
  const percent = share * 100;
  const size = Math.abs(percent);
  return `${trimmed(size >= 1 || size === 0 ? percent.toFixed(1) : percent.toPrecision(2))} %`;
}

/** A figure as people read it: whole parts with separators, else three decimals, and two digits when it is smaller than that. */
export function formatFigure(value: number): string {
  if (Number.isNaN(value)) return 'not defined';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const sign = value < 0 ? '−' : '';
  const size = Math.abs(value);
  if (size >= 1000) return sign + formatCount(size);
  if (size >= 100) return sign + trimmed(size.toFixed(1));
  return size !== 0 && size < 0.0005 ? sign + trimmed(size.toPrecision(2)) : sign + trimmed(size.toFixed(3));
}

/** An interval: `[0.004, 0.038]`. */
export function formatInterval(interval: readonly [number, number]): string {
  return `[${formatFigure(interval[0])}, ${formatFigure(interval[1])}]`;
}
