import type { Decision } from '@twinloop/client';
import { type Kind, kindOf } from '../../live/kinds.js';

export interface StripMark {
  readonly seq: number;
  readonly at: number;
  readonly kind: Kind;
  /** Alarms and faults stand in the upper row, how they ended in the lower. */
  readonly row: 0 | 1;
  readonly sentence: string;
}

const SHOWN = new Set<Decision['type']>([
  'AlarmRaised',
  'ModelPromoted',
  'ModelRejected',
  'ModelRecalibrated',
  'ModelRolledBack',
  'ChaosStarted',
]);

/** The decisions that are marked above the time line: alarms and faults, and how they ended. */
export function stripMarks(decisions: readonly Decision[]): readonly StripMark[] {
  return decisions
    .filter(d => SHOWN.has(d.type))
    .map(({ seq, at, type, sentence }) => ({
      seq,
      at,
      kind: kindOf(type),
      row: type === 'AlarmRaised' || type === 'ChaosStarted' ? 0 : 1,
      sentence,
    }));
}

/** The span of the line: the replay's own, else from the first decision to now. Never empty. */
export function stripSpan(
  replay: { readonly from: number; readonly until: number } | null,
  decisions: readonly Decision[],
  now: number,
): { readonly from: number; readonly until: number } {
  const from = replay?.from ?? decisions[0]?.at ?? now;
  const until = Math.max(replay?.until ?? now, from + 1);
  return { from, until };
}

const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** First days of months (UTC) inside the span, at most `limit` of them, evenly thinned. */
export function monthTicks(
  span: { from: number; until: number },
  limit: number,
): { at: number; label: string }[] {
  const ticks: { at: number; label: string }[] = [];
  const start = new Date(span.from);
  for (let i = 0; ; i++) {
    const at = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + i, 1);
    if (at > span.until) break;
    if (at >= span.from - 86_400_000)
      ticks.push({ at: Math.max(at, span.from), label: MONTH_NAMES[new Date(at).getUTCMonth()]! });
  }
  const step = Math.ceil(ticks.length / Math.max(1, limit));
  return ticks.filter((_, i) => i % step === 0);
}
