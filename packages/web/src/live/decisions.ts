import type { Decision } from '@twinloop/client';

/** Both lists are ascending by `seq`; so is the result, each entry once. Returns `known` itself when nothing is new. */
export function mergeDecisions(known: readonly Decision[], more: readonly Decision[]): readonly Decision[] {
  if (more.length === 0) return known;
  const last = known.at(-1)?.seq ?? 0;
  const sorted = more.every((d, i) => i === 0 || d.seq > more[i - 1]!.seq)
    ? more
    : [...more].sort((a, b) => a.seq - b.seq);
  if (sorted[0]!.seq > last) return [...known, ...sorted];
  const bySeq = new Map(known.map(d => [d.seq, d]));
  const fresh = sorted.filter(d => !bySeq.has(d.seq));
  if (fresh.length === 0) return known;
  for (const decision of fresh) bySeq.set(decision.seq, decision);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** How many decisions lie at or before `seq`, by bisection: lists hold up to 100,000. */
export function countUntil(decisions: readonly Decision[], seq: number): number {
  let low = 0;
  let high = decisions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (decisions[middle]!.seq <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The last decision at or before a moment of domain time. */
export function lastUntil(decisions: readonly Decision[], at: number): Decision | undefined {
  let low = 0;
  let high = decisions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (decisions[middle]!.at <= at) low = middle + 1;
    else high = middle;
  }
  return decisions[low - 1];
}

/** The page that shows what a kind of fact changed: which queries to ask again. */
export function touchedBy(type: Decision['type']): readonly string[] {
  if (type.startsWith('Run') || type === 'StepFinished' || type === 'GateJudged') return ['runs', 'run'];
  if (type.startsWith('Rollout') || type === 'PromotionObserved') return ['endpoint'];
  if (type.startsWith('Policy') || type.startsWith('Traffic')) return ['endpoint', 'today'];
  if (type.startsWith('Chaos')) return ['chaos', 'endpoint'];
  if (type.startsWith('Object')) return ['datasets', 'runs', 'models', 'projects', 'object', 'archived'];
  if (type === 'ModelRegistered' || type === 'CardWritten') return ['models', 'model'];
  // How good, how fair and how strange is of the model in service, and of the windows that have closed.
  const looks = ['monitors', 'quality', 'fairness', 'edge-cases'];
  if (type.startsWith('Model')) return ['endpoint', 'models', 'model', 'chaos', ...looks];
  if (type.startsWith('PredictionTest')) return ['edge-cases'];
  if (type.startsWith('Dataset') || type === 'ExpectationsChecked' || type === 'RowsQuarantined')
    return ['datasets'];
  if (type === 'WindowObserved') return looks;
  if (type.startsWith('Alarm') || type === 'AnswerDecided') return ['monitors'];
  if (type === 'ProjectApplied') return ['projects', 'endpoints', 'endpoint'];
  return [];
}
