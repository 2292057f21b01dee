import { stateHash } from '../runtime/project-state.js';
import type { FaultKind } from './fault-kind.js';

/** kill -9 of this very process; whoever started it starts it again, and what it says then is compared with what it said before. */
export const killServer: FaultKind = {
  kind: 'kill-server',
  title: 'Kill the server',
  description:
    'Ends the server with kill -9: nothing is flushed, nobody is asked. It is started again at once and takes up the replay, the rollout and the watch where they stood; connections wait meanwhile. About two seconds.',
  undo: null,
  transforms: [],
  needsTraffic: false,
  unavailable: ({ killer }) => killer.unavailable,
  targets: async () => [],

  async plan({ state, shared, counts, killer }) {
    const { predictions, outcomes } = await counts();
    return {
      target: null,
      sentence: 'the server was ended with kill -9',
      detail: {
        pid: killer.unavailable === null ? killer.pid : null,
        killedAt: shared.wallNow(),
        entries: state.lastSeq,
        stateHash: stateHash(state),
        predictions,
        outcomes,
      },
    };
  },

  async begin({ killer }, fault) {
    // After the restart another process reads this: it has happened.
    if (killer.unavailable === null && killer.pid === fault.detail['pid']) killer.kill();
  },
  takeBack: async () => undefined,
};
