/** What a state looks like: shape and word together, so that colour is never the only sign. */
export type Mark = 'ok' | 'working' | 'attention' | 'fail' | 'idle';

const COLOUR: Readonly<Record<Mark, string>> = {
  ok: 'text-ok',
  working: 'text-accent',
  attention: 'text-attention',
  fail: 'text-fail',
  idle: 'text-soft',
};

export const markOf = (status: string): Mark => {
  if (['pass', 'passed', 'accepted', 'done', 'promoted', 'ok', 'live', 'better'].includes(status))
    return 'ok';
  if (['fail', 'failed', 'refused', 'worse'].includes(status)) return 'fail';
  if (['running', 'open', 'working', 'shadow', 'continue', 'playing'].includes(status)) return 'working';
  if (['inconclusive', 'attention', 'drifted'].includes(status)) return 'attention';
  return 'idle';
};

/** The shape alone, drawn in a 16 × 16 box around (0, 0). Used inside other SVGs too. */
export function MarkShape({ mark }: { mark: Mark }) {
  switch (mark) {
    case 'ok':
      return (
        <>
          <circle r="6.5" fill="currentColor" />
          <path d="M-3 .2-.9 2.4 3-2" fill="none" stroke="var(--color-page)" strokeWidth="1.7" />
        </>
      );
    case 'working':
      return (
        <>
          <circle r="5.8" fill="var(--color-page)" stroke="currentColor" strokeWidth="1.5" />
          <path d="M0-5.8A5.8 5.8 0 0 1 0 5.8Z" fill="currentColor" />
        </>
      );
    case 'attention':
      return (
        <>
          <path d="M0-7 7.2 5.8H-7.2Z" fill="currentColor" strokeLinejoin="round" />
          <path d="M0-2.6V1.6M0 3V4.4" stroke="var(--color-page)" strokeWidth="1.6" />
        </>
      );
    case 'fail':
      return (
        <>
          <rect x="-6" y="-6" width="12" height="12" rx="1.5" fill="currentColor" />
          <path d="M-2.6-2.6 2.6 2.6M2.6-2.6-2.6 2.6" stroke="var(--color-page)" strokeWidth="1.6" />
        </>
      );
    case 'idle':
      return <circle r="5.8" fill="var(--color-page)" stroke="currentColor" strokeWidth="1.5" />;
  }
}

export function StatusMark({ mark, pulse = false }: { mark: Mark; pulse?: boolean }) {
  return (
    <svg
      width="14"
      height="14"
      viewBox="-8 -8 16 16"
      aria-hidden="true"
      className={`inline-block shrink-0 align-[-2px] ${COLOUR[mark]} ${pulse ? 'pulse' : ''}`}
    >
      <MarkShape mark={mark} />
    </svg>
  );
}

/** A state in a table or a line: shape, then its word. */
export function Status({ status }: { status: string }) {
  const mark = markOf(status);
  return (
    <span className="inline-flex items-center gap-1.5 align-top whitespace-nowrap">
      <StatusMark mark={mark} pulse={mark === 'working'} />
      {status}
    </span>
  );
}
