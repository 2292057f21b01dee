const UNITS = ['bytes', 'kB', 'MB', 'GB'] as const;

/** `1.1 MB`. */
export function bytes(size: number): string {
  let unit = 0;
  let value = size;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${UNITS[unit]}`;
}
