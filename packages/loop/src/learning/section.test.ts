import { describe, expect, it } from 'vitest';
import { CONFIG } from './learning.fixture.js';
import { policySection } from './section.js';

type Node = { readonly [key: string]: unknown };

/** What the loader fills in: the defaults of the schema, section by section. */
function defaults(schema: Node): Node {
  return Object.fromEntries(
    Object.entries((schema['properties'] ?? {}) as Record<string, Node>)
      .filter(([, property]) => 'default' in property)
      .map(([name, property]) => [name, property['properties'] ? defaults(property) : property['default']]),
  );
}

describe('policySection', () => {
  it('fills in the policy that the tests use', () => {
    expect(defaults(policySection.schema)).toEqual(CONFIG);
  });
});
