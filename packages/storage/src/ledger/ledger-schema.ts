import type { Sqlite } from '../sql/open-sqlite.js';

/** Forward only, in order; a released step is never edited. */
const STEPS: readonly (readonly string[])[] = [
  [
    `create table ledger_entry (
      project varchar(63) not null,
      seq integer not null,
      type varchar(64) not null,
      v integer not null,
      at double precision not null,
      recorded_at double precision not null,
      actor text not null,
      causation text,
      correlation text,
      idempotency_key text,
      payload_hash char(64) not null,
      prev char(64) not null,
      hash char(64) not null,
      primary key (project, seq),
      unique (project, idempotency_key)
    )`,
    'create index ledger_entry_correlation on ledger_entry (project, correlation, seq)',
    `create table ledger_payload (
      project varchar(63) not null,
      seq integer not null,
      salt text not null,
      payload text not null,
      primary key (project, seq)
    )`,
  ],
];

/** Brings a ledger file to the newest schema, in one transaction. */
export function migrateLedger(database: Sqlite): void {
  database.exec('begin immediate');
  try {
    database.exec('create table if not exists ledger_schema (step integer not null primary key)');
    const done = database.prepare('select step from ledger_schema').all().length;
    for (let step = done; step < STEPS.length; step++) {
      for (const sql of STEPS[step]!) database.exec(sql);
      database.prepare('insert into ledger_schema (step) values (?)').run(step);
    }
    database.exec('commit');
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}
