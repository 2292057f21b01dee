import type { Decision, FactType, Json } from '@twinloop/client';

/** A decision for tests: only what the test is about needs naming. */
export function decision(
  seq: number,
  type: FactType,
  payload: Json = {},
  rest: Partial<Decision> = {},
): Decision {
  return {
    seq,
    type,
    at: seq * 1000,
    recordedAt: seq * 1000,
    actor: 'policy',
    sentence: `${type} ${seq}`,
    importance: 'story',
    correlation: null,
    causation: null,
    hash: String(seq).padStart(64, 'a'),
    payload,
    ...rest,
  };
}
