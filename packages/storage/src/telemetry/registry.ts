import type { ProjectId } from '@twinloop/kernel';
import type { PhysicalType } from './columns.js';
import type { TelemetryDatabase, Transaction } from './telemetry-database.js';

/** Three kinds of inputs; and, for answers of several classes, their probabilities and the predicted class. */
export type InputKind = 'number' | 'boolean' | 'string' | 'scores' | 'output';

/** Columns that hold answers stand among the inputs under these names; an endpoint of one score never has them. */
export const SCORES = '$scores';
export const OUTPUT = '$output';

/** A column of an endpoint's inputs. One name may come in several kinds; each has a column of its own. */
export interface InputColumn {
  readonly name: string;
  readonly kind: InputKind;
  /** Its name in the table: `x0`, `x1`, … */
  readonly physical: string;
  readonly type: PhysicalType;
}

/** The physical column of a kind of answer, if the endpoint has had any. */
export function answerColumn(tables: EndpointTables, kind: 'scores' | 'output'): string | undefined {
  return tables.inputs.find(input => input.kind === kind)?.physical;
}

/** The tables of one endpoint: one for live predictions with their inputs, one for shadow copies, one for outcomes. */
export interface EndpointTables {
  readonly live: string;
  readonly shadow: string;
  readonly outcome: string;
  readonly inputs: readonly InputColumn[];
}

/** What every prediction has, in table order. Texts that repeat (variant, version) are codes into the name table. */
export const PREDICTION_COLUMNS: readonly (readonly [string, PhysicalType])[] = [
  ['hash', 'DOUBLE'],
  ['id', 'VARCHAR'],
  ['time', 'DOUBLE'],
  ['variant', 'DOUBLE'],
  ['version', 'DOUBLE'],
  ['score', 'DOUBLE'],
  ['key', 'VARCHAR'],
  ['unit_key', 'VARCHAR'],
  ['propensities', 'VARCHAR'],
  ['latency', 'DOUBLE'],
];

export const OUTCOME_COLUMNS: readonly (readonly [string, PhysicalType])[] = [
  ['hash', 'DOUBLE'],
  ['id', 'VARCHAR'],
  ['key', 'VARCHAR'],
  ['time', 'DOUBLE'],
  ['metric', 'DOUBLE'],
  ['value', 'DOUBLE'],
  ['known', 'DOUBLE'],
  ['source', 'DOUBLE'],
  ['revision', 'DOUBLE'],
];

