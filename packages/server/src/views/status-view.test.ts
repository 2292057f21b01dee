import { fact, type AnyNewFact, type Entry } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { ProjectState } from '../runtime/project-state.js';
import {
  advanced,
  CANARY,
  COMPARED,
  DEPLOYED,
  FLIPPED,
  HELD,
  PROMOTED,
  STARTED,
  WATCHED,
} from './delivery-facts.fixture.js';
import { statusView, type StatusSource } from './status-view.js';

const NOW = 100 * 864e5;

function status(facts: readonly AnyNewFact[], more: Partial<StatusSource> = {}) {
  const state = new ProjectState();
  facts.forEach((one, i) => state.fold({ ...one, seq: i + 1, correlation: null } as unknown as Entry));
  return statusView({
    config: { project: 'flights', gates: [], policy: { budget: { retrainings: 12, per: '365d' } } },
    state,
    serving: { endpoint: 'late', errors: 0 },
    shelf: { loaded: () => undefined },
    loss: null,
    now: NOW,
    virtual: false,
    openRuns: [],
    replay: null,
    predictions: 10,
    outcomes: 5,
    errors: 0,
    ...more,
  } as unknown as StatusSource);
}
const says = (...facts: readonly AnyNewFact[]) => status(facts).headline;
const ALARM = fact(
  'AlarmRaised',
  {
    alarm: 'a1',
    endpoint: 'late',
    kind: 'calibration',
    signals: [],
    sentence: 'predicted 20 %, observed 30 %',
  },
  { at: 97 * 864e5, actor: 'test' },
);

describe('the headline', () => {
  it('says that all is well only when one model answers and nothing else is going on', () => {
    expect(says(DEPLOYED)).toBe('All is well: m1 answers');
    for (const more of [[STARTED], [STARTED, PROMOTED], [FLIPPED], [ALARM]])
      expect(says(DEPLOYED, ...more)).not.toContain('All is well');
  });

  it('does not call well what was refused before it could do harm', () => {
    const refused = fact(
      'ExpectationsChecked',
      { dataset: 'flights', version: 'v2' as never, status: 'refused', checked: 3, findings: [] },
      { at: 97 * 864e5, actor: 'test' },
    );
    expect(says(DEPLOYED, refused)).toBe('m1 answers; flights was refused');
  });

  it('names the way of a challenger: shadow, its share of the traffic, the approval', () => {
    expect(says(DEPLOYED, STARTED)).toBe('m2 is tried in shadow beside m1: labels are being gathered');
    expect(says(DEPLOYED, STARTED, COMPARED, CANARY)).toBe(
      'Version 2 answers 10 % of the traffic beside version 1: 0.021 [0.004, 0.038] log loss over 1,840 labels',
    );
    expect(says(DEPLOYED, STARTED, COMPARED, CANARY, advanced('approval', 0.5))).toMatch(
      /^Version 2 waits for approval and answers 50 % of the traffic meanwhile: 0\.021/,
    );
  });

  it('tells how far the watch after a promotion has come, and gives way to an alarm', () => {
    const watched = [DEPLOYED, STARTED, PROMOTED, WATCHED];
    expect(says(...watched)).toBe(
      'Version 2 is being watched beside version 1: e-value 3.21 of 20 over 211 labels',
    );
    expect(says(...watched, ALARM)).toBe('predicted 20 %, observed 30 %');
  });

  it('puts held traffic before everything else', () => {
    const { headline, stages } = status([DEPLOYED, STARTED, PROMOTED, HELD, ALARM], { openRuns: ['run-2'] });
    expect(headline).toBe(
      'Version 2 is held, version 1 answers until labels decide: share of far answers 0.4 over 118 requests',
    );
    expect(stages.deploy).toEqual({ state: 'attention', text: 'version 2 held' });
  });

  it('names a fault while it runs, with what the loop sees of it', () => {
    expect(says(DEPLOYED, FLIPPED)).toBe('Broken on purpose: a flipped sensor (dewp). Nothing shows yet');
    expect(says(DEPLOYED, STARTED, PROMOTED, FLIPPED, WATCHED, ALARM)).toBe(
      'Broken on purpose: a flipped sensor (dewp). Version 2 is being watched beside version 1: e-value 3.21 of 20 over 211 labels',
    );
  });
});

describe('the stages', () => {
  it('are not green where a model is watched or something is broken on purpose', () => {
    const { stages } = status([DEPLOYED, STARTED, PROMOTED, FLIPPED]);
    expect(stages.deploy).toEqual({ state: 'working', text: 'version 2, watched' });
    expect(stages.serve).toEqual({ state: 'attention', text: 'a flipped sensor, on purpose' });
    expect(status([DEPLOYED]).stages.serve).toEqual({ state: 'ok', text: '10 answers' });
  });
});
