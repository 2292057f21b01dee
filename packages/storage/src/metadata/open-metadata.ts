import type { DeliveryStatus, Json, MetadataStore } from '@twinloop/kernel';
import { Kysely, Migrator } from 'kysely';
import { dirname } from 'node:path';
import { storageError } from '../errors.js';
import { libsqlDialect } from '../sql/libsql-dialect.js';
import { openSqlite } from '../sql/open-sqlite.js';
import { turnBatch } from '../turn-batch.js';
import { datasetCodec, deliveryCodec, keyCodec, modelCodec, projectCodec, runCodec } from './codecs.js';
import { MIGRATIONS } from './migrations/index.js';
import { removeRecords } from './remove-records.js';
import type { Tables } from './tables.js';

/** One change inside a transaction; returns how many rows it removed. */
type Write = (on: Kysely<Tables>) => Promise<number>;

/**
 * The embedded metadata store. A resolved `put` has left the process (WAL, `synchronous = NORMAL`): it survives
 * kill -9; a power cut may take the last ones. Puts of one turn of the event loop are one transaction.
 * @throws data_directory_unwritable · storage_corrupt
 */
export async function openMetadata(file: string): Promise<MetadataStore> {
  const directory = dirname(file);
  const database = openSqlite(file, 'NORMAL');
  const db = new Kysely<Tables>({ dialect: libsqlDialect(database) });
  try {
    await migrate(db);
  } catch (error) {
    database.close();
    throw storageError(error, directory);
  }
  const store = metadataStore(db, directory);
  return {
    ...store,
    async close() {
      await store.close();
      database.close();
    },
  };
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error as Error;
}

