import type { OutcomeInput } from '@twinloop/client';
import { TwinloopError } from '@twinloop/kernel';

const KINDS: Readonly<Record<keyof OutcomeInput, readonly string[]>> = {
  id: ['string', 'number'],
  key: ['string', 'number'],
  time: ['number', 'string'],
  value: ['number', 'boolean'],
  metric: ['string'],
  at: ['number', 'string'],
  source: ['string'],
  revision: ['number'],
};

/** An outcome out of a row of JSON Lines or Parquet; null is the same as absent, numbers name cases too. @throws outcome_invalid */
export function outcomeOfRow(row: unknown): OutcomeInput {
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    throw new TwinloopError('outcome_invalid', { values: { reason: 'a row is an object' } });
  const outcome: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(row)) {
    if (value === null || value === undefined) continue;
    const kinds = Object.hasOwn(KINDS, name) ? KINDS[name as keyof OutcomeInput] : undefined;
    if (kinds === undefined) {
      throw new TwinloopError('outcome_invalid', {
        field: name,
        values: { reason: `${name} is not one of ${Object.keys(KINDS).join(', ')}` },
      });
    }
    const fits =
      kinds.includes(typeof value) &&
      (name !== 'revision' || (Number.isInteger(value) && (value as number) >= 0)) &&
      (typeof value !== 'string' || (value !== '' && value.length <= 300));
    if (!fits) {
      throw new TwinloopError('outcome_invalid', {
        field: name,
        values: { reason: `${name} must be a ${kinds.join(' or ')}` },
      });
    }
    outcome[name] = name === 'id' || name === 'key' ? String(value) : value;
  }
  if (outcome['value'] === undefined)
    throw new TwinloopError('outcome_invalid', { field: 'value', values: { reason: 'value is missing' } });
  return outcome as unknown as OutcomeInput;
}