interface Statement {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/**
 * Which endpoint has which tables and columns, in memory as in the database. Additions are drafts until `define`
 * has committed them: a read never names a table that is not there yet.
 */
export interface Registry {
  load(transaction: Transaction): Promise<void>;
  /** Committed tables of an endpoint. */
  find(project: ProjectId, endpoint: string): EndpointTables | undefined;
  /** Tables for writing, with a column for every input given; what is new is drafted. */
  prepare(
    project: ProjectId,
    endpoint: string,
    inputs: Iterable<readonly [string, InputKind]>,
  ): EndpointTables;
  /** The code of a text; new ones are drafted. */
  codeOf(text: string): number;
  /** The code of a text that has been written; −1, which no row has, for any other. */
  knownCode(text: string): number;
  readonly names: readonly string[];
  /** Creates the drafted tables and columns, each in a transaction of its own: DuckDB refuses to commit a second change to a table that has rows. */
  define(database: Pick<TelemetryDatabase, 'transact'>): Promise<void>;
  /** Drops the tables of a project's endpoints; an endpoint that is written to later starts anew. */
  drop(database: Pick<TelemetryDatabase, 'transact'>, project: ProjectId): Promise<void>;
  /** Writes the new codes, in the transaction of the rows that use them. */
  writeNames(transaction: Transaction): Promise<void>;
}

const columnList = (columns: readonly (readonly [string, PhysicalType])[]): string =>
  columns.map(([name, type]) => `${name} ${type}`).join(', ');
const typeOf = (kind: InputKind): PhysicalType =>
  kind === 'number' || kind === 'boolean' ? 'DOUBLE' : 'VARCHAR';
/** Shadow copies have no inputs, but probabilities. */
const SHADOW_SCORES = 'scores VARCHAR';
/** Rows from before the column read as missing. */
const columnDefinition = ({ physical, type }: InputColumn): string =>
  `${physical} ${type} default ${type === 'DOUBLE' ? "'nan'::double" : 'null'}`;

export function registry(): Registry {
  let endpoints = new Map<string, EndpointTables>();
  let drafts = new Map<string, EndpointTables>();
  let definitions: Statement[][] = [];
  let newNames: Statement[] = [];
  let names: string[] = [];
  let codes = new Map<string, number>();
  /** Above every number in use: dropped tables leave gaps. */
  let nextNumber = 0;
  const keyOf = (project: ProjectId, endpoint: string): string => `${project}/${endpoint}`;
  const newColumns = (
    before: readonly InputColumn[],
    inputs: Iterable<readonly [string, InputKind]>,
  ): InputColumn[] => {
    const added: InputColumn[] = [];
    for (const [name, kind] of inputs) {
      if (before.some(column => column.name === name && column.kind === kind)) continue;
      added.push({ name, kind, physical: `x${before.length + added.length}`, type: typeOf(kind) });
    }
    return added;
  };
  const columnRow = (live: string, { physical, name, kind }: InputColumn): Statement => ({
    sql: 'insert into input_column values (?, ?, ?, ?)',
    parameters: [live, physical, name, kind],
  });

  const create = (
    project: ProjectId,
    endpoint: string,
    given: Iterable<readonly [string, InputKind]>,
  ): EndpointTables => {
    const number = nextNumber++;
    const [live, shadow, outcome] = [`live_${number}`, `shadow_${number}`, `outcome_${number}`];
    const inputs = newColumns([], given);
    const liveColumns = [columnList(PREDICTION_COLUMNS), ...inputs.map(columnDefinition)].join(', ');
    const scored = inputs.some(({ kind }) => kind === 'scores');
    const shadowColumns = [columnList(PREDICTION_COLUMNS), ...(scored ? [SHADOW_SCORES] : [])].join(', ');
    definitions.push([
      { sql: 'insert into endpoint values (?, ?, ?)', parameters: [number, project, endpoint] },
      ...inputs.map(column => columnRow(live, column)),
      { sql: `create table ${live} (${liveColumns})`, parameters: [] },
      { sql: `create table ${shadow} (${shadowColumns})`, parameters: [] },
      { sql: `create table ${outcome} (${columnList(OUTCOME_COLUMNS)})`, parameters: [] },
    ]);
    return { live, shadow, outcome, inputs };
  };

  const extend = (tables: EndpointTables, given: Iterable<readonly [string, InputKind]>): EndpointTables => {
    const added = newColumns(tables.inputs, given);
    if (added.length === 0) return tables;
    for (const column of added) {
      const sql = `alter table ${tables.live} add column ${columnDefinition(column)}`;
      const both: Statement[] = [columnRow(tables.live, column), { sql, parameters: [] }];
      if (column.kind === 'scores')
        both.push({ sql: `alter table ${tables.shadow} add column ${SHADOW_SCORES}`, parameters: [] });
      definitions.push(both);
    }
    return { ...tables, inputs: [...tables.inputs, ...added] };
  };

  return {
    async load(transaction) {
      await transaction.run(
        'create table if not exists endpoint (number double, project varchar, endpoint varchar)',
      );
      await transaction.run(
        'create table if not exists input_column (live varchar, physical varchar, name varchar, kind varchar)',
      );
      await transaction.run('create table if not exists name (code double, text varchar)');
      definitions = [];
      newNames = [];
      drafts = new Map();
      endpoints = new Map();
      const inputs = await transaction.select(
        'select live, physical, name, kind from input_column order by live, cast(physical[2:] as integer)',
        [],
        ['VARCHAR', 'VARCHAR', 'VARCHAR', 'VARCHAR'],
      );
      const [lives, physicals, inputNames, kinds] = inputs.columns as string[][];
      const found = await transaction.select(
        'select number, project, endpoint from endpoint order by number',
        [],
        ['DOUBLE', 'VARCHAR', 'VARCHAR'],
      );
      const [numbers, projects, endpointNames] = found.columns;
      nextNumber = found.rows === 0 ? 0 : Number(numbers![found.rows - 1]) + 1;
      for (let i = 0; i < found.rows; i++) {
        const live = `live_${numbers![i]}`;
        const columns: InputColumn[] = [];
        for (let c = 0; c < inputs.rows; c++) {
          if (lives![c] !== live) continue;
          const kind = kinds![c] as InputKind;
          columns.push({ name: inputNames![c]!, kind, physical: physicals![c]!, type: typeOf(kind) });
        }
        endpoints.set(keyOf(projects![i] as ProjectId, endpointNames![i] as string), {
          live,
          shadow: `shadow_${numbers![i]}`,
          outcome: `outcome_${numbers![i]}`,
          inputs: columns,
        });
      }
      const texts = await transaction.select('select text from name order by code', [], ['VARCHAR']);
      names = [...(texts.columns[0] as string[])];
      codes = new Map(names.map((text, code) => [text, code]));
    },
    find: (project, endpoint) => endpoints.get(keyOf(project, endpoint)),
    prepare(project, endpoint, inputs) {
      const key = keyOf(project, endpoint);
      const before = drafts.get(key) ?? endpoints.get(key);
      const tables = before === undefined ? create(project, endpoint, inputs) : extend(before, inputs);
      if (tables !== before) drafts.set(key, tables);
      return tables;
    },
    codeOf(text) {
      let code = codes.get(text);
      if (code === undefined) {
        code = names.length;
        names.push(text);
        codes.set(text, code);
        newNames.push({ sql: 'insert into name values (?, ?)', parameters: [code, text] });
      }
      return code;
    },
    knownCode: text => codes.get(text) ?? -1,
    get names() {
      return names;
    },
    async define(database) {
      for (const statements of definitions) {
        await database.transact(async transaction => {
          for (const { sql, parameters } of statements) await transaction.run(sql, parameters);
        });
      }
      definitions = [];
      for (const [key, tables] of drafts) endpoints.set(key, tables);
      drafts = new Map();
    },
    async drop(database, project) {
      for (const [key, { live, shadow, outcome }] of [...endpoints]) {
        if (!key.startsWith(`${project}/`)) continue;
        await database.transact(async transaction => {
          for (const table of [live, shadow, outcome]) await transaction.run(`drop table ${table}`);
          await transaction.run('delete from endpoint where project = ? and endpoint = ?', [
            project,
            key.slice(project.length + 1),
          ]);
          await transaction.run('delete from input_column where live = ?', [live]);
        });
        endpoints.delete(key);
      }
    },
    async writeNames(transaction) {
      for (const { sql, parameters } of newNames) await transaction.run(sql, parameters);
      newNames = [];
    },
  };
}
