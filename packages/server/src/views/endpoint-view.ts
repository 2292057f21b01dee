import type { EndpointDetail, EndpointSummary, RolloutView } from '@twinloop/client';
import type { Entry, Evidence, GuardrailReading, Json } from '@twinloop/kernel';
import { endpointState, rollsBackTo } from '@twinloop/loop/delivery';
import { stageView, watchView } from './rollout-stage-view.js';
import { servedElsewhere } from '../config/check-project.js';
import type { ProjectConfig } from '../config/project-config.js';
import type { ModelShelf } from '../runtime/serving/model-shelf.js';
import type { ProjectState } from '../runtime/project-state.js';
import type { Serving } from '../runtime/serving/serving.js';
import { requestLines, usualValue } from './request-lines.js';
import type { WindowLoss } from '../runtime/monitoring/watch.js';
import { lossView } from './loss-view.js';

export interface EndpointSource {
  readonly config: ProjectConfig;
  readonly state: ProjectState;
  readonly serving: Serving;
  readonly shelf: ModelShelf;
  /** Mean loss of the answers of the last quality window, as it was last read. */
  readonly loss: WindowLoss | null;
  readonly baseUrl: string;
  /** Of the data that the model in service learned from: example values. */
  readonly profile?: Json | undefined;
}

function algorithmOf(shelf: ModelShelf, model: string): string {
  return shelf.loaded(model)?.record.algorithm ?? 'unknown';
}

export function endpointSummary({ config, state, serving, shelf, loss }: EndpointSource): EndpointSummary {
  const { champion, rollout } = endpointState(state.delivery, serving.endpoint);
  return {
    endpoint: serving.endpoint,
    champion:
      champion === null
        ? null
        : {
            model: champion.model,
            version: champion.version,
            algorithm: algorithmOf(shelf, champion.model),
            since: champion.since,
          },
    challenger:
      rollout === null
        ? null
        : {
            model: rollout.challenger,
            algorithm: algorithmOf(shelf, rollout.challenger),
            since: rollout.startedAt,
            rollout: rollout.rollout,
          },
    loss30d: lossView(config, loss),
  };
}

/** Rollouts out of their facts, newest first. */
export function rolloutViews(entries: readonly Entry[]): readonly RolloutView[] {
  const views = new Map<string, RolloutView>();
  const update = (id: string, change: (view: RolloutView) => RolloutView): void => {
    const view = views.get(id);
    if (view !== undefined) views.set(id, change(view));
  };
  for (const entry of entries) {
    switch (entry.type) {
      case 'RolloutStarted': {
        const { rollout, champion, challenger, strategy, metric, steps = [] } = entry.payload;
        views.set(rollout, {
          rollout,
          champion,
          challenger,
          startedAt: entry.at,
          endedAt: null,
          strategy,
          metric,
          steps,
          stage: { kind: 'shadow', step: null, weight: 0, since: entry.at, until: null },
          guardrails: [],
          status: 'open',
          reason: null,
          evidence: null,
          curve: [],
          labelsToDecision: null,
        });
        break;
      }
      case 'RolloutObserved': {
        const { evidence } = entry.payload;
        update(entry.payload.rollout, view => ({
          ...view,
          evidence,
          labelsToDecision: labelsToDecision(evidence),
          // Before there are enough blocks the interval is unbounded, which a chart cannot draw.
          curve:
            evidence.interval === undefined || !evidence.interval.every(Number.isFinite)
              ? view.curve
              : [
                  ...view.curve,
                  {
                    at: entry.at,
                    n: evidence.n,
                    mean: evidence.value,
                    low: evidence.interval[0],
                    high: evidence.interval[1],
                  },
                ],
        }));
        break;
      }
      case 'RolloutAdvanced': {
        const { stage, step, weight, guardrails } = entry.payload;
        update(entry.payload.rollout, view => ({
          ...view,
          guardrails,
          stage: { kind: stage, step, weight, since: entry.at, until: null },
        }));
        break;
      }
      case 'ModelRolledBack':
        update(entry.payload.rollout, view => ({
          ...view,
          status: 'rolled-back',
          endedAt: entry.at,
          reason: entry.payload.by,
          guardrails: entry.payload.guardrails ?? view.guardrails,
          evidence: entry.payload.evidence,
        }));
        break;
      case 'ModelPromoted':
        update(entry.payload.rollout, view => ({
          ...view,
          status: 'promoted',
          stage: null,
          endedAt: entry.at,
          reason: entry.payload.by,
          evidence: entry.payload.evidence,
          labelsToDecision: null,
        }));
        break;
      case 'ModelRejected':
        update(entry.payload.rollout, view => ({
          ...view,
          status: 'rejected',
          stage: null,
          endedAt: entry.at,
          reason: entry.payload.reason,
          guardrails: entry.payload.guardrails ?? view.guardrails,
          evidence: entry.payload.evidence,
          labelsToDecision: null,
        }));
        break;
      default:
        break;
    }
  }
  return [...views.values()].reverse();
}

const LONGEST_OUTLOOK = 50;

/** The half-width shrinks like 1 / √n: how many more labels until it is as small as the effect seen now. */
function labelsToDecision({ interval, value, n }: Evidence): number | null {
  if (interval === undefined || value === 0 || n === 0 || !interval.every(Number.isFinite)) return null;
  const half = (interval[1] - interval[0]) / 2;
  const needed = n * (half / Math.abs(value)) ** 2;
  if (needed <= n) return 0;
  // Nearly equal models: a figure would only pretend that there is an end in sight.
  return needed > LONGEST_OUTLOOK * n ? null : Math.round(needed - n);
}

export async function endpointDetail(
  source: EndpointSource,
  rollouts: readonly RolloutView[],
  watched: { readonly entries: readonly Entry[]; readonly guardrails: readonly GuardrailReading[] },
): Promise<EndpointDetail> {
  const { config, serving, shelf, state, baseUrl } = source;
  const found = endpointState(state.delivery, serving.endpoint);
  const open = rollouts.find(view => view.status === 'open');
  const live = serving.snapshot.live[0];
  const inputs = live === undefined ? [] : serving.asked((await shelf.load(live.model)).inputs);
  return {
    ...endpointSummary(source),
    kind: 'model',
    logging: config.endpoint!.logging,
    inputs: inputs.map(input => ({
      name: input.name,
      datatype: input.type === 'string' ? 'BYTES' : 'FP64',
      example: usualValue(input, source.profile),
    })),
    split: [
      ...serving.snapshot.live.map(arm => ({ ...arm, role: 'live' as const })),
      ...serving.snapshot.shadows.map(arm => ({ ...arm, role: 'shadow' as const, weight: 0 })),
    ],
    watch: watchView(found, watched.entries, watched.guardrails),
    rollsBackTo: rollsBackTo(state.delivery, serving.endpoint),
    rollout:
      open === undefined || found.rollout === null
        ? null
        : { ...open, stage: stageView(found.rollout, config.endpoint!.rollout) },
    history: rollouts.filter(view => view.status !== 'open'),
    traffic: {
      requests: serving.requests,
      p50Ms: finite(serving.latency.quantile(0.5)),
      p99Ms: finite(serving.latency.quantile(0.99)),
      errors: serving.errors,
    },
    ...requestLines(
      `${baseUrl}/p/${config.project}/v2/models/${serving.endpoint}/infer`,
      inputs,
      source.profile,
    ),
    ...(servedElsewhere(config)
      ? {
          curl: `curl -s ${baseUrl}/p/${config.project}/api/twinloop/v1/predictions -H 'content-type: application/x-ndjson' --data-binary @predictions.jsonl`,
        }
      : {}),
  };
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
