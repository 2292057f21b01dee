import {
  UNKNOWN_CLASS,
  tableFromRows,
  type CoverageRow,
  type Interval,
  type LabelledQuery,
  type OutcomeRecord,
  type PredictionLog,
  type PredictionRecord,
  type ProjectId,
  type Row,
  type Scalar,
  type Schema,
  type Table,
} from '@twinloop/kernel';
import { numberOfText } from '../telemetry/input-select.js';
import { byTimeAndArm } from '../telemetry/labels/read-coverage.js';

interface Label {
  readonly value: number;
  readonly known: number;
}
interface Labelled {
  readonly record: PredictionRecord;
  readonly label: Label;
}

const text = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const within = (time: number, interval: Partial<Interval> = {}): boolean =>
  time >= (interval.from ?? Number.NEGATIVE_INFINITY) && time < (interval.until ?? Number.POSITIVE_INFINITY);
const byTime = (a: PredictionRecord, b: PredictionRecord): number => a.at - b.at || text(a.id, b.id);

/** The records of one endpoint, each once: the first of equal ones stays. */
interface Shelf {
  readonly live: Map<string, PredictionRecord>;
  readonly shadow: Map<string, PredictionRecord>;
  readonly outcomes: Map<string, OutcomeRecord>;
}

/** A prediction log in memory with the embedded one's rules, told as plainly as possible; nothing outlives it. */
export function memoryPredictionLog(): PredictionLog {
  const shelves = new Map<string, Shelf>();
  const shelfOf = (project: ProjectId, endpoint: string): Shelf => {
    const key = `${project}/${endpoint}`;
    let shelf = shelves.get(key);
    if (shelf === undefined) {
      shelf = { live: new Map(), shadow: new Map(), outcomes: new Map() };
      shelves.set(key, shelf);
    }
    return shelf;
  };
  const keepFirst = <T>(map: Map<string, T>, key: string, record: T): void => {
    if (!map.has(key)) map.set(key, record);
  };

  const labelled = (query: LabelledQuery): Labelled[] => {
    const shelf = shelfOf(query.project, query.endpoint);
    const labels = labelsOf(shelf, query.metric, query.arrived?.until);
    return [...shelf.live.values()].flatMap(record => {
      const label = labels.get(record.id);
      return label !== undefined && within(record.at, query.predicted) && within(label.known, query.arrived)
        ? [{ record, label }]
        : [];
    });
  };
  /** The asked predictions whether or not they have a label; a missing one is NaN. */
  const withUnlabelled = (query: LabelledQuery, known: readonly Labelled[]): Labelled[] => {
    const labels = new Map(known.map(({ record, label }) => [record.id, label]));
    return [...shelfOf(query.project, query.endpoint).live.values()]
      .filter(record => within(record.at, query.predicted))
      .map(record => ({
        record,
        label: labels.get(record.id) ?? { value: Number.NaN, known: Number.NaN },
      }));
  };
  /** What a version answered, live before in shadow; nothing when it gave no score. */
  const answerOf = (
    query: LabelledQuery,
    live: PredictionRecord,
    wanted: string,
  ): PredictionRecord | undefined =>
    live.version === wanted
      ? live
      : shelfOf(query.project, query.endpoint).shadow.get(`${live.id}\n${wanted}`);
  /** Its score, or of several classes the probability of the one that came. */
  const scoreOf = (answer: PredictionRecord | undefined, outcome: number): number =>
    answer?.scores == null || Number.isNaN(outcome)
      ? (answer?.score ?? Number.NaN)
      : answer.scores[outcome] || UNKNOWN_CLASS;
  const byArrival = (a: Labelled, b: Labelled): number =>
    a.label.known - b.label.known || text(a.record.id, b.record.id);
  const columns = (rows: readonly Labelled[]) => ({
    ids: rows.map(({ record }) => record.id),
    predictedAt: Float64Array.from(rows, ({ record }) => record.at),
    arrivedAt: Float64Array.from(rows, ({ label }) => label.known),
    outcome: Float64Array.from(rows, ({ label }) => label.value),
  });
  /** The outcome, or of several classes 1: the class that came did come. */
  const labelsFor = (
    rows: readonly Labelled[],
    answer: (live: PredictionRecord) => PredictionRecord | undefined,
  ): Float64Array =>
    Float64Array.from(rows, ({ record, label }) =>
      answer(record)?.scores == null || Number.isNaN(label.value) ? label.value : 1,
    );

  return {
    async appendPredictions(records) {
      for (const record of structuredClone(records) as PredictionRecord[]) {
        const shelf = shelfOf(record.project, record.endpoint);
        if (record.role === 'live') keepFirst(shelf.live, record.id, record);
        else keepFirst(shelf.shadow, `${record.id}\n${record.version}`, record);
      }
    },
    async appendOutcomes(records) {
      for (const record of structuredClone(records) as OutcomeRecord[]) {
        const { predictionId, key, time, metric, revision, value } = record;
        const target = predictionId ?? `${time}\n${key}`;
        const identity = [predictionId === null, metric, revision, value, target].join('\n');
        keepFirst(shelfOf(record.project, record.endpoint).outcomes, identity, record);
      }
    },
    flush: async () => {},
    async inputs({ project, endpoint, schema, predicted, newest }) {
      const all = [...shelfOf(project, endpoint).live.values()]
        .filter(record => within(record.at, predicted))
        .sort(byTime);
      const records = newest === undefined ? all : all.slice(Math.max(0, all.length - newest));
      const own = tableFromRows(
        [
          { name: '$id', type: 'string', nullable: false },
          { name: '$at', type: 'time', nullable: false },
          { name: '$score', type: 'number', nullable: true },
          { name: '$version', type: 'string', nullable: false },
        ],
        records.map(record => ({
          $id: record.id,
          $at: record.at,
          $score: record.score,
          $version: record.version,
        })),
      );
      return join(own, inputTable(schema, records));
    },
    async scored(query) {
      const answer = (live: PredictionRecord): PredictionRecord | undefined =>
        query.version === undefined ? live : answerOf(query, live, query.version);
      const rows = labelled(query)
        .filter(({ record }) => !Number.isNaN(answer(record)?.score ?? Number.NaN))
        .sort(byArrival);
      return {
        ...columns(rows),
        label: labelsFor(rows, answer),
        score: Float64Array.from(rows, ({ record, label }) => scoreOf(answer(record), label.value)),
        version: rows.map(({ record }) => query.version ?? record.version),
      };
    },
    async paired(query) {
      const answered = (live: PredictionRecord, wanted: string): boolean =>
        !Number.isNaN(answerOf(query, live, wanted)?.score ?? Number.NaN);
      const of = ({ record, label }: Labelled, wanted: string): number =>
        scoreOf(answerOf(query, record, wanted), label.value);
      const known = labelled(query);
      const rows = (query.unlabelled === true ? withUnlabelled(query, known) : known)
        .filter(({ record }) => answered(record, query.a) && answered(record, query.b))
        .sort((a, b) => (query.unlabelled === true ? byTime(a.record, b.record) : byArrival(a, b)));
      return {
        ...columns(rows),
        label: labelsFor(rows, live => answerOf(query, live, query.a)),
        a: Float64Array.from(rows, row => of(row, query.a)),
        b: Float64Array.from(rows, row => of(row, query.b)),
      };
    },
    async labelled(query) {
      const rows = labelled(query).sort((a, b) => byTime(a.record, b.record));
      const own = tableFromRows(
        [
          { name: '$id', type: 'string', nullable: false },
          { name: '$at', type: 'time', nullable: false },
          { name: '$arrived', type: 'time', nullable: false },
          { name: '$label', type: 'number', nullable: false },
        ],
        rows.map(({ record, label }) => ({
          $id: record.id,
          $at: record.at,
          $arrived: label.known,
          $label: label.value,
        })),
      );
      return join(
        inputTable(
          query.schema,
          rows.map(({ record }) => record),
        ),
        own,
      );
    },
    async stated({ project, endpoint, metric, cases }) {
      const outcomes = [...shelfOf(project, endpoint).outcomes.values()].filter(
        each => each.metric === metric,
      );
      return cases.map(({ predictionId, key, time }) => {
        const said = outcomes
          .filter(each =>
            predictionId === null
              ? each.predictionId === null && each.key === key && each.time === time
              : each.predictionId === predictionId,
          )
          .sort((a, b) => b.revision - a.revision || b.at - a.at || b.value - a.value)[0];
        return said === undefined ? null : { value: said.value, revision: said.revision };
      });
    },
    async counts(project, endpoint) {
      const shelf = shelfOf(project, endpoint);
      const outcomes = [...shelf.outcomes.values()];
      return {
        live: shelf.live.size,
        shadow: shelf.shadow.size,
        outcomes: outcomes.length,
        unknownOutcomes: outcomes.filter(outcome => targetOf(shelf, outcome) === undefined).length,
      };
    },
    async coverage({ project, endpoint, metric, predicted, known, every }) {
      const shelf = shelfOf(project, endpoint);
      const said = statedOf(shelf, metric, known);
      const origin = predicted.from ?? 0;
      const rows = new Map<string, CoverageRow>();
      for (const { id, at, variant, version } of shelf.live.values()) {
        if (!within(at, predicted)) continue;
        const from = Math.floor((at - origin) / every) * every + origin;
        const key = `${from}\n${variant}\n${version}`;
        const row = rows.get(key) ?? { from, variant, version, predictions: 0, labelled: 0, corrected: 0 };
        const values = new Set(said.filter(label => label.id === id).map(label => label.value));
        rows.set(key, {
          ...row,
          predictions: row.predictions + 1,
          labelled: row.labelled + (values.size > 0 ? 1 : 0),
          corrected: row.corrected + (values.size > 1 ? 1 : 0),
        });
      }
      return [...rows.values()].sort(byTimeAndArm);
    },
    async find(project, endpoint, ids) {
      const { live } = shelfOf(project, endpoint);
      return [...new Set(ids)].flatMap(id => {
        const record = live.get(id);
        return record === undefined
          ? []
          : [{ ...record, inputs: record.inputs && withoutMissing(record.inputs) }];
      });
    },
    async recent(project, endpoint, limit) {
      const shelf = shelfOf(project, endpoint);
      const labels = labelsOf(shelf, undefined, undefined);
      return [...shelf.live.values()]
        .sort((a, b) => byTime(b, a))
        .slice(0, limit)
        .map(record => ({
          ...record,
          inputs: record.inputs && withoutMissing(record.inputs),
          label: labels.get(record.id)?.value ?? null,
        }));
    },
    async drop(project) {
      for (const key of shelves.keys()) if (key.startsWith(`${project}/`)) shelves.delete(key);
    },
    close: async () => {},
  };
}

