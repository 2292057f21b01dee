import { Ajv } from 'ajv';
import type { FastifySchemaCompiler } from 'fastify';

/** Bodies are taken as they are; text from the URL is turned into the type that the schema names. Unknown fields are refused, never dropped. */
export function validators(): FastifySchemaCompiler<object> {
  const strict = { removeAdditional: false, useDefaults: false, strict: false } as const;
  const body = new Ajv({ ...strict, allErrors: true });
  const url = new Ajv({ ...strict, coerceTypes: true });
  return ({ schema, httpPart }) => (httpPart === 'body' ? body : url).compile(schema);
}
