import type { PredictionLog, PredictionRecord, ProjectId } from '@twinloop/kernel';
import type { ReceivedPrediction } from './prediction-row.js';
import { refuseRow, type Tally } from './rows.js';

export interface TakePorts {
  readonly project: ProjectId;
  readonly endpoint: string;
  readonly log: Pick<PredictionLog, 'find' | 'appendPredictions'>;
  /** Says that these predictions are durable. */
  readonly taken: (records: readonly PredictionRecord[]) => Promise<void>;
}

/** Writes one batch of predictions made elsewhere: what is there already is passed over, another content under a known id is refused. */
export async function takePredictions(
  { project, endpoint, log, taken }: TakePorts,
  tally: Tally,
  batch: readonly { readonly line: number; readonly value: ReceivedPrediction }[],
): Promise<void> {
  const known = new Map<string, PredictionRecord>();
  const ids = batch.map(({ value }) => value.record.id);
  for (const record of await log.find(project, endpoint, ids)) known.set(record.id, record);
  const fresh: PredictionRecord[] = [];
  for (const { line, value } of batch) {
    const { record } = value;
    const before = known.get(record.id);
    if (before === undefined) {
      known.set(record.id, record);
      fresh.push(record);
    } else if (same(before, value)) {
      tally.duplicates++;
    } else {
      tally.conflicts++;
      refuseRow(tally, line, `prediction "${record.id}" exists with other content`, 'id');
    }
  }
  await log.appendPredictions(fresh);
  tally.accepted += fresh.length;
  if (fresh.length > 0) await taken(fresh);
}

/** Latency and the time of arrival are not what was predicted. */
function same(before: PredictionRecord, { record, dated }: ReceivedPrediction): boolean {
  return (
    before.score === record.score &&
    before.version === record.version &&
    before.variant === record.variant &&
    before.key === record.key &&
    before.unitKey === record.unitKey &&
    (!dated || before.at === record.at) &&
    sameInputs(before.inputs ?? {}, record.inputs ?? {})
  );
}

function sameInputs(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): boolean {
  const names = Object.keys(after);
  return names.length === Object.keys(before).length && names.every(name => before[name] === after[name]);
}
