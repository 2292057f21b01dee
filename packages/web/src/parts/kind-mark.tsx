import type { Kind } from '../live/kinds.js';

const SHAPES: Readonly<Record<Kind, readonly [colour: string, path: string, filled: boolean]>> = {
  alarm: ['text-attention', 'M0-6 6.200 5H-6.200Z', true],
  answer: ['text-ink', 'M-5 0H4M.500-4 4.500 0 .500 4', false],
  promotion: ['text-ok', 'M0-6.500 6.500 0 0 6.500-6.500 0Z', true],
  rejection: ['text-ink', 'M0-6 6 0 0 6-6 0ZM-2-2 2 2M2-2-2 2', false],
  rollback: ['text-attention', 'M-5 0H4M-1-4-5 0-1 4M4-4V4', false],
  chaos: ['text-attention', 'M1-6.500-4 1H0L-1 6.500 4-1H0Z', true],
  recalibration: [
    'text-accent',
    'M-5.500 2.500H5.500M-5.500-2.500H5.500M-2-4.500V-.500M2.500.500V4.500',
    false,
  ],
  rollout: ['text-accent', 'M-5-3.500H5M-5 3.500H-2M0 3.500H1M3 3.500H5', false],
  run: ['text-soft', 'M-4.500-4.500H4.500V4.500H-4.500Z', false],
  model: ['text-soft', 'M0-5.500 5-2.700V2.800L0 5.500-5 2.800V-2.700Z', false],
  data: ['text-soft', 'M-5-4H5M-5 0H5M-5 4H5', false],
  window: ['text-soft', 'M-1.500 0a1.500 1.500 0 1 0 3 0 1.500 1.500 0 1 0-3 0', true],
  operation: ['text-soft', 'M-4.500 0a4.500 4.500 0 1 0 9 0 4.500 4.500 0 1 0-9 0', false],
};

export function KindShape({ kind }: { kind: Kind }) {
  const [, path, filled] = SHAPES[kind];
  return (
    <path
      d={path}
      fill={filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinejoin="round"
    />
  );
}

export const kindColour = (kind: Kind): string => SHAPES[kind][0];

/** A fact's kind as a shape; its word is for screen readers and on hover. */
export function KindMark({ kind }: { kind: Kind }) {
  return (
    <svg
      width="14"
      height="14"
      viewBox="-8 -8 16 16"
      role="img"
      aria-label={kind}
      className={`inline-block shrink-0 ${kindColour(kind)}`}
    >
      <title>{kind}</title>
      <KindShape kind={kind} />
    </svg>
  );
}
