import type { Decision, Evidence, Json } from '@twinloop/client';

/** A text member of a decision's payload. */
export function textOf(decision: Decision, name: string): string | undefined {
  const value = memberOf(decision.payload, name);
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(decision: Decision, name: string): number | undefined {
  const value = memberOf(decision.payload, name);
  return typeof value === 'number' ? value : undefined;
}

export function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isRecord(value) ? value[name] : undefined;
}

/** Every piece of evidence in a payload, at any depth, in order. */
export function evidenceIn(value: Json | undefined): readonly Evidence[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(evidenceIn);
  if (!isRecord(value)) return [];
  const { statistic, n, method } = value;
  if (typeof statistic === 'string' && typeof n === 'number' && typeof method === 'string') {
    return [
      {
        ...value,
        value: typeof value['value'] === 'number' ? value['value'] : Number.NaN,
      } as unknown as Evidence,
    ];
  }
  return Object.values(value).flatMap(evidenceIn);
}

/** The sequence number in a causation id, `<project>/<seq>`. */
export function seqOf(causation: string | null): number | undefined {
  const seq = Number(causation?.split('/').at(-1));
  return causation !== null && Number.isInteger(seq) && seq > 0 ? seq : undefined;
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
