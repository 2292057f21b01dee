import type { EndpointDetail, SplitView, WatchView } from '@twinloop/client';
import { counted, percent, signed } from '../../format/numbers.js';

/** Who answers which share of the requests, in a sentence. */
export function standingOf(
  detail: Pick<EndpointDetail, 'champion' | 'challenger' | 'split' | 'watch'>,
): string {
  const { champion, split, watch } = detail;
  const live = split.filter(arm => arm.role === 'live');
  if (watch?.held != null)
    return `Version ${watch.previousVersion} answers every request: version ${watch.version} is held until labels decide.`;
  if (live.length > 1)
    return `${live.map(arm => `${nameOf(detail, arm)} answers ${percent(arm.weight, 0)}`).join(', ')} of requests.`;
  const [only] = live;
  if (champion !== null) return `${champion.algorithm} version ${champion.version} answers every request.`;
  return only === undefined ? 'No model is in service.' : `Version ${only.version} answers every request.`;
}

/** `gbt version 7`, as far as it is known. */
export function nameOf(detail: Pick<EndpointDetail, 'champion' | 'challenger'>, arm: SplitView): string {
  const algorithm = [detail.champion, detail.challenger].find(v => v?.model === arm.model)?.algorithm;
  return algorithm === undefined ? `version ${arm.version}` : `${algorithm} version ${arm.version}`;
}

/** What the watch after a promotion has seen, in a sentence. The difference is previous − promoted: below zero is harm. */
export function watchInWords(watch: WatchView): string {
  const { held } = watch;
  const who =
    held === null
      ? `Version ${watch.version} answers; version ${watch.previousVersion} answers the same requests in shadow.`
      : `Held: version ${watch.previousVersion} answers until labels decide, because ${held.evidence.statistic} reads ${signed(held.evidence.value, 3)} over ${counted(held.evidence.n, 'request')}.`;
  return `${who} ${labelsSay(watch)}`;
}

/** What the labels of a watch say so far. */
export function labelsSay({ evidence }: WatchView): string {
  return evidence === null || evidence.n === 0
    ? 'No label has come for both yet.'
    : `So far the promoted one is ${evidence.value < 0 ? 'worse' : 'not worse'}: ${signed(evidence.value, 4)} over ${counted(evidence.n, 'label')}.`;
}
