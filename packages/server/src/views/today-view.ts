import type { ChannelView, DailyTask, LossView, RunView, TodayView, WaitingItem } from '@twinloop/client';
import { formatCount, formatFigure, parseDuration, type EpochMs } from '@twinloop/kernel';
import { endpointState } from '@twinloop/loop/delivery';
import { endpointLearning } from '@twinloop/loop/learning';
import { delivering } from './delivery-words.js';
import { lossView } from './loss-view.js';
import type { StatusSource } from './status-view.js';

export interface TodaySource extends Omit<StatusSource, 'predictions' | 'outcomes' | 'replay'> {
  /** Newest first. */
  readonly runs: readonly RunView[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Requests of this life of the process. */
  readonly requests: number;
  readonly residentBytes: number;
  /** The next time the schedule trains, if it ever does. */
  readonly nextRun: EpochMs | null;
  /** Whom the project tells, and whether it reaches them. */
  readonly channels: readonly ChannelView[];
}

/** An undecided comparison is news for that long; after it, the next one is. */
const NEWS_MS = 7 * 864e5;
/** The order in which a person on call would want them. */
const URGENCY: readonly WaitingItem['kind'][] = [
  'held-traffic',
  'failing-data',
  'approval',
  'missing-labels',
  'failed-run',
  'inconclusive',
  'alarm',
  'failing-notification',
  'held-policy',
];

/** What waits for a person today, and how the five daily tasks stand. */
export function todayView(source: TodaySource): TodayView {
  const waiting = [
    ...waitsInDelivery(source),
    ...waitsInData(source),
    ...waitsInRuns(source),
    ...waitsInPolicy(source),
    ...waitsInChannels(source),
  ];
  waiting.sort((a, b) => URGENCY.indexOf(a.kind) - URGENCY.indexOf(b.kind) || a.since - b.since);
  return { now: source.now, waiting, tasks: tasks(source, waiting) };
}

function waitsInDelivery({ state, serving, now }: TodaySource): readonly WaitingItem[] {
  const { endpoint } = serving;
  const delivered = endpointState(state.delivery, endpoint);
  const { rollout, watch } = delivered;
  const path = `/endpoint/${endpoint}`;
  const found: WaitingItem[] = [];
  const said = delivering(delivered)?.sentence ?? '';
  if (watch?.held != null)
    found.push({
      kind: 'held-traffic',
      since: watch.held.since,
      sentence: said,
      path,
      command: `twinloop rollback ${endpoint}`,
    });
  else if (rollout?.stage.kind === 'approval')
    found.push({
      kind: 'approval',
      since: rollout.stage.since,
      sentence: said,
      path,
      command: `twinloop promote ${endpoint}`,
    });
  const undecided = state.undecided;
  if (rollout === null && undecided !== undefined && now - undecided.at < NEWS_MS)
    found.push({
      kind: 'inconclusive',
      since: undecided.at,
      sentence: `${undecided.payload.model} was not promoted: its evidence did not decide in time (${formatCount(undecided.payload.evidence.n)} labels)`,
      path: `${path}?rollout=${undecided.payload.rollout}`,
      command: `twinloop endpoint ${endpoint}`,
    });
  return found;
}

function waitsInData({ state }: TodaySource): readonly WaitingItem[] {
  const found: WaitingItem[] = [];
  for (const { at, payload } of state.refusedData.values()) {
    const errors = payload.findings.filter(finding => finding.severity === 'error');
    found.push({
      kind: 'failing-data',
      since: at,
      sentence: `${payload.dataset} was refused: ${errors[0]?.message ?? 'an expectation failed'}${errors.length > 1 ? ` and ${formatCount(errors.length - 1)} more` : ''}`,
      path: `/data/${payload.dataset}/${payload.version}`,
      command: 'twinloop data',
    });
  }
  return found;
}

function waitsInRuns({ runs, openRuns }: TodaySource): readonly WaitingItem[] {
  const last = runs.find(run => run.status !== 'running');
  if (last === undefined || openRuns.length > 0) return [];
  const path = `/runs/${last.run}`;
  const command = `twinloop logs ${last.run}`;
  const since = last.finishedAt ?? last.startedAt;
  const gates = last.verdicts.filter(verdict => verdict.status === 'inconclusive');
  if (last.status !== 'passed') {
    const failed = last.verdicts.find(verdict => verdict.status === 'fail') ?? gates[0];
    return [
      {
        kind: last.status === 'refused' ? 'failing-data' : 'failed-run',
        since,
        sentence: `${last.run} ${last.status}${failed === undefined ? '' : `: gate ${failed.gate}, ${failed.reason}`}`,
        path,
        command,
      },
    ];
  }
  return gates.map(gate => ({
    kind: 'inconclusive' as const,
    since,
    sentence: `${last.run} passed, but gate ${gate.gate} could not be judged: ${gate.reason}`,
    path,
    command,
  }));
}

function waitsInPolicy({ state, serving }: TodaySource): readonly WaitingItem[] {
  const { endpoint } = serving;
  const found: WaitingItem[] = [];
  const { held } = endpointLearning(state.learning, endpoint);
  if (held !== null)
    found.push({
      kind: 'held-policy',
      since: held.since,
      sentence: `the policy of ${endpoint} is held: ${held.reason}`,
      path: `/endpoint/${endpoint}`,
      command: `twinloop resume ${endpoint}`,
    });
  for (const alarm of state.alarms.values()) {
    // An alarm that is being answered waits for nobody.
    if (!alarm.open || (alarm.answer !== 'hold' && alarm.answer !== null)) continue;
    found.push({
      kind: alarm.kind === 'labels' ? 'missing-labels' : 'alarm',
      since: alarm.at,
      sentence: alarm.sentence,
      path: `/monitors/${endpoint}`,
      command: `twinloop monitors ${endpoint}`,
    });
  }
  return found;
}

function waitsInChannels({ channels, now, virtual }: TodaySource): readonly WaitingItem[] {
  return channels
    .filter(({ state }) => state === 'failing')
    .map(({ name, failingSince, lastError }) => ({
      kind: 'failing-notification' as const,
      // Messages are sent in wall time, which a replay does not know.
      since: virtual ? now : (failingSince ?? now),
      sentence: `${name} is not reached: ${lastError ?? 'no reason was given'}`,
      path: '/settings',
      command: `twinloop notify test ${name}`,
    }));
}

function tasks(source: TodaySource, waiting: readonly WaitingItem[]): readonly DailyTask[] {
  return [monitor(source), retrain(source), deploy(source, waiting), validate(source), scale(source)];
}

function lossFigures(loss: LossView | null): DailyTask['figures'] {
  if (loss === null) return [];
  const unit = loss.unit === null ? '' : ` ${loss.unit}`;
  return [{ label: loss.title, value: `${formatFigure(loss.value)}${unit}` }];
}

function monitor({ config, state, serving, loss }: TodaySource): DailyTask {
  const open = [...state.alarms.values()].filter(alarm => alarm.open);
  const looked = Number.isFinite(state.lookedAt);
  return {
    task: 'monitor',
    state: open.length > 0 ? 'attention' : 'ok',
    text:
      open.length > 0
        ? open.at(-1)!.sentence
        : looked
          ? 'nothing departs from what was learned'
          : 'no window was read yet',
    figures: [
      { label: 'open alarms', value: formatCount(open.length) },
      ...lossFigures(lossView(config, loss)),
    ],
    path: `/monitors/${serving.endpoint}`,
    command: 'twinloop monitors',
  };
}

function retrain({ config, state, serving, openRuns, runs, now, nextRun }: TodaySource): DailyTask {
  const { actions } = endpointLearning(state.learning, serving.endpoint);
  const { retrainings, per } = config.policy.budget;
  const since = now - parseDuration(per);
  const used = actions.filter(({ answer, at }) => answer === 'retrain' && at > since).length;
  const last = runs[0];
  return {
    task: 'retrain',
    state: openRuns.length > 0 ? 'working' : used >= retrainings ? 'attention' : 'ok',
    text:
      openRuns.length > 0
        ? `${openRuns[0]} trains`
        : last === undefined
          ? 'nothing was trained yet'
          : `${last.run} ${last.status}: ${last.reason}`,
    figures: [
      { label: `budget in ${per}`, value: `${formatCount(used)} of ${formatCount(retrainings)}` },
      ...(nextRun === null ? [] : [{ label: 'next by schedule', value: new Date(nextRun).toISOString() }]),
    ],
    path: '/runs',
    command: 'twinloop run',
  };
}

function deploy({ state, serving }: TodaySource, waiting: readonly WaitingItem[]): DailyTask {
  const delivered = endpointState(state.delivery, serving.endpoint);
  const { champion } = delivered;
  const busy = delivering(delivered);
  const asked = waiting.some(item => item.kind === 'approval' || item.kind === 'held-traffic');
  return {
    task: 'deploy',
    state: asked ? 'attention' : (busy?.state ?? 'ok'),
    text:
      busy !== undefined
        ? busy.sentence
        : champion === null
          ? 'nothing is in service'
          : `${champion.model} answers alone`,
    figures: champion === null ? [] : [{ label: 'version', value: formatCount(champion.version) }],
    path: `/endpoint/${serving.endpoint}`,
    command: 'twinloop endpoint',
  };
}

function validate({ state, runs }: TodaySource): DailyTask {
  const judged = runs.find(run => run.verdicts.length > 0);
  const passed = judged?.verdicts.filter(verdict => verdict.status === 'pass').length ?? 0;
  const refused = state.refusedData.size;
  return {
    task: 'validate',
    state: refused > 0 || (judged !== undefined && passed < judged.verdicts.length) ? 'attention' : 'ok',
    text:
      refused > 0
        ? `${formatCount(refused)} dataset${refused === 1 ? '' : 's'} refused`
        : judged === undefined
          ? 'no gate was judged yet'
          : `${judged.run}: ${formatCount(passed)} of ${formatCount(judged.verdicts.length)} gates passed`,
    figures: [],
    path: judged === undefined ? '/data' : `/runs/${judged.run}`,
    command: judged === undefined ? 'twinloop data' : 'twinloop runs',
  };
}

function scale({ serving, requests, errors, p50Ms, p99Ms, residentBytes }: TodaySource): DailyTask {
  const ms = (value: number): string => (Number.isFinite(value) ? `${formatFigure(value)} ms` : '–');
  return {
    task: 'scale',
    state: errors > 0 ? 'attention' : 'ok',
    text: `${formatCount(requests)} requests since the start, ${formatCount(errors)} failed`,
    figures: [
      { label: 'median', value: ms(p50Ms) },
      { label: 'p99', value: ms(p99Ms) },
      { label: 'memory', value: `${formatCount(Math.round(residentBytes / 1e6))} MB` },
    ],
    path: `/endpoint/${serving.endpoint}`,
    command: 'twinloop status',
  };
}
