/** The file that `init` writes: valid as it stands, so that only the names of a file and its columns must change. */
export function starterProject(project: string, server: string): string {
  return `# yaml-language-server: $schema=${new URL('/api/twinloop/v1/schema', server).href}
# One project. \`twinloop plan\` shows what applying this file would change; docs/reference/configuration.md lists every field.
project: ${project}
timezone: UTC # of times without a zone, of schedules and of local days
datasets:
  cases:
    source: cases.csv # CSV, Parquet or JSONL: a path beside this file, or an http(s) URL
    key: id # names a case; outcomes may be sent by it
    time: time # when the case happened; rows are ordered, and held out, by it
    # \`arrives\` names the column that says when the label became known. It is what keeps a model from knowing the future.
    label: { column: label, arrives: known }
expectations: # a version that breaks one is refused before anything is trained
  cases:
    - { rule: rows, min: 500 }
    - { rule: unique, columns: [id] }
features:
  inputs: [a, b] # columns that every request must carry, all of them known at the time of the request
  derive: { ratio: a / b }
train:
  task: binary
  candidates: { algorithms: [linear, gbt], windows: [all] }
gates: # each must pass, or nothing is deployed
  - { gate: metric, metric: auc, min: 0.6 }
  - { gate: champion, metric: log_loss, tolerance: 0.005 }
endpoint:
  name: cases # requests go to /v2/models/cases/infer
policy:
  answers: { data-drift: retrain, model-drift: retrain, calibration: recalibrate }
  budget: { retrainings: 12, per: 365d, daily: 2 }
`;
}
