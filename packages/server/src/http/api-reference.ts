interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly SchemaNode[];
  readonly else?: SchemaNode;
  readonly format?: string;
}
interface Content {
  readonly [mime: string]: { readonly schema?: SchemaNode };
}
interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly parameters?: readonly {
    readonly in: string;
    readonly name: string;
    readonly required?: boolean;
    readonly description?: string;
    readonly schema?: SchemaNode;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses?: Readonly<Record<string, { readonly content?: Content }>>;
  readonly 'x-action'?: string;
}
export interface OpenApi {
  readonly info: { readonly title: string; readonly version: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** docs/reference/api.md: every route of the API description, by tag and path, as Markdown. The same description gives the same text. */
export function apiReference(openapi: OpenApi): string {
  const byTag = new Map<string, string[]>();
  for (const [path, operations] of sorted(openapi.paths ?? {})) {
    for (const [method, operation] of sorted(operations)) {
      const tag = operation.tags?.[0] ?? 'other';
      const sections = byTag.get(tag) ?? [];
      byTag.set(tag, sections);
      sections.push(section(method, path, operation));
    }
  }
  const parts = sorted(Object.fromEntries(byTag)).map(
    ([tag, sections]) => `## ${tag}\n\n${sections.join('\n')}`,
  );
  return `# HTTP API\n\nGenerated from the server's own description (\`GET /openapi.json\`); do not edit.\nEvery path also exists under \`/p/<project>\`, the process's own aside. Named types are those of \`@twinloop/client\`;\nrefusals are described in [errors](errors.md), prefixes in [routes](routes.md). "Asks for" names the action that the\ncaller's role must allow.\n\n${parts.join('\n')}`;
}

function section(method: string, path: string, operation: Operation): string {
  const title = `### ${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`;
  const lines = [title, '', `${operation.summary ?? ''}.`];
  if (operation['x-action'] !== undefined) lines.push(`Asks for: \`${operation['x-action']}\`.`);
  const query = (operation.parameters ?? []).filter(parameter => parameter.in === 'query');
  if (query.length > 0) {
    lines.push('', '| query | type | |', '|---|---|---|');
    for (const { name, schema, description } of query) {
      lines.push(
        `| \`${name}\` | ${cell(typeName(schema))} | ${cell(description ?? schema?.description ?? '')} |`,
      );
    }
  }
  const body = first(operation.requestBody?.content);
  const fields = body?.schema?.else ?? body?.schema;
  if (fields?.properties !== undefined) {
    lines.push('', '| body | type | |', '|---|---|---|');
    for (const [name, schema] of Object.entries(fields.properties)) {
      const optional = fields.required?.includes(name) === true ? '' : ', optional';
      lines.push(
        `| \`${name}\` | ${cell(typeName(schema))}${optional} | ${cell(schema.description ?? '')} |`,
      );
    }
    if (body?.schema?.else !== undefined) lines.push('', 'Or a list of these.');
  }
  for (const [status, response] of sorted(operation.responses ?? {})) {
    const [mime] = Object.keys(response.content ?? {});
    if (mime === undefined) continue;
    const what = mime === 'application/json' ? typeName(response.content![mime]!.schema) : mime;
    lines.push('', `Answers ${status}: ${what}`);
  }
  return `${lines.join('\n')}\n`;
}

function typeName(schema: SchemaNode | undefined): string {
  if (schema === undefined) return 'any';
  if (schema.title !== undefined)
    return `\`${schema.title}\`${[schema.type].flat().includes('null') ? ' or null' : ''}`;
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) return schema.enum.map(value => `\`${JSON.stringify(value)}\``).join(' or ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeName).join(' or ');
  if (schema.type === 'array') return `list of ${typeName(schema.items)}`;
  if (schema.properties !== undefined) {
    const members = Object.entries(schema.properties).map(([name, member]) => `${name}: ${typeName(member)}`);
    return `{${members.join(', ')}}`;
  }
  return [schema.type ?? 'any'].flat().join(' or ');
}

function first(content: Content | undefined): { readonly schema?: SchemaNode } | undefined {
  return content === undefined ? undefined : Object.values(content)[0];
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** By key, in code-unit order. */
function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
