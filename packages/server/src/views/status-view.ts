import type { LoopStatus, ReplayStatus, Stage, StageState } from '@twinloop/client';
import { formatCount, formatFigure, formatInterval, parseDuration, type EpochMs } from '@twinloop/kernel';
import { endpointState } from '@twinloop/loop/delivery';
import { endpointLearning } from '@twinloop/loop/learning';
import { isLoss, lossWords } from '@twinloop/stats';
import type { ProjectState } from '../runtime/project-state.js';
import { endpointSummary, type EndpointSource } from './endpoint-view.js';
import { lossView } from './loss-view.js';

export interface StatusSource extends Omit<EndpointSource, 'baseUrl'> {
  readonly now: EpochMs;
  readonly virtual: boolean;
  readonly openRuns: readonly string[];
  readonly replay: ReplayStatus | null;
  readonly predictions: number;
  readonly outcomes: number;
  readonly errors: number;
}

/** Rollouts are compared by losses of single rows: `squared_error` → `squared error`. */
function wordsOf(metric: string): string {
  return isLoss(metric) ? lossWords(metric) : metric;
}

type StageView = { readonly state: StageState; readonly text: string };

export function statusView(source: StatusSource): LoopStatus {
  const { config, state, serving, now, virtual, openRuns, replay, predictions, outcomes, errors } = source;
  const openAlarms = [...state.alarms.values()].filter(alarm => alarm.open).reverse();
  const learning = endpointLearning(state.learning, serving.endpoint);
  const since = now - parseDuration(config.policy.budget.per);
  const used = learning.actions.filter(({ answer, at }) => answer === 'retrain' && at > since).length;
  const answering = learning.open !== null;
  return {
    project: config.project,
    now,
    virtual,
    stages: stages(source, openAlarms.length),
    arcs: {
      dataDrift: answering && openAlarms.some(alarm => alarm.kind === 'data-drift'),
      modelDrift:
        openAlarms.some(alarm => alarm.kind === 'model-drift' || alarm.kind === 'calibration') &&
        (answering || openRuns.length > 0),
    },
    headline: headline(source, openAlarms[0]?.sentence),
    endpoint: endpointSummary({ ...source, baseUrl: '' }),
    openAlarms,
    counts: { predictions, outcomes, ...state.counts, errors },
    budget: { used, limit: config.policy.budget.retrainings, per: config.policy.budget.per },
    replay,
  };
}

function stages(
  { config, state, serving, openRuns, predictions, now }: StatusSource,
  alarms: number,
): Readonly<Record<Stage, StageView>> {
  const { champion, rollout } = endpointState(state.delivery, serving.endpoint);
  const learning = endpointLearning(state.learning, serving.endpoint);
  const data = state.lastData?.payload;
  const run = state.lastRun?.payload;
  const training = openRuns.length > 0;
  return {
    data:
      data === undefined
        ? { state: 'idle', text: 'no dataset version yet' }
        : {
            state: data.status === 'accepted' ? 'ok' : 'attention',
            text: `${data.dataset} ${data.status}, ${formatCount(data.checked)} expectations`,
          },
    build: training
      ? { state: 'working', text: `${openRuns[0]} trains` }
      : {
          state: run === undefined ? 'idle' : 'ok',
          text: run === undefined ? 'nothing trained yet' : `${run.run}: ${formatCount(run.trained)} fits`,
        },
    test: training
      ? { state: 'working', text: 'gates follow' }
      : {
          state: run === undefined ? 'idle' : run.status === 'passed' ? 'ok' : 'attention',
          text: run === undefined ? `${config.gates.length} gates declared` : `${run.run} ${run.status}`,
        },
    deploy:
      rollout !== null
        ? { state: 'working', text: `${rollout.challenger} in shadow` }
        : {
            state: champion === null ? 'idle' : 'ok',
            text: champion === null ? 'nothing in service' : `version ${champion.version}`,
          },
    serve:
      champion === null
        ? { state: 'idle', text: 'no model in service' }
        : { state: serving.errors > 0 ? 'attention' : 'ok', text: `${formatCount(predictions)} answers` },
    monitor: {
      state: alarms > 0 ? 'attention' : state.lastWindow === undefined ? 'idle' : 'ok',
      text:
        alarms > 0
          ? `${formatCount(alarms)} open alarm${alarms === 1 ? '' : 's'}`
          : state.lastWindow === undefined
            ? 'no window read yet'
            : 'nothing departs',
    },
    learn: state.held
      ? { state: 'attention', text: 'held by an operator' }
      : learning.open !== null
        ? {
            state: 'working',
            text: learning.open.stage === 'rollout' ? 'a challenger is being tried' : 'retraining',
          }
        : {
            state: learning.actions.length === 0 ? 'idle' : 'ok',
            text: lastAction(state, serving.endpoint, now),
          },
  };
}

function lastAction(state: ProjectState, endpoint: string, now: EpochMs): string {
  const last = endpointLearning(state.learning, endpoint).actions.at(-1);
  if (last === undefined) return 'nothing to answer yet';
  const days = Math.floor((now - last.at) / 864e5);
  return `last: ${last.answer}, ${days === 0 ? 'today' : `${formatCount(days)} day${days === 1 ? '' : 's'} ago`}`;
}

/** Is everything well, and what is happening now? The most pressing thing that is true. */
function headline(
  { config, state, serving, openRuns, replay, loss, shelf }: StatusSource,
  alarm: string | undefined,
): string {
  const { champion, rollout } = endpointState(state.delivery, serving.endpoint);
  if (openRuns.length > 0)
    return replay?.waitingFor == null
      ? `${openRuns[0]} is training`
      : `${openRuns[0]} is training: ${replay.waitingFor}`;
  if (champion === null)
    return state.lastRun === undefined
      ? 'Nothing is in service yet: start a run'
      : `Nothing is in service: ${state.lastRun.payload.run} ${state.lastRun.payload.status}`;
  if (rollout !== null) {
    const evidence = rollout.observed?.evidence;
    const seen =
      evidence === undefined || evidence.interval === undefined || !evidence.interval.every(Number.isFinite)
        ? 'labels are being gathered'
        : `${formatFigure(evidence.value)} ${formatInterval(evidence.interval)} ${wordsOf(rollout.metric)} over ${formatCount(evidence.n)} labels`;
    return `${rollout.challenger} is tried in shadow beside ${champion.model}: ${seen}`;
  }
  if (alarm !== undefined) return alarm;
  const algorithm = shelf.loaded(champion.model)?.record.algorithm;
  const last = lossView(config, loss);
  const told =
    last === null
      ? ''
      : `, ${last.title} ${formatFigure(last.value)}${last.unit === null ? '' : ` ${last.unit}`} in the last window`;
  return `All is well: ${champion.model}${algorithm === undefined ? '' : ` (${algorithm})`} answers${told}`;
}
