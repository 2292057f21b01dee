import { type AnyNewFact, type Entry, fact, type Signal } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { decideAnswers } from './decide-answers.js';
import { foldLearning } from './fold-learning.js';
import { CONFIG, DAY, MONITORS, signalOf } from './learning.fixture.js';
import { emptyLearning, type LearningState } from './state.js';

const DRIFT = { ...MONITORS, every: '1d', drift: { persistence: 2, window: '14d', alpha: 0.05 } };

function signal(pValue: number): Signal {
  const made = signalOf('drift');
  return { ...made, evidence: { ...made.evidence, pValue } };
}

/** Daily looks with p-values (null: no signal); the days on which an alarm was raised. */
function alarms(looks: readonly (number | null)[]): readonly number[] {
  let state: LearningState = emptyLearning;
  const raised: number[] = [];
  const write = (facts: readonly AnyNewFact[]): void => {
    for (const { type, payload, at } of facts) state = foldLearning(state, { type, payload, at } as Entry);
  };
  looks.forEach((p, day) => {
    const at = day * DAY;
    const window = `drift/late/${day}`;
    const rest = { at, actor: 'monitor:drift' };
    write([
      fact(
        'WindowObserved',
        { endpoint: 'late', monitor: 'drift', window, n: 400, signals: p === null ? 0 : 1 },
        rest,
      ),
      ...(p === null ? [] : [fact('SignalRaised', { window, endpoint: 'late', signal: signal(p) }, rest)]),
    ]);
    const decided = decideAnswers(state, CONFIG, { endpoint: 'late', now: at, monitors: DRIFT });
    if (decided.some(({ type }) => type === 'AlarmRaised')) raised.push(day);
    write(decided);
  });
  return raised;
}

describe('how long a signal on inputs must last', () => {
  it('strong evidence is believed at the second look', () => {
    expect(alarms([1e-9, 1e-9, 1e-9])).toEqual([1]);
  });
  it('weak evidence must be there in windows that share no row', () => {
    expect(alarms(new Array<number>(14).fill(0.02))).toEqual([]);
    expect(alarms(new Array<number>(16).fill(0.02))).toEqual([14]);
  });
  it('a gap starts anew', () => {
    expect(alarms([...new Array<number>(10).fill(0.02), null, ...new Array<number>(10).fill(0.02)])).toEqual(
      [],
    );
  });
  it('one look of a year may be as strong as chance makes one in a year of them', () => {
    expect(alarms([1e-3, 1e-3, 1e-3])).toEqual([]);
    expect(alarms([1.3e-4, 1.3e-4])).toEqual([1]);
  });
});
