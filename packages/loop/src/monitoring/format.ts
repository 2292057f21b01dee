/** Numbers as sentences show them: about three digits, thousands in groups, without units (nobody knows them here). */
export function figure(value: number): string {
  if (value < 0) return `−${figure(-value)}`;
  const size = value;
  if (!Number.isFinite(value)) return String(value);
  if (size >= 1000) return count(Math.round(value));
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

export function percent(share: number): string {
  const value = 100 * share;
  return `${Math.abs(value) < 9.95 && Math.abs(value - Math.round(value)) > 0.05 ? value.toFixed(1) : Math.round(value)} %`;
}
