import type { Kysely, Migration } from 'kysely';

export const first: Migration = {
  async up(db: Kysely<unknown>) {
    const { schema } = db;
    await schema
      .createTable('project')
      .addColumn('project', 'varchar(63)', column => column.primaryKey().notNull())
      .addColumn('config', 'text', column => column.notNull())
      .addColumn('config_hash', 'varchar(64)', column => column.notNull())
      .addColumn('directory', 'text', column => column.notNull())
      .addColumn('applied_at', 'double precision', column => column.notNull())
      .execute();
    await schema
      .createTable('api_key')
      .addColumn('id', 'varchar(64)', column => column.primaryKey().notNull())
      .addColumn('name', 'text', column => column.notNull())
      .addColumn('role', 'varchar(16)', column => column.notNull())
      .addColumn('project', 'varchar(63)')
      .addColumn('secret_hash', 'varchar(64)', column => column.notNull().unique())
      .addColumn('created_at', 'double precision', column => column.notNull())
      .addColumn('revoked_at', 'double precision')
      .execute();
    await schema
      .createTable('dataset_version')
      .addColumn('project', 'varchar(63)', column => column.notNull())
      .addColumn('dataset', 'varchar(255)', column => column.notNull())
      .addColumn('version', 'varchar(64)', column => column.notNull())
      .addColumn('row_count', 'integer', column => column.notNull())
      .addColumn('schema_json', 'text', column => column.notNull())
      .addColumn('profile_json', 'text', column => column.notNull())
      .addColumn('blob', 'varchar(64)', column => column.notNull())
      .addColumn('source', 'text', column => column.notNull())
      .addColumn('parent', 'varchar(64)')
      .addColumn('created_at', 'double precision', column => column.notNull())
      .addColumn('status', 'varchar(16)', column => column.notNull())
      .addColumn('findings_json', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('dataset_version_key', ['project', 'dataset', 'version'])
      .execute();
    await schema
      .createTable('run')
      .addColumn('project', 'varchar(63)', column => column.notNull())
      .addColumn('run', 'varchar(255)', column => column.notNull())
      .addColumn('started_at', 'double precision', column => column.notNull())
      .addColumn('record_json', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('run_key', ['project', 'run'])
      .execute();
    await schema
      .createTable('model')
      .addColumn('project', 'varchar(63)', column => column.notNull())
      .addColumn('model', 'varchar(255)', column => column.notNull())
      .addColumn('created_at', 'double precision', column => column.notNull())
      .addColumn('record_json', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('model_key', ['project', 'model'])
      .execute();
    await schema
      .createTable('step_result')
      .addColumn('project', 'varchar(63)', column => column.notNull())
      .addColumn('step_key', 'varchar(64)', column => column.notNull())
      .addColumn('result_json', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('step_result_key', ['project', 'step_key'])
      .execute();
    await schema
      .createTable('cursor_value')
      .addColumn('project', 'varchar(63)', column => column.notNull())
      .addColumn('name', 'varchar(255)', column => column.notNull())
      .addColumn('value_json', 'text', column => column.notNull())
      .addPrimaryKeyConstraint('cursor_value_key', ['project', 'name'])
      .execute();
    for (const [table, columns] of [
      ['dataset_version', ['project', 'created_at']],
      ['run', ['project', 'started_at']],
      ['model', ['project', 'created_at']],
    ] as const) {
      await schema
        .createIndex(`${table}_by_time`)
        .on(table)
        .columns([...columns])
        .execute();
    }
  },
};
