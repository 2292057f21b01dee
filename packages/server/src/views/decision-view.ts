import type { Decision } from '@twinloop/client';
import type { Entry, EpochMs, Json } from '@twinloop/kernel';
import { importance, sentence } from '@twinloop/loop/governance';

const formats = new Map<string, Intl.DateTimeFormat>();

/** `14 June 05:20`, in the project's zone: how the story dates its sentences. */
export function storyTime(timezone: string): (at: EpochMs) => string {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: timezone,
      day: 'numeric',
      month: 'long',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timezone, format);
  }
  return at => format.format(at).replace(' at ', ' ');
}

export function decisionView(entry: Entry, timezone: string): Decision {
  const { seq, type, at, recordedAt, actor, correlation, causation, hash, payload } = entry;
  return {
    seq,
    type,
    at,
    recordedAt,
    actor,
    correlation,
    causation,
    hash,
    sentence: sentence(entry, { formatTime: storyTime(timezone) }),
    importance: importance(entry),
    payload: payload as unknown as Json,
  };
}
