import type { EvidencePoint, RolloutStageView, WatchView } from '@twinloop/client';
import { parseDuration, type Entry, type Evidence, type GuardrailReading } from '@twinloop/kernel';
import type { EndpointState, OpenRollout, RolloutConfig } from '@twinloop/loop/delivery';

/** One point of an evidence curve; nothing before the interval is bounded, which a chart could not draw. */
export function evidencePoint(at: number, { n, value, interval }: Evidence): EvidencePoint | undefined {
  if (interval === undefined || !interval.every(Number.isFinite)) return undefined;
  return { at, n, mean: value, low: interval[0], high: interval[1] };
}

export function stageView(rollout: OpenRollout, config: RolloutConfig): RolloutStageView {
  const { stage, startedAt } = rollout;
  switch (stage.kind) {
    case 'shadow':
      return {
        kind: 'shadow',
        step: null,
        weight: 0,
        since: startedAt,
        until: startedAt + parseDuration(config.timeout),
      };
    case 'canary': {
      const step = config.steps[stage.step];
      return {
        ...stage,
        until: step === undefined ? null : stage.since + parseDuration(step.for),
      };
    }
    case 'approval':
      return { ...stage, step: null, until: null };
  }
}

/** The promotion that can still be rolled back by itself, with the looks at it so far. */
export function watchView(
  { champion, watch }: EndpointState,
  entries: readonly Entry[],
  guardrails: readonly GuardrailReading[],
): WatchView | null {
  if (watch === null || champion === null) return null;
  const curve: EvidencePoint[] = [];
  for (const entry of entries) {
    if (entry.type !== 'PromotionObserved' || entry.payload.rollout !== watch.rollout) continue;
    const point = evidencePoint(entry.at, entry.payload.evidence);
    if (point !== undefined) curve.push(point);
  }
  return {
    rollout: watch.rollout,
    model: watch.model,
    version: champion.version,
    previous: watch.previous,
    previousVersion: watch.previousVersion,
    since: watch.since,
    until: watch.until,
    held: watch.held,
    evidence: watch.observed?.evidence ?? null,
    guardrails,
    curve,
  };
}