/** The port over any Kysely database that has the tables. */
function metadataStore(db: Kysely<Tables>, directory: string): MetadataStore {
  const batch = turnBatch<Write, number>(async writes => {
    try {
      return await db.transaction().execute(async transaction => {
        const removed: number[] = [];
        for (const write of writes) removed.push(await write(transaction));
        return removed;
      });
    } catch (error) {
      throw storageError(error, directory);
    }
  });
  const put = async <Table extends keyof Tables>(
    table: Table,
    key: readonly (keyof Tables[Table] & string)[],
    row: Tables[Table],
  ): Promise<void> => {
    await batch.submit(async on => {
      await on
        .insertInto(table)
        .values(row as never)
        .onConflict(conflict => conflict.columns(key).doUpdateSet(row as never))
        .execute();
      return 0;
    });
  };

  return {
    projects: {
      put: async record => put('project', ['project'], projectCodec.toRow(record)),
      async get(project) {
        const [row] = await db.selectFrom('project').selectAll().where('project', '=', project).execute();
        return row && projectCodec.fromRow(row);
      },
      async list() {
        const rows = await db.selectFrom('project').selectAll().orderBy('project').execute();
        return rows.map(projectCodec.fromRow);
      },
    },
    keys: {
      put: async record => put('api_key', ['id'], keyCodec.toRow(record)),
      async bySecretHash(hash) {
        const [row] = await db.selectFrom('api_key').selectAll().where('secret_hash', '=', hash).execute();
        return row && keyCodec.fromRow(row);
      },
      async list() {
        const rows = await db.selectFrom('api_key').selectAll().orderBy('created_at').orderBy('id').execute();
        return rows.map(keyCodec.fromRow);
      },
    },
    datasets: {
      put: async record =>
        put('dataset_version', ['project', 'dataset', 'version'], datasetCodec.toRow(record)),
      async get(project, dataset, version) {
        const [row] = await db
          .selectFrom('dataset_version')
          .selectAll()
          .where('project', '=', project)
          .where('dataset', '=', dataset)
          .where('version', '=', version)
          .execute();
        return row && datasetCodec.fromRow(row);
      },
      async list(project, dataset, page = {}) {
        let query = db.selectFrom('dataset_version').selectAll().where('project', '=', project);
        if (dataset !== undefined) query = query.where('dataset', '=', dataset);
        if (page.before !== undefined) query = query.where('created_at', '<', page.before);
        if (page.limit !== undefined) query = query.limit(page.limit);
        const rows = await query.orderBy('created_at', 'desc').orderBy('version').execute();
        return rows.map(datasetCodec.fromRow);
      },
    },
    runs: {
      put: async record => put('run', ['project', 'run'], runCodec.toRow(record)),
      async get(project, run) {
        const [row] = await db
          .selectFrom('run')
          .selectAll()
          .where('project', '=', project)
          .where('run', '=', run)
          .execute();
        return row && runCodec.fromRow(row);
      },
      async list(project, page = {}) {
        let query = db.selectFrom('run').selectAll().where('project', '=', project);
        if (page.before !== undefined) query = query.where('started_at', '<', page.before);
        if (page.limit !== undefined) query = query.limit(page.limit);
        const rows = await query.orderBy('started_at', 'desc').orderBy('run').execute();
        return rows.map(runCodec.fromRow);
      },
    },
    models: {
      put: async record => put('model', ['project', 'model'], modelCodec.toRow(record)),
      async get(project, model) {
        const [row] = await db
          .selectFrom('model')
          .selectAll()
          .where('project', '=', project)
          .where('model', '=', model)
          .execute();
        return row && modelCodec.fromRow(row);
      },
      async list(project, page = {}) {
        let query = db.selectFrom('model').selectAll().where('project', '=', project);
        if (page.before !== undefined) query = query.where('created_at', '<', page.before);
        if (page.limit !== undefined) query = query.limit(page.limit);
        const rows = await query.orderBy('created_at', 'desc').orderBy('model').execute();
        return rows.map(modelCodec.fromRow);
      },
    },
    steps: {
      put: async (project, key, result) =>
        put('step_result', ['project', 'step_key'], {
          project,
          step_key: key,
          result_json: JSON.stringify(result),
        }),
      async get(project, key) {
        const [row] = await db
          .selectFrom('step_result')
          .select('result_json')
          .where('project', '=', project)
          .where('step_key', '=', key)
          .execute();
        return row && (JSON.parse(row.result_json) as Json);
      },
    },
    cursors: {
      put: async (project, name, value) =>
        put('cursor_value', ['project', 'name'], { project, name, value_json: JSON.stringify(value) }),
      async get(project, name) {
        const [row] = await db
          .selectFrom('cursor_value')
          .select('value_json')
          .where('project', '=', project)
          .where('name', '=', name)
          .execute();
        return row && (JSON.parse(row.value_json) as Json);
      },
    },
    deliveries: {
      put: async record => put('delivery', ['project', 'channel', 'seq'], deliveryCodec.toRow(record)),
      async get(project, channel, seq) {
        const [row] = await db
          .selectFrom('delivery')
          .selectAll()
          .where('project', '=', project)
          .where('channel', '=', channel)
          .where('seq', '=', seq)
          .execute();
        return row && deliveryCodec.fromRow(row);
      },
      async list(project, { channel, state, limit } = {}) {
        let query = db.selectFrom('delivery').selectAll().where('project', '=', project);
        if (channel !== undefined) query = query.where('channel', '=', channel);
        if (state !== undefined) query = query.where('state', '=', state);
        if (limit !== undefined) query = query.limit(limit);
        const rows = await query.orderBy('seq', 'desc').orderBy('channel').execute();
        return rows.map(deliveryCodec.fromRow);
      },
      async due(project, { channel, until, limit }) {
        const rows = await db
          .selectFrom('delivery')
          .selectAll()
          .where('project', '=', project)
          .where('channel', '=', channel)
          .where('next_at', '<=', until)
          .orderBy('next_at')
          .orderBy('seq')
          .limit(limit)
          .execute();
        return rows.map(deliveryCodec.fromRow);
      },
      async counts(project) {
        const rows = await db
          .selectFrom('delivery')
          .select(({ fn }) => ['channel', 'state', fn.countAll<number | string>().as('count')])
          .where('project', '=', project)
          .groupBy(['channel', 'state'])
          .orderBy('channel')
          .orderBy('state')
          .execute();
        return rows.map(({ channel, state, count }) => ({
          channel,
          state: state as DeliveryStatus,
          count: Number(count),
        }));
      },
    },
    remove: (project, what) => batch.submit(on => removeRecords(on, project, what)),
    async close() {
      await batch.idle();
      await db.destroy();
    },
  };
}
