import {
  type Entry,
  type EpochMs,
  type Evidence,
  type FactPayloads,
  type FactType,
  formatCount,
  formatFigure,
  formatInterval,
} from '@twinloop/kernel';

export interface WordingOptions {
  /** How a domain time is written; the caller knows the project's zone. Default: ISO date and minute in UTC. */
  readonly formatTime?: (at: EpochMs) => string;
}

const utcMinute = (at: EpochMs): string =>
  Number.isFinite(at) && Math.abs(at) <= 8.64e15
    ? new Date(at).toISOString().slice(0, 16).replace('T', ' ')
    : '?';

function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

const ACRONYMS: Readonly<Record<string, string>> = { auc: 'AUC', rmse: 'RMSE', mae: 'MAE', r2: 'R²' };

/** How people write a metric: `log_loss` → `log loss`. */
export function metricWords(metric: string): string {
  return ACRONYMS[metric] ?? metric.replaceAll('_', ' ');
}

const HASH = /^[0-9a-f]{13,}$/;
/** Names like `late@ab12…` stay readable: a hash is cut to twelve characters. */
function short(name: string): string {
  const at = name.lastIndexOf('@');
  const tail = name.slice(at + 1);
  return HASH.test(tail) ? name.slice(0, at + 1) + tail.slice(0, 12) : name;
}

/** `0.021 [0.004, 0.038] over 1,840 labels`, without the parts that are not there. */
function figures(evidence: Evidence, unit: string, size = evidence.value): string {
  const flipped = size !== evidence.value;
  const interval = evidence.interval;
  const shown: readonly [number, number] | undefined =
    interval === undefined ? undefined : flipped ? [-interval[1], -interval[0]] : interval;
  return `${formatFigure(size)}${unit}${shown === undefined ? '' : ` ${formatInterval(shown)}`}`;
}

const BECAUSE: Readonly<Record<FactPayloads['ModelRejected']['reason'], string>> = {
  worse: 'it is worse',
  equivalent: 'it is not better by enough to matter',
  inconclusive: 'the evidence did not decide in time',
  guardrail: 'a guardrail tripped',
  superseded: 'a newer challenger took its place',
  operator: 'an operator decided so',
};

const ANSWER: Readonly<Record<FactPayloads['AnswerDecided']['answer'], string>> = {
  hold: 'holding',
  recalibrate: 'recalibrating',
  retrain: 'retraining',
};

type Wording<T extends FactType> = (payload: FactPayloads[T], time: (at: EpochMs) => string) => string;

/** One wording for each fact type; the mapped type makes a forgotten one a compile error. */
const because = (note: string | undefined): string => (note === undefined ? '' : `: “${note}”`);

