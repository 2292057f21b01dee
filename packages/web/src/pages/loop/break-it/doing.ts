import type { ChaosView, EndpointDetail, EvidencePoint } from '@twinloop/client';
import { counted, fixed, signed } from '../../../format/numbers.js';

/** What the loop is doing about a fault, in words, with the evidence that it looks at where there is one. */
export function evidenceOf(
  kind: ChaosView['kind'],
  endpoint: EndpointDetail | undefined,
): { readonly words: string; readonly curve?: readonly EvidencePoint[] } {
  if (kind === 'poison-batch')
    return { words: 'The rules of the data are checked before anything is trained.' };
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
  const how = watch.evidence === null ? '' : ` (${watch.evidence.method})`;
  return { words: `${held}; ${seen(watch.curve)}${how}.`, curve: watch.curve };
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
