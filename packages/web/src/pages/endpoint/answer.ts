import type { Decision, EndpointDetail, RolloutView } from '@twinloop/client';
import { counted, signed } from '../../format/numbers.js';
import { curlPost, quoted } from '../../format/shell.js';
import { duration } from '../../format/time.js';
import { textOf } from '../../live/payload.js';
import { labelsSay, standingOf } from './standing.js';

/** Labels per millisecond of domain time over the last part of the curve; undefined before two looks. */
export function labelRate(curve: RolloutView['curve']): number | undefined {
  const last = curve.at(-1);
  const first = curve.at(-Math.min(curve.length, 8));
  if (last === undefined || first === undefined || last.at <= first.at || last.n <= first.n) return undefined;
  return (last.n - first.n) / (last.at - first.at);
}

/** So many times the labels seen so far is not a forecast any more. */
const FAR = 50;

/** How long until the evidence decides, at the present rate and effect: in labels, and in time where a rate is known. */
export function untilDecision(rollout: RolloutView): string {
  if (rollout.labelsToDecision === null) return 'how long is unknown: the effect is too small to say';
  if (rollout.labelsToDecision <= 0) return 'the next look may decide';
  const known = rollout.curve.at(-1)?.n ?? 0;
  if (known > 0 && rollout.labelsToDecision > FAR * known) return 'no end in sight: the two are nearly equal';
  const labels = counted(Math.ceil(rollout.labelsToDecision), 'more label');
  const rate = labelRate(rollout.curve);
  return rate === undefined
    ? `about ${labels} to go`
    : `about ${labels}, ${duration(rollout.labelsToDecision / rate)} to go`;
}

const WHY: Readonly<Record<string, string>> = {
  evidence: 'the whole interval lies above zero',
  operator: 'an operator decided',
  worse: 'the whole interval lies below zero',
  equivalent: 'no difference that matters',
  inconclusive: 'undecided when its time was over',
  superseded: 'a newer challenger took its place',
};

const BACK: Readonly<Record<string, string>> = {
  evidence: 'rolled back: the promoted model lost more than the one before it',
  guardrail: 'rolled back: a guardrail tripped',
  operator: 'rolled back by an operator',
};

/** Why a rollout ended, in words; undefined while it is open. */
export function whyEnded(rollout: Pick<RolloutView, 'reason' | 'status'>): string | undefined {
  if (rollout.status === 'open' || rollout.reason === null) return undefined;
  return (rollout.status === 'rolled-back' ? BACK[rollout.reason] : WHY[rollout.reason]) ?? rollout.reason;
}

/** The newest figures of a rollout: the end of its curve, else the evidence that ended it; undefined without labels. */
export function lastSeen(
  rollout: Pick<RolloutView, 'curve' | 'evidence'>,
): { readonly n: number; readonly mean: number } | undefined {
  const { curve, evidence } = rollout;
  return (
    curve.at(-1) ??
    (evidence === null || evidence.n === 0 ? undefined : { n: evidence.n, mean: evidence.value })
  );
}

/** Which variant gets the traffic, on what evidence, how long until we know? */
export function answerOf(detail: EndpointDetail): string {
  const { champion, rollout } = detail;
  const serves = standingOf(detail);
  if (champion === null) return serves;
  if (detail.watch !== null && rollout === null) {
    const beside =
      detail.watch.held === null ? ` It is watched beside version ${detail.watch.previousVersion}.` : '';
    return `${serves}${beside} ${labelsSay(detail.watch)}`;
  }
  if (rollout === null) return `${serves} Nothing is being tried beside it.`;
  const challenger = detail.challenger?.algorithm ?? rollout.challenger;
  const last = rollout.curve.at(-1);
  if (last === undefined) return `${serves} ${challenger} runs in shadow; no label has arrived for both yet.`;
  if (rollout.stage?.kind === 'approval') return `${serves} ${challenger} waits for a person to approve it.`;
  const lies =
    last.low > 0
      ? 'is better: the whole interval lies above zero'
      : last.high < 0
        ? 'is worse: the whole interval lies below zero'
        : `is not decided yet (${signed(last.mean, 4)} over ${counted(last.n, 'label')}); ${untilDecision(rollout)}`;
  const where = rollout.stage?.kind === 'canary' ? 'as a canary' : 'in shadow';
  return `${serves} ${challenger} ${where} ${lies}.`;
}

/** Whether an operator holds the policy of this endpoint: the last word in the ledger counts. */
export function policyHold(decisions: readonly Decision[], endpoint: string): Decision | undefined {
  const last = decisions.findLast(
    d => (d.type === 'PolicyHeld' || d.type === 'PolicyResumed') && textOf(d, 'endpoint') === endpoint,
  );
  return last?.type === 'PolicyHeld' ? last : undefined;
}

export type Action = 'promote' | 'reject' | 'rollback' | 'hold' | 'resume';

/** The same action for a script: as a command line and as a call of the API. Texts are quoted for a POSIX shell. */
export function asCommands(input: {
  action: Action;
  project: string;
  endpoint: string;
  reason: string;
  url: string;
}): { readonly cli: string; readonly api: string } {
  const { action, project, endpoint, reason, url } = input;
  const body = action === 'resume' ? {} : { reason };
  const said = action === 'resume' ? '' : ` --reason ${quoted(reason)}`;
  return {
    cli: `twinloop ${action} ${quoted(endpoint)}${said} --project ${quoted(project)}`,
    api: curlPost(url, body),
  };
}
