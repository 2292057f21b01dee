// A JSON Schema as tables that people read: one row a field, with its path, type, default and description.
import { table } from './markdown.mjs';

/** What a pattern of ours means to a reader. */
const PATTERNS = [
  [/\(ms\|s\|m\|h\|d\|w\)/, 'duration'],
  [/KB\|MB/, 'size'],
  [/\\d\{4\}-\\d\{2\}-\\d\{2\}/, 'date or time'],
];

function range({ minimum, exclusiveMinimum, maximum, exclusiveMaximum, minItems }) {
  const bounds = [
    minimum === undefined ? [] : `≥ ${minimum}`,
    exclusiveMinimum === undefined ? [] : `> ${exclusiveMinimum}`,
    maximum === undefined ? [] : `≤ ${maximum}`,
    exclusiveMaximum === undefined ? [] : `< ${exclusiveMaximum}`,
    minItems === undefined || minItems < 2 ? [] : `at least ${minItems}`,
  ].flat();
  return bounds.length === 0 ? '' : `, ${bounds.join(', ')}`;
}

function typeOf(schema) {
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum !== undefined) return schema.enum.map(value => `\`${value}\``).join(', ');
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}${range(schema)}`;
  if (schema.type === 'object') {
    const values = schema.additionalProperties;
    return typeof values === 'object' ? `names → ${typeOf(values)}` : 'fields';
  }
  const pattern = PATTERNS.find(([source]) => source.test(schema.pattern ?? ''));
  if (pattern !== undefined) return pattern[1];
  return `${{ string: 'text', integer: 'whole number', boolean: '`true`, `false`' }[schema.type] ?? schema.type ?? 'any'}${range(schema)}`;
}

function defaultOf(schema, required) {
  if (required) return 'required';
  if (schema.default === undefined) return '';
  const isEmpty = typeof schema.default === 'object' && Object.keys(schema.default).length === 0;
  return isEmpty
    ? ''
    : `\`${typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default)}\``;
}

/** The kinds of a schema that differs by one field (`rule`, `gate`, `kind`): [its const, the schema of that kind]. */
function kindsOf(schema) {
  const branches = schema.oneOf ?? schema.allOf?.map(({ then }) => then) ?? [];
  return branches.flatMap(branch => {
    const named = Object.entries(branch.properties ?? {}).find(([, field]) => field.const !== undefined);
    return named === undefined
      ? []
      : [{ field: named[0], value: named[1].const, about: named[1].description, branch }];
  });
}

/** Rows of the fields below `schema`; schemas with kinds are left to tables of their own, in `later`. */
function rowsOf(schema, path, later) {
  const kinds = kindsOf(schema);
  if (kinds.length > 0) {
    later.push({ path, kinds });
    return [];
  }
  const rows = [];
  const required = new Set(schema.required ?? []);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`;
    rows.push([`\`${at}\``, typeOf(field), defaultOf(field, required.has(name)), field.description ?? '']);
    rows.push(...below(field, at, later));
  }
  return rows;
}

function below(field, at, later) {
  if (field.type === 'array' && field.items !== undefined) return rowsOf(field.items, `${at}[]`, later);
  if (typeof field.additionalProperties === 'object') {
    const inner = field.additionalProperties;
    return inner.type === 'array'
      ? below(inner, `${at}.<name>`, later)
      : rowsOf(inner, `${at}.<name>`, later);
  }
  return rowsOf(field, at, later);
}

const HEADER = ['field', 'type', 'default', ''];

/** All fields of one section, then one table for each place whose fields depend on a kind. */
export function sectionTables(schema, path) {
  const later = [];
  const rows = below(schema, path, later);
  const parts = rows.length === 0 ? [] : [table(HEADER, rows)];
  for (const { path: at, kinds } of later) {
    const kindRows = kinds.flatMap(({ field, value, about, branch }) => {
      const required = new Set(branch.required ?? []);
      const head = [`**\`${field}: ${value}\`**`, '', '', branch.description ?? about ?? ''];
      const fields = Object.entries(branch.properties).filter(([name]) => name !== field);
      return [
        head,
        ...fields.map(([name, one]) => [
          `\`${name}\``,
          typeOf(one),
          defaultOf(one, required.has(name)),
          one.description ?? '',
        ]),
      ];
    });
    parts.push(`Each of \`${at}\` is one of these, by \`${kinds[0].field}\`:`, table(HEADER, kindRows));
  }
  return parts.join('\n\n');
}

/** The top level of a file: single fields first, then a heading for every section. */
export function fileTables(schema, level) {
  const required = new Set(schema.required ?? []);
  const isSection = field =>
    ['object', 'array'].includes(field.type) &&
    (field.properties ??
      field.items?.properties ??
      (typeof field.additionalProperties === 'object' ? field : undefined)) !== undefined;
  const entries = Object.entries(schema.properties);
  const single = entries.filter(([, field]) => !isSection(field));
  const rows = single.map(([name, field]) => [
    `\`${name}\``,
    typeOf(field),
    defaultOf(field, required.has(name)),
    field.description ?? '',
  ]);
  const sections = entries
    .filter(([, field]) => isSection(field))
    .map(([name, field]) => {
      const about = [...(required.has(name) ? ['Required.'] : []), field.description ?? ''].join(' ');
      return [`${'#'.repeat(level)} ${name}`, about, sectionTables(field, name)].join('\n\n');
    });
  return [...(rows.length === 0 ? [] : [table(HEADER, rows)]), ...sections].join('\n\n');
}
