import { describe, expect, it } from 'vitest';
import { CONFIG } from './delivery.fixture.js';
import { endpointSection } from './section.js';

type Node = { readonly [key: string]: unknown };
/** The defaults of a section, filled in as the loader fills them in. */
function filled(node: Node): unknown {
  const { default: value, properties: inner } = node;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const parts = Object.entries((inner ?? {}) as Record<string, Node>);
  return Object.fromEntries(parts.map(([name, part]) => [name, filled(part)]));
}
const properties = (schema: Node) => schema['properties'] as Record<string, Node>;

describe('endpointSection', () => {
  it('fills in the rollout that the tests use, apart from what depends on the task', () => {
    const rollout = properties(properties(endpointSection.schema)['rollout']!);
    expect(Object.fromEntries(Object.entries(rollout).map(([name, node]) => [name, filled(node)]))).toEqual({
      ...CONFIG,
      metric: undefined,
      tolerance: undefined,
    });
    for (const name of ['metric', 'tolerance']) expect(rollout[name]!['description']).toMatch(/Default: /);
  });
});
