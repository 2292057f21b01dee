import type { Decision } from '@twinloop/client';
import { type Kind, KINDS, kindOf } from '../../live/kinds.js';

/** The kinds named in the address (`alarm.promotion`); unknown names are left out. */
export function kindsIn(text: string | undefined): ReadonlySet<Kind> {
  const names = new Set(text?.split('.') ?? []);
  return new Set(KINDS.map(([kind]) => kind).filter(kind => names.has(kind)));
}

export function kindsText(kinds: ReadonlySet<Kind>): string | undefined {
  const names = KINDS.map(([kind]) => kind).filter(kind => kinds.has(kind));
  return names.length === 0 ? undefined : names.join('.');
}

/**
 * The decisions that match, newest first. Every word must occur in the sentence, the type, the actor, the episode,
 * the sequence number (`#42`) or at the start of the hash. No kinds: all kinds.
 */
export function filtered(
  decisions: readonly Decision[],
  text: string | undefined,
  kinds: ReadonlySet<Kind>,
): readonly Decision[] {
  const words = (text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '');
  const found: Decision[] = [];
  for (let i = decisions.length - 1; i >= 0; i--) {
    const decision = decisions[i]!;
    if (kinds.size > 0 && !kinds.has(kindOf(decision.type))) continue;
    if (words.every(word => matches(decision, word))) found.push(decision);
  }
  return found;
}

function matches(d: Decision, word: string): boolean {
  return (
    d.sentence.toLowerCase().includes(word) ||
    d.type.toLowerCase().includes(word) ||
    d.actor.toLowerCase().includes(word) ||
    (d.correlation !== null && d.correlation.toLowerCase().includes(word)) ||
    `#${d.seq}` === word ||
    (word.length >= 6 && d.hash.startsWith(word))
  );
}

/** The decisions that led to this one, nearest first. */
export function causes(
  decision: Decision,
  bySeq: (seq: number) => Decision | undefined,
  seqOf: (id: string | null) => number | undefined,
): readonly Decision[] {
  const chain: Decision[] = [];
  let at = seqOf(decision.causation);
  // A cause is always older, so a chain that is not damaged only goes back.
  while (at !== undefined && at < (chain.at(-1) ?? decision).seq) {
    const cause = bySeq(at);
    if (cause === undefined) break;
    chain.push(cause);
    at = seqOf(cause.causation);
  }
  return chain;
}
