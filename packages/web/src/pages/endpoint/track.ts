import type { Decision, Evidence, RolloutView, WatchView } from '@twinloop/client';
import { percent } from '../../format/numbers.js';
import { memberOf, numberOf, textOf } from '../../live/payload.js';

export interface TrackStage {
  readonly key: string;
  readonly name: string;
  /** Share of the traffic that the challenger answers there, in words. */
  readonly share: string;
  readonly state: 'past' | 'now' | 'next' | 'left';
  readonly since: number | null;
  readonly until: number | null;
  /** What it was decided on when the stage began. */
  readonly evidence: Evidence | null;
}

/**
 * The way of one rollout: shadow, each canary step, approval where it is asked for, promoted, watched. `decisions` tell
 * when a stage began and on what evidence. A rollout that ended early has left the stages it did not reach.
 */
export function trackOf(
  rollout: RolloutView,
  watch: WatchView | null,
  decisions: readonly Decision[],
): readonly TrackStage[] {
  const advances = decisions.filter(
    d => d.type === 'RolloutAdvanced' && textOf(d, 'rollout') === rollout.rollout,
  );
  const begun = (step: number, stage: string): Decision | undefined =>
    advances.find(d => textOf(d, 'stage') === stage && numberOf(d, 'step') === step);
  const asked = advances.find(d => textOf(d, 'stage') === 'approval');
  const { stage, status, steps } = rollout;
  const promoted = status === 'promoted' || status === 'rolled-back';
  const watched = watch !== null && watch.rollout === rollout.rollout;

  const rows: { key: string; name: string; share: string; begun?: Decision | undefined }[] = [
    { key: 'shadow', name: 'shadow', share: '0 %' },
    ...steps.map((weight, i) => ({
      key: `canary ${i}`,
      name: 'canary',
      share: percent(weight, weight < 0.01 ? 1 : 0),
      begun: begun(i, 'canary'),
    })),
    ...(stage?.kind === 'approval' || asked !== undefined
      ? [{ key: 'approval', name: 'approval', share: percent(steps.at(-1) ?? 0, 0), begun: asked }]
      : []),
    { key: 'promoted', name: 'promoted', share: '100 %' },
    status === 'rolled-back'
      ? { key: 'rolled back', name: 'rolled back', share: '0 %' }
      : { key: 'watched', name: 'watched', share: '100 %' },
  ];
  const reached = promoted
    ? watched
      ? rows.length - 1
      : rows.length
    : stage !== null
      ? rows.findIndex(
          row => row.key === (stage.kind === 'canary' ? `canary ${stage.step ?? 0}` : stage.kind),
        )
      : Math.max(
          0,
          rows.findLastIndex(row => row.begun !== undefined),
        );
  return rows.map(({ key, name, share, begun: fact }, i) => {
    const now = i === reached && (stage !== null || watched);
    const end = i >= rows.length - 2 ? rollout.endedAt : null;
    return {
      key,
      name,
      share,
      state: now
        ? 'now'
        : i < reached || (i === reached && stage === null)
          ? 'past'
          : status === 'open'
            ? 'next'
            : 'left',
      since:
        key === 'shadow'
          ? rollout.startedAt
          : (fact?.at ?? (now && stage !== null ? stage.since : promoted ? end : null)),
      until: now ? (stage !== null ? stage.until : (watch?.until ?? null)) : null,
      evidence:
        fact !== undefined
          ? evidenceOf(fact)
          : key === 'watched'
            ? now && watched
              ? watch.evidence
              : null
            : now || key === 'rolled back'
              ? rollout.evidence
              : null,
    };
  });
}

function evidenceOf(fact: Decision): Evidence | null {
  const evidence = memberOf(fact.payload, 'evidence');
  return typeof memberOf(evidence, 'value') === 'number' && typeof memberOf(evidence, 'n') === 'number'
    ? (evidence as unknown as Evidence)
    : null;
}
