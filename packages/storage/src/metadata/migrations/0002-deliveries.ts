import type { Kysely, Migration } from 'kysely';

/** The delivery log of notifications. */
export const deliveries: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('delivery')
      .addColumn('project', 'varchar(63)', column => column.notNull())
      .addColumn('channel', 'varchar(63)', column => column.notNull())
      .addColumn('seq', 'integer', column => column.notNull())
      .addColumn('state', 'varchar(16)', column => column.notNull())
      .addColumn('next_at', 'double precision')
      .addColumn('record_json', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('delivery_key', ['project', 'channel', 'seq'])
      .execute();
    await db.schema
      .createIndex('delivery_due')
      .on('delivery')
      .columns(['project', 'channel', 'next_at'])
      .execute();
  },
};
