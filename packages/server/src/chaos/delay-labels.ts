import type { FaultKind } from './fault-kind.js';

const DAY = 864e5;
const EXTRA_DAYS = 10;
const MISSING = 0.3;

/** Holds the labels of the replay back: the feed of the warehouse, as it fails in life. */
export const delayLabels: FaultKind = {
  kind: 'delay-labels',
  title: 'Delay the labels',
  description:
    'Labels come twice as late as they did and ten days later still, and three in ten not at all. The loop must not decide on the few that come: the labels monitor raises an alarm, and open rollouts wait. When it is caught, or taken back, everything that was held back is delivered.',
  undo: 'Delivers everything that was held back.',
  transforms: [],
  needsTraffic: true,
  unavailable: () => null,
  targets: async () => [],
  plan: async ({ loaded }) => {
    const { label } = Object.values(loaded.config.datasets).find(one => one.label !== undefined)!;
    return {
      target: label!.column,
      sentence: `labels of \`${label!.column}\` come twice as late and ${EXTRA_DAYS} days later still, and ${MISSING * 100} % of them not at all`,
      detail: { factor: 2, extraMs: EXTRA_DAYS * DAY, missing: MISSING, limitMs: 60 * DAY },
    };
  },
  // The fold of the ledger holds the delay; the replay asks it.
  begin: async () => undefined,
  takeBack: async () => undefined,
};
