import {
  formatCount,
  formatFigure,
  formatInterval,
  formatShare,
  type ChaosKind,
  type Evidence,
} from '@twinloop/kernel';
import type { EndpointState } from '@twinloop/loop/delivery';
import { isLoss, lossWords } from '@twinloop/stats';

/** What delivery is in the middle of, for the figure and for the headline. */
export interface Delivering {
  /** `attention`: clients do not get the model in charge, or a person is asked. */
  readonly state: 'working' | 'attention';
  /** A few words below the stage. */
  readonly stage: string;
  readonly sentence: string;
}

export const FAULTS: Readonly<Record<ChaosKind, string>> = {
  'flip-sensor': 'a flipped sensor',
  'poison-batch': 'a poisoned batch',
  'worse-model': 'a worse challenger',
  'delay-labels': 'delayed labels',
  'kill-server': 'a killed server',
};

/** Rollouts are compared by losses of single rows: `squared_error` → `squared error`. */
const lossName = (metric: string): string => (isLoss(metric) ? lossWords(metric) : metric);

/** What the paired labels say so far. */
function compared(evidence: Evidence | undefined, metric: string): string {
  return evidence?.interval === undefined || !evidence.interval.every(Number.isFinite)
    ? 'labels are being gathered'
    : `${formatFigure(evidence.value)} ${formatInterval(evidence.interval)} ${lossName(metric)} over ${formatCount(evidence.n)} labels`;
}

/** What a watch that bets has won so far, and what it needs. */
function betted(evidence: Evidence | undefined): string {
  if (evidence === undefined) return 'no label has come for both yet';
  const labels = `over ${formatCount(evidence.n)} label${evidence.n === 1 ? '' : 's'}`;
  const { eValue } = evidence;
  return eValue === undefined
    ? `difference ${formatFigure(evidence.value)} ${labels}`
    : `e-value ${formatFigure(eValue.value)} of ${formatFigure(eValue.decidesAt)} ${labels}`;
}

/** Undefined: one model answers, and nothing is tried or watched beside it. */
export function delivering({ champion, watch, rollout }: EndpointState): Delivering | undefined {
  if (champion === null) return undefined;
  if (watch?.held != null) {
    const { held, previousVersion } = watch;
    return {
      state: 'attention',
      stage: `version ${champion.version} held`,
      sentence: `Version ${champion.version} is held, version ${previousVersion} answers until labels decide: ${held.evidence.statistic} ${formatFigure(held.evidence.value)} over ${formatCount(held.evidence.n)} requests`,
    };
  }
  if (rollout !== null) {
    const { stage, challenger } = rollout;
    const evidence = compared(rollout.observed?.evidence, rollout.metric);
    const answers = stage.kind === 'shadow' ? '' : ` answers ${formatShare(stage.weight)} of the traffic`;
    switch (stage.kind) {
      case 'shadow':
        return {
          state: 'working',
          stage: `${challenger} in shadow`,
          sentence: `${challenger} is tried in shadow beside ${champion.model}: ${evidence}`,
        };
      case 'canary':
        return {
          state: 'working',
          stage: `version ${rollout.nextVersion} at ${formatShare(stage.weight)}`,
          sentence: `Version ${rollout.nextVersion}${answers} beside version ${champion.version}: ${evidence}`,
        };
      case 'approval':
        return {
          state: 'attention',
          stage: `version ${rollout.nextVersion} waits for approval`,
          sentence: `Version ${rollout.nextVersion} waits for approval${stage.weight > 0 ? ` and${answers} meanwhile` : ''}: ${evidence}`,
        };
    }
  }
  if (watch === null) return undefined;
  return {
    state: 'working',
    stage: `version ${champion.version}, watched`,
    sentence: `Version ${champion.version} is being watched beside version ${watch.previousVersion}: ${betted(watch.observed?.evidence)}`,
  };
}
