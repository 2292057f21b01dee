export interface CatalogueEntry {
  /** HTTP status at the door. */
  readonly status: number;
  /** Template; `{name}` is filled from the error's values. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/**
 * Every error that a caller can see. Codes are stable: they may be added, never renamed or reused.
 * docs/reference/errors.md lists the same codes (a test ties the two both ways).
 */
const entries = {
  internal: {
    status: 500,
    message: 'Something failed inside Twinloop: {reason}',
    hint: 'Look up the request id in the log; please report it.',
  },
  not_found: {
    status: 404,
    message: '{what} was not found',
    hint: 'List what exists with the matching `twinloop … list` command.',
  },
  route_not_found: {
    status: 404,
    message: 'No route {method} {path}',
    hint: 'docs/reference/routes.md lists every prefix and who owns it.',
  },
  method_not_allowed: {
    status: 405,
    message: '{method} is not allowed on {path}',
    hint: 'See docs/reference/routes.md.',
  },
  invalid_request: {
    status: 400,
    message: 'The request is not valid: {reason}',
    hint: 'Compare the body with docs/reference/api.md.',
  },
  payload_too_large: {
    status: 413,
    message: 'The body is larger than {limit} bytes',
    hint: 'Send smaller batches, or a file by path.',
  },
  unsupported_media_type: {
    status: 415,
    message: 'Content-Type {type} is not read here',
    hint: 'Send application/json.',
  },
  unauthenticated: {
    status: 401,
    message: 'A key is needed here',
    hint: 'Send `Authorization: Bearer <key>`; make one with `twinloop key create NAME`.',
  },
  forbidden: {
    status: 403,
    message: '{principal} may not {action} in project {project}',
    hint: 'Use a key whose role and project allow it.',
  },
  token_required: {
    status: 403,
    message:
      "This runs a project's command or reads secrets on the server's machine; only callers that hold the data directory's token may ask for it",
    hint: "Use the CLI on the server's machine; it reads the token from the data directory.",
  },
  foreign_host: {
    status: 403,
    message: "Host header {host} is not this server's",
    hint: 'Add the name to `hosts` in server.yaml.',
  },
  foreign_origin: {
    status: 403,
    message: 'A page of {origin} may not change anything here',
    hint: "Call the API from the CLI or from the server's own pages.",
  },
  key_required_to_bind: {
    status: 500,
    message: 'Refusing to listen on {host} without a key',
    hint: 'Create one first (`twinloop key create NAME --role admin`), or bind to 127.0.0.1.',
  },
  port_in_use: {
    status: 500,
    message: 'Port {port} is in use',
    hint: 'Stop the other program or choose another port with --port.',
  },
  data_directory_locked: {
    status: 500,
    message: 'Another server (pid {pid}) holds {directory}',
    hint: 'Stop it, or choose another directory with --data.',
  },
  data_directory_unwritable: {
    status: 500,
    message: 'The data directory {directory} cannot be written: {reason}',
    hint: 'Check the permissions and the free space.',
  },
  storage_full: {
    status: 503,
    message: 'The store cannot take more: {reason}',
    hint: 'Free disk space; nothing that was acknowledged is lost. Retry after the time given.',
  },
  storage_corrupt: {
    status: 500,
    message: 'Stored data is damaged: {reason}',
    hint: 'Restore the data directory from a backup; `twinloop ledger verify` names the first broken entry.',
  },
  shutting_down: {
    status: 503,
    message: 'The server is shutting down',
    hint: 'Retry against the next instance.',
  },
  not_ready: {
    status: 503,
    message: '{what} is not ready',
    hint: 'Retry in a moment; GET /readyz says when.',
  },
  project_invalid: {
    status: 422,
    message: '{file} has {count} error(s)',
    hint: 'Each one is listed with its line; the schema gives completion in an editor.',
  },
  project_not_applied: {
    status: 409,
    message: 'Project {project} has no applied configuration',
    hint: 'Run `twinloop apply` first.',
  },
  dataset_unreadable: {
    status: 422,
    message: '{file} cannot be read as {format}: {reason}',
    hint: 'Check that the file is whole and of the format its name says.',
  },
  dataset_empty: {
    status: 422,
    message: '{file} holds no rows',
    hint: 'A dataset version needs at least one row beside the header.',
  },
  dataset_file_missing: {
    status: 422,
    message: '{file} does not exist',
    hint: 'Paths are relative to the project file.',
  },
  dataset_schema_changed: {
    status: 422,
    message: 'Column {column} was {before} and is now {after}',
    hint: 'Fix the export, or declare the new type under `datasets`.',
  },
  dataset_column_missing: {
    status: 422,
    message: 'Column {column} is missing from {dataset}',
    hint: 'The columns found: {found}.',
  },
  dataset_line_too_long: {
    status: 422,
    message: 'Line {line} of {file} is longer than {limit} bytes',
    hint: 'A quote is probably not closed; the limit is `datasets.max_line`.',
  },
  draft_invalid: {
    status: 422,
    message: 'These choices do not make a project: {reason}',
    hint: 'Each finding names the column and what to do about it.',
  },
  project_exists: {
    status: 409,
    message: 'Project {project} exists already',
    hint: 'Choose another name; `twinloop data add` brings new rows into the one that is there.',
  },
  query_failed: {
    status: 422,
    message: 'The query could not be run: {reason}',
    hint: 'Try it in psql with the same role; it runs in a read-only transaction.',
  },
  data_refused: {
    status: 422,
    message: '{dataset} {version} was refused by {count} expectation(s)',
    hint: 'Each finding names the column, the rule and how many rows break it.',
  },
  feature_row_invalid: {
    status: 400,
    message: 'The row of the source is not valid: {reason}',
    hint: 'A row has the columns of its dataset; its keys and times may not be missing.',
  },
  feature_leak: {
    status: 422,
    message: 'Feature {feature} knows the future: {reason}',
    hint: 'Use only what is known at prediction time; see docs/explain/leaks.md.',
  },
  expression_invalid: {
    status: 422,
    message: 'Expression "{expression}" is not valid: {reason}',
    hint: 'See docs/reference/expressions.md for the language.',
  },
  training_failed: {
    status: 500,
    message: 'Training {run} failed: {reason}',
    hint: '`twinloop logs RUN` shows its output.',
  },
  command_failed: {
    status: 500,
    message: '`{command}` ended with {status}',
    hint: '`twinloop logs RUN` shows its output.',
  },
  gate_failed: {
    status: 422,
    message: '{count} gate(s) failed for {model}',
    hint: 'The report names each gate with its evidence.',
  },
  model_invalid: {
    status: 422,
    message: '{file} is not a model that can be served: {reason}',
    hint: 'Built-in model documents and ONNX files are read.',
  },
  endpoint_not_ready: {
    status: 503,
    message: 'Endpoint {endpoint} has no model in service',
    hint: 'Run `twinloop run` to train and deploy one.',
  },
  model_not_found: {
    status: 404,
    message: 'Model {model} is not served here',
    hint: "GET /v2/models/<endpoint> lists what is; the name is the endpoint's.",
  },
  input_missing: {
    status: 400,
    message: 'Input {input} is missing',
    hint: "The model's metadata (GET /v2/models/<name>) lists its inputs.",
  },
  input_unknown: {
    status: 400,
    message: "Input {input} is not one of the model's",
    hint: "The model's metadata (GET /v2/models/<name>) lists its inputs.",
  },
  input_type: {
    status: 400,
    message: 'Input {input} has datatype {actual}, not {expected}',
    hint: 'Send the datatype that the metadata lists.',
  },
  input_shape: {
    status: 400,
    message: 'Input {input} has shape {actual}, which does not match {expected}',
    hint: 'All inputs share the batch size in their first dimension; data must hold that many values.',
  },
  input_value: {
    status: 400,
    message: 'Input {input} holds {actual}, which is not {expected}',
    hint: 'Send null for a missing value.',
  },
  output_unknown: {
    status: 400,
    message: "Output {output} is not one of the model's",
    hint: "The model's metadata (GET /v2/models/<name>) lists its outputs.",
  },
  prediction_conflict: {
    status: 409,
    message: 'Prediction {id} exists with other content',
    hint: 'Ids must be unique for one endpoint; sending the same request again is harmless.',
  },
  rows_refused: {
    status: 400,
    message: '{refused} of {rows} row(s) were refused; the other {accepted} are kept',
    hint: 'Each finding names its line. Mend them and send the whole again: what is kept already is passed over.',
  },
  served_elsewhere: {
    status: 409,
    message: 'Endpoint {endpoint} is served elsewhere',
    hint: 'Ask the system that serves it, and post its answers to /api/twinloop/v1/predictions.',
  },
  served_here: {
    status: 409,
    message: 'Endpoint {endpoint} is served here: its predictions are logged as they are answered',
    hint: 'Declare `served: elsewhere` under `endpoint` to post the answers of another system.',
  },
  outcome_invalid: {
    status: 400,
    message: 'The outcome is not valid: {reason}',
    hint: 'Give `id`, or `key` and `time`, and a `value`.',
  },
  outcome_conflict: {
    status: 409,
    message: 'Case {case} has another label already; {value} is refused',
    hint: 'Send a correction with a higher `revision`, or declare `repeats: last` for the label.',
  },
  rollout_open: {
    status: 409,
    message: 'Endpoint {endpoint} has an open rollout ({rollout})',
    hint: 'Wait for it, or decide it with `twinloop promote` or `twinloop reject`.',
  },
  rollout_none: {
    status: 409,
    message: 'Endpoint {endpoint} has no open rollout',
    hint: '`twinloop status` shows the stage of each endpoint.',
  },
  rollback_nothing: {
    status: 409,
    message: 'Endpoint {endpoint} has no model to go back to',
    hint: 'No other model has served it yet. `twinloop status` shows what answers.',
  },
  rollback_done: {
    status: 409,
    message: 'Endpoint {endpoint} has already been rolled back: {model} answers',
    hint: 'Somebody else, or the evidence, was faster. One step at a time: the next change of {model} can be rolled back again.',
  },
  run_open: {
    status: 409,
    message: 'Run {run} is still open',
    hint: 'Follow it with `twinloop logs {run} --follow`.',
  },
  not_a_demo: {
    status: 403,
    message: 'Project {project} is not marked as a demo: nothing in it is broken on purpose',
    hint: 'Write `demo: true` at the top of its twinloop.yaml and apply it, if it may be broken.',
  },
  chaos_running: {
    status: 409,
    message: 'Fault {chaos} ({kind}) is still running',
    hint: 'Wait for its decision, or take it back with `twinloop chaos undo`.',
  },
  chaos_unavailable: {
    status: 409,
    message: 'This cannot be broken now: {reason}',
    hint: '`twinloop chaos` lists what can be broken, and why the rest cannot.',
  },
  replay_running: { status: 409, message: 'A replay is already playing', hint: 'Pause or stop it first.' },
  fetch_refused: {
    status: 422,
    message: '{url} may not be fetched: {reason}',
    hint: 'Add the address to `fetch.allow` in server.yaml if you trust it.',
  },
  fetch_failed: {
    status: 502,
    message: '{url} could not be fetched: {reason}',
    hint: 'Check the address and that the server can reach it.',
  },
  secret_missing: {
    status: 422,
    message: '{reference} holds no secret: {reason}',
    hint: 'Set it where the server runs (it is read each time it is needed), or correct the reference.',
  },
  channel_unknown: {
    status: 404,
    message: 'Project {project} declares no channel {channel}',
    hint: '`twinloop notify list` shows them; they stand under `notify` in twinloop.yaml.',
  },
  project_archived: {
    status: 404,
    message: 'Project {project} is archived and does not serve',
    hint: 'Bring it back with `twinloop restore project {project}`.',
  },
  object_in_use: {
    status: 409,
    message: '{kind} {id} is in use: {by}',
    hint: 'End that use first; `twinloop status` shows what serves.',
  },
  object_not_archived: {
    status: 409,
    message: '{kind} {id} is not archived',
    hint: 'Only what is archived can be restored or deleted: `twinloop archive {kind} {id}`.',
  },
  object_has_dependants: {
    status: 409,
    message: '{kind} {id} has {count} dependant(s): {names}',
    hint: 'Archive them and delete with `--cascade`, or delete them first.',
  },
  object_deleted: {
    status: 410,
    message: '{kind} {id} was deleted on {date}: {reason}',
    hint: 'Its records and bytes are gone; what the ledger says about it stays.',
  },
  ledger_broken: {
    status: 500,
    message: 'Ledger of {project} is broken at entry {seq}: {reason}',
    hint: 'Everything before that entry is intact. Restore from a backup and compare.',
  },
  server_unreachable: {
    status: 500,
    message: 'No Twinloop server answers at {url}',
    hint: 'Start one with `twinloop serve`, or give its address with --server.',
  },
  file_unreadable: {
    status: 422,
    message: '{file} cannot be read: {reason}',
    hint: 'Check the path and who may read it.',
  },
  file_unwritable: {
    status: 500,
    message: '{file} cannot be written: {reason}',
    hint: 'Check the path, who may write there, and the free space.',
  },
  native_runtime_failed: {
    status: 500,
    message: 'The native ONNX runtime could not be installed: {reason}',
    hint: 'Models keep running in WebAssembly, with the same answers; see docs/decisions/0006-onnx-in-wasm.md.',
  },
  usage: { status: 400, message: '{reason}', hint: 'Run the command with --help.' },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof entries;
export const CATALOGUE: Readonly<Record<ErrorCode, CatalogueEntry>> = entries;
