import type { Column, ColumnType, Schema, Table } from '@twinloop/kernel';

function hasMissing(column: Column): boolean {
  return column.type === 'string'
    ? column.values.some(value => value === null)
    : column.values.some(value => Number.isNaN(value));
}

/** Names, types and whether anything is missing, in the table's column order. */
export function schemaOf(table: Table): Schema {
  return table.columns.map(column => ({
    name: column.name,
    type: column.type,
    nullable: hasMissing(column),
  }));
}

export interface SchemaChange {
  readonly column: string;
  readonly kind: 'type-changed' | 'vanished' | 'appeared';
  readonly before: ColumnType | null;
  readonly after: ColumnType | null;
}

/**
 * What differs between two versions' schemas: columns that changed type or vanished (in the old order), then those
 * that appeared. Whether values are missing is a question for the `nulls` rule, and the order of columns means nothing.
 */
export function compareSchemas(before: Schema, after: Schema): readonly SchemaChange[] {
  const now = new Map(after.map(column => [column.name, column.type]));
  const known = new Set(before.map(column => column.name));
  const changes: SchemaChange[] = [];
  for (const { name, type } of before) {
    const found = now.get(name);
    if (found === undefined) changes.push({ column: name, kind: 'vanished', before: type, after: null });
    else if (found !== type) changes.push({ column: name, kind: 'type-changed', before: type, after: found });
  }
  for (const { name, type } of after) {
    if (!known.has(name)) changes.push({ column: name, kind: 'appeared', before: null, after: type });
  }
  return changes;
}
