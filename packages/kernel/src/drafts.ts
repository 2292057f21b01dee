import type { DataFormat, Reading } from './dataset-query.js';
import type { Table } from './scalar.js';

/** Something about data that a person should know before a project is made of it. An `error` stands in the way. */
export interface DataFinding {
  readonly level: 'error' | 'warning' | 'info';
  /** Stable, for programs: `label_constant`, `time_formats`, … */
  readonly code: string;
  readonly column?: string;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** A file looked at whole, of which a bounded sample is kept. */
export interface Probe {
  readonly format: DataFormat;
  /** How a text file is written; empty for Parquet and JSON Lines. */
  readonly reading: Reading;
  /** What was noticed about the writing, in sentences. */
  readonly notes: readonly string[];
  readonly rows: number;
  /**
   * Evenly spread rows in the file's order, all of them when they fit. A column of a text file holds its texts as
   * they stand (`string`), whatever they say; columns of Parquet and JSON Lines have their own types.
   */
  readonly sample: Table;
  /** Row numbers of the sample's rows in the file, from 1. */
  readonly rowNumbers: Float64Array;
  /** Time columns whose values carry their zone in the file's own type; a text says it itself. */
  readonly zoned: readonly string[];
  readonly findings: readonly DataFinding[];
}

/** Looks at files whose form nobody has declared yet. Memory is bounded by the sample, not by the file. */
export interface SourceProbe {
  /** @throws dataset_file_missing · dataset_unreadable · dataset_empty · dataset_line_too_long */
  probe(path: string, format: DataFormat): Promise<Probe>;
}
