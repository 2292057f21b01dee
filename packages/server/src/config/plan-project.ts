import type { PlanChange } from '@twinloop/client';
import type { Json } from '@twinloop/kernel';
import type { ProjectConfig } from './project-config.js';

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function* differences(
  before: Json | undefined,
  after: Json | undefined,
  path: string,
): Generator<PlanChange> {
  if (isRecord(before) && isRecord(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      yield* differences(before[key], after[key], path === '' ? key : `${path}.${key}`);
    }
    return;
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  if (before === undefined) yield { kind: 'create', path, after: after! };
  else if (after === undefined) yield { kind: 'remove', path, before };
  else yield { kind: 'change', path, before, after };
}

/** What applying `after` would change. Declared configuration only: versions, weights and stages are state, never a difference. */
export function planChanges(before: ProjectConfig | undefined, after: ProjectConfig): readonly PlanChange[] {
  return [...differences(plain(before ?? {}), plain(after), '')];
}

/** Drops members that are undefined, as YAML would. */
function plain(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
