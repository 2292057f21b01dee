import { describe, expect, it } from 'vitest';
import { CONFIG } from './delivery.fixture.js';
import { endpointSection } from './section.js';

type Node = { readonly [key: string]: unknown };
const properties = (schema: Node) => schema['properties'] as Record<string, Node>;

describe('endpointSection', () => {
  it('fills in the rollout that the tests use', () => {
    const rollout = properties(properties(endpointSection.schema)['rollout']!);
    expect(
      Object.fromEntries(Object.entries(rollout).map(([name, node]) => [name, node['default']])),
    ).toEqual(CONFIG);
  });
});