/** The prediction that an outcome speaks of. */
function targetOf({ live }: Shelf, outcome: OutcomeRecord): string | undefined {
  const { predictionId, key, time } = outcome;
  if (predictionId !== null) return live.has(predictionId) ? predictionId : undefined;
  if (key === null || time === null) return undefined;
  return [...live.values()]
    .filter(record => record.key === key && record.at <= time)
    .sort(byTime)
    .at(-1)?.id;
}

interface Stated extends Label {
  readonly id: string;
  readonly revision: number;
}

/** What was said of predictions before a moment, each value of a revision once, with its first arrival. */
function statedOf(
  shelf: Shelf,
  metric: string | undefined,
  knownBefore = Number.POSITIVE_INFINITY,
): readonly Stated[] {
  const stated = new Map<string, Stated>();
  for (const outcome of shelf.outcomes.values()) {
    if ((metric !== undefined && outcome.metric !== metric) || outcome.at >= knownBefore) continue;
    const id = targetOf(shelf, outcome);
    if (id === undefined) continue;
    const { revision, value, at: known } = outcome;
    const key = `${revision}\n${value}\n${id}`;
    const earlier = stated.get(key);
    if (earlier === undefined || known < earlier.known) stated.set(key, { id, revision, value, known });
  }
  return [...stated.values()];
}