const WORDINGS: { readonly [T in FactType]: Wording<T> } = {
  ProjectApplied: ({ file, changes }) =>
    changes.length === 0
      ? `applied ${file}: nothing changed`
      : `applied ${file}: ${changes.slice(0, 3).join('; ')}${changes.length > 3 ? `; and ${plural(changes.length - 3, 'more change')}` : ''}`,

  DatasetVersionRegistered: ({ dataset, version, rows, columns, source, from, until }, time) => {
    const span = from === undefined || until === undefined ? '' : `, ${time(from)} to ${time(until)}`;
    return `${dataset} ${short(version)}: ${plural(rows, 'row')} of ${plural(columns, 'column')} from ${source}${span}`;
  },

  ExpectationsChecked: ({ dataset, version, status, checked, findings }) => {
    const errors = findings.filter(finding => finding.severity === 'error');
    if (status === 'refused') {
      const told = errors.slice(0, 3).map(finding => finding.message);
      const more = errors.length > 3 ? `; and ${plural(errors.length - 3, 'more finding')}` : '';
      return `${dataset} ${short(version)} refused: ${told.join('; ')}${more}`;
    }
    const warnings = findings.length - errors.length;
    const noted = warnings === 0 ? '' : `, ${plural(warnings, 'warning')}`;
    return `${dataset} ${short(version)} accepted: ${plural(checked, 'expectation')} checked${noted}`;
  },

  RowsQuarantined: ({ dataset, version, rows, kept, reasons }) => {
    const told = reasons
      .slice(0, 3)
      .map(
        ({ rule, column, count }) =>
          `${column === undefined ? rule : `${rule} of ${column}`} ${formatCount(count)}`,
      );
    const more = reasons.length > 3 ? `; and ${plural(reasons.length - 3, 'more rule')}` : '';
    return `${dataset} ${short(version)}: ${plural(rows, 'row')} kept apart, ${formatCount(kept)} went on (${told.join('; ')}${more})`;
  },

  RunStarted: ({ run, reason, candidates }) =>
    `run ${run} started: ${reason}; ${plural(candidates.length, 'candidate')} (${candidates.join(', ')})`,

  StepFinished: ({ run, step, status, summary }) =>
    status === 'failed'
      ? `run ${run}: ${step} failed: ${summary}`
      : `run ${run}: ${step}${status === 'cached' ? ' (unchanged, from the cache)' : ''}: ${summary}`,

  GateJudged: ({ run, verdict }) => {
    const outcome = { pass: 'passed', fail: 'failed', inconclusive: 'was inconclusive' }[verdict.status];
    return `run ${run}: gate ${verdict.gate} ${outcome}: ${verdict.reason}`;
  },

  RunFinished: ({ run, status, reason, model, trained }) =>
    status === 'passed'
      ? `run ${run} passed: ${model === undefined ? reason : short(model)} after ${plural(trained, 'fit')}`
      : `run ${run} ${status}: ${reason}`,

  ModelRegistered: ({ model, algorithm, dataset, datasetVersion, metrics }) => {
    const shown = ['auc', 'log_loss', 'rmse', 'r2']
      .filter(name => metrics[name] !== undefined)
      .map(name => `${metricWords(name)} ${formatFigure(metrics[name]!)}`);
    const held = shown.length === 0 ? '' : `: ${shown.join(', ')} on held-out rows`;
    return `model ${short(model)} registered, ${algorithm} on ${dataset} ${short(datasetVersion)}${held}`;
  },

  ModelDeployed: ({ endpoint, model, version, reason }) =>
    `${short(model)} serves ${endpoint} as version ${formatCount(version)}: ${reason}`,

  RolloutStarted: ({ endpoint, champion, challenger, metric, alpha }) =>
    `challenger ${short(challenger)} runs in shadow beside ${short(champion)} on ${endpoint}, compared by ${metricWords(metric)} (error rate ${formatFigure(alpha * 100)} %)`,

  RolloutObserved: ({ endpoint, evidence, status }) => {
    const leaning = {
      continue: 'no decision yet',
      better: 'the challenger is better',
      worse: 'the challenger is worse',
      equivalent: 'no difference that matters',
      inconclusive: 'not decided',
    }[status];
    return `${endpoint}: ${leaning}; ${evidence.statistic} ${figures(evidence, '')} over ${plural(evidence.n, 'label')}`;
  },

  ModelPromoted: ({ model, previous, evidence, by, rollout: _, endpoint, note }) => {
    if (by === 'operator')
      return `${short(model)} promoted on ${endpoint} in place of ${short(previous)} by an operator, at ${plural(evidence.n, 'label')}${because(note)}`;
    const gain = figures(evidence, ` ${lossOf(evidence)}`, Math.abs(evidence.value));
    return `challenger ${short(model)} beats ${short(previous)} by ${gain}${levels(evidence)} over ${plural(evidence.n, 'label')} → promoted`;
  },

  ModelRejected: ({ model, kept, reason, evidence, note }) =>
    `challenger ${short(model)} rejected, ${short(kept)} stays: ${BECAUSE[reason]} (${evidence.statistic} ${figures(evidence, '')}${levels(evidence)} over ${plural(evidence.n, 'label')})${because(note)}`,

  RolloutAdvanced: ({ endpoint, challenger, stage, weight, evidence }) =>
    stage === 'approval'
      ? `challenger ${short(challenger)} of ${endpoint} waits for approval: ${evidence.statistic} ${figures(evidence, '')} over ${plural(evidence.n, 'label')}`
      : `challenger ${short(challenger)} answers ${formatFigure(weight * 100)} % of ${endpoint} from now on: ${evidence.statistic} ${figures(evidence, '')} over ${plural(evidence.n, 'label')}`,

  PromotionObserved: ({ endpoint, model, previous, evidence, status }) =>
    status === 'kept'
      ? `${short(model)} stays on ${endpoint}: its rollback window ended, ${short(previous)} leaves the shadow (${plural(evidence.n, 'label')})`
      : `${endpoint}: ${short(model)} beside ${short(previous)} since its promotion; ${evidence.statistic} ${figures(evidence, '')} over ${plural(evidence.n, 'label')}`,

  TrafficHeld: ({ endpoint, model, answering, evidence }) =>
    `${short(answering)} answers ${endpoint} again until labels decide: the answers of ${short(model)} jumped (${evidence.statistic} ${figures(evidence, '')} over ${plural(evidence.n, 'request')})`,

  TrafficReleased: ({ endpoint, model, evidence }) =>
    `${short(model)} answers ${endpoint} again: ${plural(evidence.n, 'label')} hold nothing against it`,

  ModelRolledBack: ({ model, restored, version, endpoint, evidence, guardrails, by, note }) => {
    const back = `${short(restored)} answers ${endpoint} again as version ${formatCount(version)}`;
    if (by === 'operator') return `${short(model)} rolled back by an operator, ${back}${because(note)}`;
    const tripped = guardrails?.find(one => one.tripped);
    if (by === 'guardrail' && tripped !== undefined)
      return `${short(model)} rolled back, ${back}: ${tripped.guardrail} at ${formatFigure(tripped.evidence.value)}, allowed ${formatFigure(tripped.evidence.threshold ?? Number.NaN)}`;
    return `${short(model)} rolled back, ${back}: worse by ${figures(evidence, ` ${lossOf(evidence)}`, Math.abs(evidence.value))} over ${plural(evidence.n, 'label')}`;
  },

  ModelRecalibrated: ({ endpoint, previous, shift, evidence }) =>
    `${endpoint} recalibrated: the intercept of ${short(previous)} moves by ${formatFigure(shift)}${/log-odds/.test(evidence.statistic) ? ' on the log-odds scale' : ''}, from ${plural(evidence.n, 'label')}`,

  RecalibrationDeclined: ({ endpoint, model, reason }) =>
    `${endpoint} is not recalibrated, ${short(model)} stays as it is: ${reason}`,

  WindowObserved: ({ endpoint, monitor, window, n, signals }, time) => {
    // A window's id ends with its start.
    const from = Number(window.slice(window.lastIndexOf('/') + 1));
    const since = Number.isFinite(from) ? ` since ${time(from)}` : '';
    return `${monitor} of ${endpoint}, ${plural(n, 'row')}${since}: ${signals === 0 ? 'nothing departs' : plural(signals, 'signal')}`;
  },

  SignalRaised: ({ signal }) => signal.sentence,

  AlarmRaised: ({ sentence }) => sentence,

  AlarmCoalesced: ({ kind, into, sentence }) =>
    `${sentence} (${kind.replace('-', ' ')}; belongs to alarm ${into}, which is being answered)`,

  AlarmResolved: ({ sentence }) => sentence,

  AnswerDecided: ({ answer, reason, budget }) =>
    `${reason} → ${ANSWER[answer]}${answer === 'retrain' ? ` (${formatCount(budget.used)} of ${plural(budget.limit, 'retraining')} used)` : ''}`,

  PolicyHeld: ({ endpoint, reason }) => `the policy of ${endpoint} is held: ${reason}`,
  PolicyResumed: ({ endpoint }) => `the policy of ${endpoint} acts again`,
  CardWritten: ({ model }) => `the card of ${short(model)} was written`,

  ReplayStarted: ({ dataset, from, until, requests, encore }, time) =>
    `${encore === true ? `the last weeks of ${dataset} go round once more` : `replay of ${dataset} started`}: ${plural(requests, 'request')} from ${time(from)} to ${time(until)}`,
  ReplayFinished: ({ requests, outcomes }) =>
    `replay finished: ${plural(requests, 'request')} answered, ${plural(outcomes, 'outcome')} received`,

  ChaosStarted: ({ sentence: told }) => told,
  ChaosEnded: ({ sentence: told }) => told,

  BatchScored: ({ endpoint, input, output, rows, model, version }) =>
    `${plural(rows, 'row')} of ${input} answered by ${short(model)}, version ${formatCount(version)} of ${endpoint}, into ${output}`,

  PredictionTestAdded: ({ endpoint, name, prediction }) =>
    `prediction test “${name}” of ${endpoint} made of request ${prediction}`,
  PredictionTestRemoved: ({ endpoint, name }) => `prediction test “${name}” of ${endpoint} removed`,

  ObjectArchived: ({ kind, id, reason }) => `${kind.replace('-', ' ')} ${short(id)} archived: ${reason}`,
  ObjectRestored: ({ kind, id }) => `${kind.replace('-', ' ')} ${short(id)} restored`,
  ObjectDeleted: ({ kind, id, reason, dependants }) =>
    `${kind.replace('-', ' ')} ${short(id)} deleted${dependants.length === 0 ? '' : ` with ${plural(dependants.length, 'dependant')}`}: ${reason}`,

  KeyCreated: ({ key, role }) => `key ${key} created for role ${role}`,
  KeyRevoked: ({ key }) => `key ${key} revoked`,
};

