import { parseDuration } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { monitorsSection } from './section.js';

type Node = { readonly [key: string]: unknown };
const properties = (schema: Node) => Object.entries((schema['properties'] ?? {}) as Record<string, Node>);

describe('monitorsSection', () => {
  it('describes every setting and gives it a default (where it depends on the task, in words)', () => {
    const seen: string[] = [];
    const walk = (schema: Node, path: string): void => {
      expect(schema['additionalProperties'], path).toBe(false);
      for (const [name, node] of properties(schema)) {
        expect(node['description'], `${path}/${name}`).toMatch(/\.$/);
        if (!/Default: /.test(String(node['description'])))
          expect(node, `${path}/${name}`).toHaveProperty('default');
        if (node['type'] === 'object') walk(node, `${path}/${name}`);
        else seen.push(`${path}/${name}`);
      }
    };
    walk(monitorsSection.schema, '');
    expect(seen).toHaveLength(1 + 8 + 7 + 6 + 5 + 2 + 5 + 4);
  });

  it('has durations that parse', () => {
    for (const [section, monitor] of properties(monitorsSection.schema)) {
      for (const [name, node] of properties(monitor)) {
        // Groups are small: fairness looks further back.
        const days = section === 'fairness' ? 90 : 14;
        if (name === 'window') expect(parseDuration(String(node['default']))).toBe(days * 864e5);
      }
    }
  });
});