function labelsOf(shelf: Shelf, metric: string | undefined, knownBefore?: number): Map<string, Label> {
  const labels = new Map<string, Label>();
  const ascending = [...statedOf(shelf, metric, knownBefore)].sort(
    (a, b) => a.revision - b.revision || a.known - b.known || a.value - b.value,
  );
  for (const { id, value, known } of ascending) labels.set(id, { value, known });
  return labels;
}

function inputTable(schema: Schema, records: readonly PredictionRecord[]): Table {
  const numeric = (value: Scalar | undefined, type: Schema[number]['type']): Scalar =>
    typeof value === 'string' ? numberOfText(value, type) : (value ?? null);
  return tableFromRows(
    schema,
    records.map(({ inputs }) =>
      Object.fromEntries(
        schema.map(({ name, type }) => [
          name,
          type === 'string' ? withoutNaN(inputs?.[name]) : numeric(inputs?.[name], type),
        ]),
      ),
    ),
  );
}

const withoutNaN = (value: Scalar | undefined): Scalar =>
  value === undefined || Number.isNaN(value) ? null : value;

function withoutMissing(inputs: Row): Row {
  return Object.fromEntries(
    Object.entries(inputs).filter(([, value]) => value !== null && !Number.isNaN(value)),
  );
}

function join(left: Table, right: Table): Table {
  return { rows: left.rows, columns: [...left.columns, ...right.columns] };
}