/** "paired log-loss difference" → "log loss": the unit that a gain is counted in. */
function lossOf(evidence: Evidence): string {
  if (/log[- _]loss/i.test(evidence.statistic)) return 'log loss';
  if (/brier/i.test(evidence.statistic)) return 'Brier score';
  if (/squared/i.test(evidence.statistic)) return 'squared error';
  if (/absolute/i.test(evidence.statistic)) return 'absolute error';
  return evidence.statistic;
}

/**
 * Both mean losses of a comparison whose difference alone says little: squared errors have squared units, so that the
 * roots are shown: `, RMSE 38.1 against 41.0`. Empty for losses of one scale.
 */
function levels(evidence: Evidence): string {
  if (evidence.means === undefined) return '';
  const [champion, challenger] = evidence.means;
  const loss = lossOf(evidence);
  if (loss === 'squared error')
    return `, RMSE ${formatFigure(Math.sqrt(challenger))} against ${formatFigure(Math.sqrt(champion))},`;
  if (loss === 'absolute error')
    return `, mean absolute error ${formatFigure(challenger)} against ${formatFigure(champion)},`;
  return '';
}

/**
 * One plain sentence for an entry, as the timeline and the ledger show it; the entry's own time stands beside it.
 * Deterministic: it holds nothing that the entry does not.
 */
export function sentence(entry: Pick<Entry, 'type' | 'payload'>, options: WordingOptions = {}): string {
  // The table pairs each type with its payload; the compiler cannot follow that through an index.
  const wording = WORDINGS[entry.type] as (payload: unknown, time: (at: EpochMs) => string) => string;
  return wording(entry.payload, options.formatTime ?? utcMinute);
}
