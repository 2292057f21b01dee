/** The rows as both SQLite and PostgreSQL hold them: JSON as text, flags as integers, times as doubles. */
export interface Tables {
  project: {
    project: string;
    config: string;
    config_hash: string;
    directory: string;
    applied_at: number;
  };
  api_key: {
    id: string;
    name: string;
    role: string;
    project: string | null;
    secret_hash: string;
    created_at: number;
    revoked_at: number | null;
  };
  dataset_version: {
    project: string;
    dataset: string;
    version: string;
    row_count: number;
    schema_json: string;
    profile_json: string;
    blob: string;
    source: string;
    parent: string | null;
    created_at: number;
    status: string;
    findings_json: string;
    checks_json: string;
    quarantine_json: string;
  };
  run: {
    project: string;
    run: string;
    started_at: number;
    /** The whole record; only what is searched has its own column. */
    record_json: string;
  };
  model: {
    project: string;
    model: string;
    created_at: number;
    record_json: string;
  };
  step_result: { project: string; step_key: string; result_json: string };
  delivery: {
    project: string;
    channel: string;
    seq: number;
    state: string;
    /** Null when nothing more is to come. */
    next_at: number | null;
    record_json: string;
  };
  cursor_value: { project: string; name: string; value_json: string };
}
