import type { ChaosView, EndpointDetail, Evidence, EvidencePoint } from '@twinloop/client';
import { counted, fixed, signed } from '../../../format/numbers.js';

export interface Doing {
  readonly words: string;
  readonly curve?: readonly EvidencePoint[];
  /** An e-value against the one that decides. */
  readonly betting?: Betting;
}
export interface Betting {
  readonly n: number;
  readonly value: number;
  readonly boundary: number;
}

/** What a test that bets has won, and what it needs. */
export function bettingOf({ eValue }: Evidence): Pick<Betting, 'value' | 'boundary'> | undefined {
  return eValue === undefined ? undefined : { value: eValue.value, boundary: eValue.decidesAt };
}

/** What the loop is doing about a fault, in words, with the evidence that it looks at where there is one. */
export function evidenceOf(kind: ChaosView['kind'], endpoint: EndpointDetail | undefined): Doing {
  if (kind === 'poison-batch')
    return { words: 'The rules of the data are checked before anything is trained.' };
  if (kind === 'delay-labels')
    return {
      words: 'The labels monitor counts what is due and has not come; too much of it raises an alarm.',
    };
  if (endpoint === undefined) return { words: 'The endpoint is asked what it sees.' };
  const { watch, rollout } = endpoint;
  if (kind === 'worse-model') {
    if (rollout === null) return { words: 'The worse model is being offered.' };
    return { words: `${tried(rollout.stage?.weight ?? 0)}; ${seen(rollout.curve)}.`, curve: rollout.curve };
  }
  if (watch === null)
    return {
      words: rollout === null ? 'The loop waits for labels.' : `${seen(rollout.curve)}.`,
    };
  const held =
    watch.held === null
      ? `Version ${watch.version} answers`
      : `Held: version ${watch.previousVersion} answers until labels decide`;
  const { evidence, curve } = watch;
  if (curve.length > 0 || evidence === null) return { words: `${held}; ${seen(curve)}.`, curve };
  const words = `${held}; ${counted(evidence.n, 'label')} so far: ${evidence.method}.`;
  const against = bettingOf(evidence);
  return against === undefined ? { words } : { words, betting: { ...against, n: evidence.n } };
}

function tried(weight: number): string {
  return weight === 0 ? 'It runs in shadow' : `It answers ${fixed(weight * 100, 0)} % of requests`;
}

function seen(curve: readonly EvidencePoint[]): string {
  const last = curve.at(-1);
  if (last === undefined) return 'no label has come yet';
  if (!Number.isFinite(last.low) || !Number.isFinite(last.high))
    return `${counted(last.n, 'label')}, difference ${signed(last.mean, 3)}`;
  const crossed = last.high < 0 || last.low > 0;
  return `${counted(last.n, 'label')}, ${crossed ? 'the boundary is crossed' : 'the boundary is not reached'}`;
}
