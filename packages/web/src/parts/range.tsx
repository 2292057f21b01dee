/** A figure and its interval on a common scale: dot and whisker, with an optional limit. */
export function Range({
  value,
  low,
  high,
  from,
  until,
  limit,
  reference,
  colour = 'accent',
  width = 160,
}: {
  value: number;
  low: number;
  high: number;
  from: number;
  until: number;
  limit?: number | null;
  reference?: number | null;
  colour?: string;
  width?: number;
}) {
  const at = (x: number): string =>
    `${(100 * (Math.min(until, Math.max(from, x)) - from)) / (until - from || 1)}%`;
  return (
    <svg height="16" aria-hidden="true" className="block w-full" style={{ maxWidth: width, minWidth: 72 }}>
      <line x1="0" x2="100%" y1="8" y2="8" stroke="var(--color-line)" />
      {reference != null && (
        <line x1={at(reference)} x2={at(reference)} y1="1" y2="15" stroke="var(--color-line-strong)" />
      )}
      {limit != null && (
        <line
          x1={at(limit)}
          x2={at(limit)}
          y1="0"
          y2="16"
          stroke="var(--color-ink)"
          strokeDasharray="3 1.5"
        />
      )}
      <line x1={at(low)} x2={at(high)} y1="8" y2="8" stroke={`var(--color-${colour})`} strokeWidth="2" />
      <circle cx={at(value)} cy="8" r="3.5" fill={`var(--color-${colour})`} />
    </svg>
  );
}
