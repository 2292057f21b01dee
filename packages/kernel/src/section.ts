import type { Json } from './scalar.js';

/** A JSON Schema (draft 2020-12) as a plain value: rooms have no third-party code, so schemas are literals. */
export type JsonSchema = { readonly [key: string]: Json };

/**
 * One section of twinloop.yaml. The room that owns it registers name and schema; the loader only joins them.
 * `T` is the section's value after validation and defaults (defaults stand in the schema).
 */
export interface Section<T> {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
  /** Carries the type; never present at run time. */
  readonly value?: T;
}

/**
 * The schema of a value whose member `tag` says which of several shapes it has. Written with `if`/`then`, not `oneOf`:
 * defaults inside a branch are then filled in, and an error speaks of the branch that was meant.
 */
export function schemaByTag(
  tag: string,
  description: string,
  branches: Readonly<
    Record<
      string,
      { readonly description: string; readonly properties: JsonSchema; readonly required?: readonly string[] }
    >
  >,
): JsonSchema {
  const names = Object.keys(branches);
  return {
    type: 'object',
    description,
    required: [tag],
    properties: { [tag]: { enum: names, description: `One of ${names.join(', ')}.` } },
    allOf: names.map(name => {
      const branch = branches[name]!;
      return {
        if: { required: [tag], properties: { [tag]: { const: name } } },
        then: {
          type: 'object',
          description: branch.description,
          additionalProperties: false,
          required: branch.required ?? [],
          properties: { [tag]: { const: name }, ...branch.properties },
        },
      };
    }),
  };
}
