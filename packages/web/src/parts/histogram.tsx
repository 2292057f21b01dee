/** Counts over equal bins as bars: a column's shape at a glance. */
export function Histogram({
  counts,
  label,
  width = 120,
  height = 24,
}: {
  counts: readonly number[];
  label: string;
  width?: number;
  height?: number;
}) {
  const top = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  return (
    <svg width={width} height={height} role="img" aria-label={label} className="block text-soft">
      {counts.map((count, i) => {
        const size = count === 0 ? 0 : Math.max(1, (count / top) * (height - 1));
        return (
          <rect
            key={i}
            x={i * step}
            y={height - 1 - size}
            width={Math.max(1, step - 1)}
            height={size}
            fill="currentColor"
            opacity="0.75"
          />
        );
      })}
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--color-line-strong)" />
    </svg>
  );
}

/** A share of a whole as a thin bar with an optional mark at a limit. */
export function Bar({
  share,
  limit,
  colour = 'soft',
  width = 96,
}: {
  share: number;
  limit?: number;
  colour?: string;
  width?: number;
}) {
  const clipped = Math.min(1, Math.max(0, share));
  return (
    <svg height="12" aria-hidden="true" className="block w-full" style={{ maxWidth: width }}>
      <rect y="4" width="100%" height="4" fill="var(--color-line)" rx="1" />
      <rect y="4" width={`${clipped * 100}%`} height="4" fill={`var(--color-${colour})`} rx="1" />
      {limit !== undefined && (
        <line
          x1={`${limit * 100}%`}
          x2={`${limit * 100}%`}
          y1="0"
          y2="12"
          stroke="var(--color-ink)"
          strokeDasharray="3 1.5"
        />
      )}
    </svg>
  );
}
