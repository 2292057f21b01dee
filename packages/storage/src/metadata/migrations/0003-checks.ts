import type { Kysely, Migration } from 'kysely';

/** What each rule said of a dataset version, and the rows kept apart. Earlier versions have neither. */
export const checks: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('dataset_version')
      .addColumn('checks_json', 'text', column => column.notNull().defaultTo('[]'))
      .execute();
    await db.schema
      .alterTable('dataset_version')
      .addColumn('quarantine_json', 'text', column => column.notNull().defaultTo('null'))
      .execute();
  },
};
