import { fact, type AnyNewFact, type Evidence } from '@twinloop/kernel';

const DAY = 864e5;
const rest = (at: number) => ({ at: at * DAY, actor: 'test' });
const paired: Evidence = {
  statistic: 'paired log_loss difference',
  value: 0.021,
  interval: [0.004, 0.038],
  n: 1840,
  method: 'm',
};
const betting: Evidence = {
  statistic: 'paired log_loss difference, previous − promoted',
  value: -0.03,
  n: 211,
  threshold: 0,
  eValue: { value: 3.21, decidesAt: 20 },
  method: 'betting on 18 settled blocks of 1h: e-value 3.21, decides at 20.0 (α = 0.05)',
};

/** The first model, a challenger beside it, and what may become of the two, on days 90 to 99. */
export const DEPLOYED: AnyNewFact = fact(
  'ModelDeployed',
  { endpoint: 'late', variant: 'champion', model: 'm1', version: 1, reason: 'first' },
  rest(90),
);
export const STARTED: AnyNewFact = fact(
  'RolloutStarted',
  {
    rollout: 'r1',
    endpoint: 'late',
    strategy: 'canary',
    champion: 'm1',
    challenger: 'm2',
    metric: 'log_loss',
    alpha: 0.05,
    steps: [0.1, 0.5],
    approval: true,
  },
  rest(91),
);
export const COMPARED: AnyNewFact = fact(
  'RolloutObserved',
  { rollout: 'r1', endpoint: 'late', evidence: paired, status: 'better' },
  rest(92),
);
export const advanced = (stage: 'canary' | 'approval', weight: number): AnyNewFact =>
  fact(
    'RolloutAdvanced',
    {
      rollout: 'r1',
      endpoint: 'late',
      challenger: 'm2',
      stage,
      step: weight === 0.1 ? 0 : 1,
      weight,
      evidence: paired,
      guardrails: [],
    },
    rest(93),
  );
export const CANARY: AnyNewFact = advanced('canary', 0.1);
export const PROMOTED: AnyNewFact = fact(
  'ModelPromoted',
  {
    endpoint: 'late',
    rollout: 'r1',
    model: 'm2',
    previous: 'm1',
    version: 2,
    evidence: paired,
    by: 'evidence',
    watchUntil: 120 * DAY,
  },
  rest(94),
);
export const WATCHED: AnyNewFact = fact(
  'PromotionObserved',
  { endpoint: 'late', rollout: 'r1', model: 'm2', previous: 'm1', evidence: betting, status: 'continue' },
  rest(95),
);
export const HELD: AnyNewFact = fact(
  'TrafficHeld',
  {
    endpoint: 'late',
    rollout: 'r1',
    model: 'm2',
    answering: 'm1',
    evidence: { statistic: 'share of far answers', value: 0.4, n: 118, method: 'm' },
  },
  rest(96),
);
export const FLIPPED: AnyNewFact = fact(
  'ChaosStarted',
  {
    chaos: 'c1',
    kind: 'flip-sensor',
    endpoint: 'late',
    target: 'dewp',
    sentence: 's',
    detail: { model: 'm2' },
  },
  rest(94),
);
