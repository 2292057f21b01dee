/** The part of pg-cursor 2 that is used here; the package brings no types. */
declare module 'pg-cursor' {
  import type { Connection, Submittable } from 'pg';

  export default class Cursor<Row> implements Submittable {
    constructor(text: string, values?: readonly unknown[]);
    submit(connection: Connection): void;
    /** At most `rows` more rows; none at the end. */
    read(rows: number): Promise<Row[]>;
    close(): Promise<void>;
  }
}
