import type { LoopStatus, ReplayStatus, Stage, StageState } from '@twinloop/client';
import { formatCount, formatFigure, parseDuration, type ChaosKind, type EpochMs } from '@twinloop/kernel';
import { endpointState } from '@twinloop/loop/delivery';
import { endpointLearning } from '@twinloop/loop/learning';
import type { ProjectState } from '../runtime/project-state.js';
import { delivering, FAULTS } from './delivery-words.js';
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

/** Where in the figure a fault on purpose shows. */
const BROKEN: Readonly<Record<ChaosKind, Stage>> = {
  'flip-sensor': 'serve',
  'poison-batch': 'data',
  'worse-model': 'deploy',
  'delay-labels': 'monitor',
  'kill-server': 'serve',
};

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
    stages: withFault(source, stages(source, openAlarms.length)),
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

/** A fault that runs is never hidden behind a green stage. */
function withFault({ state }: StatusSource, seen: Readonly<Record<Stage, StageView>>) {
  const { running } = state.chaos;
  if (running === null) return seen;
  const stage = BROKEN[running.kind];
  const text = seen[stage].state === 'attention' ? seen[stage].text : `${FAULTS[running.kind]}, on purpose`;
  return { ...seen, [stage]: { state: 'attention' as const, text } };
}

function stages(
  { config, state, serving, openRuns, predictions, now }: StatusSource,
  alarms: number,
): Readonly<Record<Stage, StageView>> {
  const endpoint = endpointState(state.delivery, serving.endpoint);
  const { champion } = endpoint;
  const busy = delivering(endpoint);
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
      busy !== undefined
        ? { state: busy.state, text: busy.stage }
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
function headline(source: StatusSource, alarm: string | undefined): string {
  const { running } = source.state.chaos;
  const found = pressing(source, alarm);
  if (running === null) return found ?? wellWords(source);
  const target = running.target === null ? '' : ` (${running.target})`;
  return `Broken on purpose: ${FAULTS[running.kind]}${target}. ${found ?? 'Nothing shows yet'}`;
}

/** Undefined: nothing presses. */
function pressing(source: StatusSource, alarm: string | undefined): string | undefined {
  const { state, serving, openRuns, replay } = source;
  const endpoint = endpointState(state.delivery, serving.endpoint);
  const busy = delivering(endpoint);
  // What clients get, and what a person is asked, is more pressing than a training.
  if (busy?.state === 'attention') return busy.sentence;
  if (openRuns.length > 0)
    return replay?.waitingFor == null
      ? `${openRuns[0]} is training`
      : `${openRuns[0]} is training: ${replay.waitingFor}`;
  if (endpoint.champion === null)
    return state.lastRun === undefined
      ? 'Nothing is in service yet: start a run'
      : `Nothing is in service: ${state.lastRun.payload.run} ${state.lastRun.payload.status}`;
  // An alarm is older news than a rollout that may be its answer, and newer news than a quiet watch.
  const first = endpoint.rollout !== null || state.chaos.running !== null;
  return first ? (busy?.sentence ?? alarm) : (alarm ?? busy?.sentence);
}

function wellWords({ config, state, serving, loss, shelf }: StatusSource): string {
  const { champion } = endpointState(state.delivery, serving.endpoint);
  const { model } = champion!;
  const algorithm = shelf.loaded(model)?.record.algorithm;
  const last = lossView(config, loss);
  const told =
    last === null
      ? ''
      : `, ${last.title} ${formatFigure(last.value)}${last.unit === null ? '' : ` ${last.unit}`} in the last window`;
  const amiss = leftOver(state);
  return `${amiss === '' ? 'All is well: ' : ''}${model}${algorithm === undefined ? '' : ` (${algorithm})`} answers${told}${amiss}`;
}

/** What clients do not feel, but what is not well either. */
function leftOver({ refusedData, lastRun }: ProjectState): string {
  return [
    ...[...refusedData.keys()].map(dataset => `; ${dataset} was refused`),
    ...(lastRun === undefined || lastRun.payload.status === 'passed'
      ? []
      : [`; ${lastRun.payload.run} ${lastRun.payload.status}`]),
  ].join('');
}
