import type { Entry, Evidence, FactPayloads, FactType } from '@twinloop/kernel';
import { describe, expect, it } from 'vitest';
import { importance } from './importance.js';
import { at, hash } from './ledger.fixture.js';
import { sentence } from './sentence.js';

const loss = (value: number, interval: [number, number], n = 1840): Evidence => ({
  statistic: 'paired log_loss difference',
  value,
  n,
  interval,
  method: 'asymptotic confidence sequence, α = 0.05',
});
const late = (digit: string): string => `late@${digit.repeat(12)}`;

/** Every fact type at least once: payload, importance, words. */
const CASES: { [T in FactType]: readonly (readonly [FactPayloads[T], 'story' | 'detail', string])[] } = {
  ProjectApplied: [
    [
      { configHash: hash('a'), file: 'twinloop.yaml', changes: [] },
      'detail',
      'applied twinloop.yaml: nothing changed',
    ],
    [
      { configHash: hash('a'), file: 'twinloop.yaml', changes: ['a', 'b', 'c', 'd'] },
      'detail',
      'applied twinloop.yaml: a; b; c; and 1 more change',
    ],
  ],
  DatasetVersionRegistered: [
    [
      {
        dataset: 'flights',
        version: hash('a'),
        rows: 9186,
        columns: 18,
        source: 'flights.parquet',
        from: at('2013-01-01T10:00'),
        until: at('2013-03-01T04:59'),
      },
      'detail',
      'flights aaaaaaaaaaaa: 9,186 rows of 18 columns from flights.parquet, 2013-01-01 10:00 to 2013-03-01 04:59',
    ],
  ],
  RowsQuarantined: [
    [
      {
        dataset: 'flights',
        version: hash('a'),
        rows: 12,
        kept: 9174,
        blob: hash('b'),
        reasons: [
          { rule: 'range', column: 'hour', count: 11 },
          { rule: 'sql', count: 2 },
        ],
      },
      'story',
      'flights aaaaaaaaaaaa: 12 rows kept apart, 9,174 went on (range of hour 11; sql 2)',
    ],
  ],
  ExpectationsChecked: [
    [
      { dataset: 'flights', version: hash('a'), status: 'accepted', checked: 5, findings: [] },
      'detail',
      'flights aaaaaaaaaaaa accepted: 5 expectations checked',
    ],
    [
      {
        dataset: 'flights',
        version: hash('a'),
        status: 'refused',
        checked: 5,
        findings: [
          {
            rule: 'nulls',
            column: 'temp',
            count: 1846,
            rows: 9186,
            severity: 'error',
            message: 'temp: 20.1 % of 9,186 values are missing, 5 % allowed',
          },
        ],
      },
      'story',
      'flights aaaaaaaaaaaa refused: temp: 20.1 % of 9,186 values are missing, 5 % allowed',
    ],
  ],
  RunStarted: [
    [
      { run: 'r1', trigger: 'manual', reason: 'first training', candidates: ['linear/all', 'gbt/all'] },
      'detail',
      'run r1 started: first training; 2 candidates (linear/all, gbt/all)',
    ],
  ],
  StepFinished: [
    [
      { run: 'r1', step: 'refit', key: hash('a'), status: 'cached', summary: 'learned from 9,186 rows' },
      'detail',
      'run r1: refit (unchanged, from the cache): learned from 9,186 rows',
    ],
    [
      { run: 'r1', step: 'code-tests', key: hash('a'), status: 'failed', summary: '1 of 4 tests failed' },
      'detail',
      'run r1: code-tests failed: 1 of 4 tests failed',
    ],
  ],
  GateJudged: [
    [
      {
        run: 'r1',
        model: late('1'),
        verdict: { gate: 'size', status: 'inconclusive', reason: 'nothing was measured', evidence: [] },
      },
      'detail',
      'run r1: gate size was inconclusive: nothing was measured',
    ],
  ],
  RunFinished: [
    [
      { run: 'r1', status: 'passed', reason: 'linear/all passed 5 gate(s)', model: late('1'), trained: 1 },
      'story',
      'run r1 passed: late@111111111111 after 1 fit',
    ],
    [
      { run: 'r1', status: 'refused', reason: 'flights aaaa was refused by 1 expectation(s)', trained: 0 },
      'story',
      'run r1 refused: flights aaaa was refused by 1 expectation(s)',
    ],
  ],
  ModelRegistered: [
    [
      {
        model: late('1'),
        hash: hash('1'),
        run: 'r1',
        algorithm: 'linear',
        label: 'late',
        dataset: 'flights',
        datasetVersion: hash('a'),
        codeDigest: hash('c'),
        metrics: { auc: 0.70421, log_loss: 0.4, brier: 0.1 },
      },
      'detail',
      'model late@111111111111 registered, linear on flights aaaaaaaaaaaa: AUC 0.704, log loss 0.4 on held-out rows',
    ],
  ],
  ModelDeployed: [
    [
      { endpoint: 'late', variant: 'champion', model: late('1'), version: 1, reason: 'the first model' },
      'detail',
      'late@111111111111 serves late as version 1: the first model',
    ],
  ],
  RolloutStarted: [
    [
      {
        rollout: 'late-1',
        endpoint: 'late',
        strategy: 'shadow',
        champion: late('1'),
        challenger: late('2'),
        metric: 'log_loss',
        alpha: 0.05,
      },
      'detail',
      'challenger late@222222222222 runs in shadow beside late@111111111111 on late, compared by log loss (error rate 5 %)',
    ],
  ],
  RolloutObserved: [
    [
      {
        rollout: 'late-1',
        endpoint: 'late',
        evidence: loss(-0.012, [-0.031, 0.007], 900),
        status: 'continue',
      },
      'detail',
      'late: no decision yet; paired log_loss difference −0.012 [−0.031, 0.007] over 900 labels',
    ],
  ],
  ModelPromoted: [
    [
      {
        endpoint: 'late',
        rollout: 'late-1',
        model: late('2'),
        previous: late('1'),
        version: 2,
        evidence: loss(-0.021, [-0.038, -0.004]),
        by: 'evidence',
      },
      'story',
      'challenger late@222222222222 beats late@111111111111 by 0.021 log loss [0.004, 0.038] over 1,840 labels → promoted',
    ],
    [
      {
        endpoint: 'late',
        rollout: 'late-1',
        model: late('2'),
        previous: late('1'),
        version: 2,
        evidence: loss(0.021, [0.004, 0.038]),
        by: 'evidence',
      },
      'story',
      'challenger late@222222222222 beats late@111111111111 by 0.021 log loss [0.004, 0.038] over 1,840 labels → promoted',
    ],
    [
      {
        endpoint: 'late',
        rollout: 'late-1',
        model: late('2'),
        previous: late('1'),
        version: 2,
        evidence: loss(-0.001, [-0.03, 0.03], 12),
        by: 'operator',
      },
      'story',
      'late@222222222222 promoted on late in place of late@111111111111 by an operator, at 12 labels',
    ],
  ],
  ModelRejected: [
    [
      {
        endpoint: 'late',
        rollout: 'late-1',
        model: late('2'),
        kept: late('1'),
        reason: 'worse',
        evidence: loss(0.034, [0.009, 0.059]),
      },
      'story',
      'challenger late@222222222222 rejected, late@111111111111 stays: it is worse (paired log_loss difference 0.034 [0.009, 0.059] over 1,840 labels)',
    ],
  ],
  RolloutAdvanced: [
    [
      {
        rollout: 'late-1',
        endpoint: 'late',
        challenger: late('2'),
        stage: 'canary',
        step: 0,
        weight: 0.05,
        evidence: loss(0.021, [0.004, 0.038]),
        guardrails: [],
      },
      'story',
      'challenger late@222222222222 answers 5 % of late from now on: paired log_loss difference 0.021 [0.004, 0.038] over 1,840 labels',
    ],
    [
      {
        rollout: 'late-1',
        endpoint: 'late',
        challenger: late('2'),
        stage: 'approval',
        step: 1,
        weight: 0.5,
        evidence: loss(0.021, [0.004, 0.038]),
        guardrails: [],
      },
      'story',
      'challenger late@222222222222 of late waits for approval: paired log_loss difference 0.021 [0.004, 0.038] over 1,840 labels',
    ],
  ],
  PromotionObserved: [
    [
      {
        endpoint: 'late',
        rollout: 'late-1',
        model: late('2'),
        previous: late('1'),
        evidence: loss(0.021, [0.004, 0.038], 120),
        status: 'continue',
      },
      'detail',
      'late: late@222222222222 beside late@111111111111 since its promotion; paired log_loss difference 0.021 [0.004, 0.038] over 120 labels',
    ],
    [
      {
        endpoint: 'late',
        rollout: 'late-1',
        model: late('2'),
        previous: late('1'),
        evidence: loss(0.021, [0.004, 0.038], 1200),
        status: 'kept',
      },
      'story',
      'late@222222222222 stays on late: its rollback window ended, late@111111111111 leaves the shadow (1,200 labels)',
    ],
  ],
  TrafficHeld: [
    [
      {
        endpoint: 'late',
        rollout: 'late-1',
        model: late('2'),
        answering: late('1'),
        evidence: { statistic: 'share of answers that jumped', value: 0.91, n: 22, method: 'e-process' },
      },
      'story',
      'late@111111111111 answers late again until labels decide: the answers of late@222222222222 jumped (share of answers that jumped 0.91 over 22 requests)',
    ],
  ],
  TrafficReleased: [
    [
      { endpoint: 'late', rollout: 'late-1', model: late('2'), evidence: loss(0.021, [0.004, 0.038], 300) },
      'story',
      'late@222222222222 answers late again: 300 labels hold nothing against it',
    ],
  ],
  ModelRolledBack: [
    [
      {
        endpoint: 'late',
        rollout: 'late-1',
        model: late('2'),
        restored: late('1'),
        version: 3,
        evidence: loss(-0.31, [-0.5, -0.12], 193),
        by: 'evidence',
      },
      'story',
      'late@222222222222 rolled back, late@111111111111 answers late again as version 3: worse by 0.31 log loss [0.12, 0.5] over 193 labels',
    ],
    [
      {
        endpoint: 'late',
        rollout: 'late-1',
        model: late('2'),
        restored: late('1'),
        version: 3,
        evidence: loss(0, [0, 0], 0),
        guardrails: [
          {
            guardrail: 'errors',
            tripped: true,
            evidence: { statistic: 'error rate', value: 0.2, n: 50, threshold: 0.01, method: 'e-process' },
          },
        ],
        by: 'guardrail',
      },
      'story',
      'late@222222222222 rolled back, late@111111111111 answers late again as version 3: errors at 0.2, allowed 0.01',
    ],
    [
      {
        endpoint: 'late',
        rollout: 'late-1',
        model: late('2'),
        restored: late('1'),
        version: 3,
        evidence: loss(0, [0, 0], 0),
        by: 'operator',
        note: 'complaints',
      },
      'story',
      'late@222222222222 rolled back by an operator, late@111111111111 answers late again as version 3: “complaints”',
    ],
  ],
  ModelRecalibrated: [
    [
      {
        endpoint: 'late',
        model: late('3'),
        previous: late('2'),
        version: 3,
        shift: -0.42,
        evidence: {
          statistic: 'log-odds shift of the intercept',
          value: -0.42,
          n: 2200,
          method: 'e-process',
        },
      },
      'story',
      'late recalibrated: the intercept of late@222222222222 moves by −0.42 on the log-odds scale, from 2,200 labels',
    ],
  ],
  WindowObserved: [
    [
      { endpoint: 'late', monitor: 'drift', window: 'drift/late/1370044800000', n: 1204, signals: 0 },
      'detail',
      'drift of late, 1,204 rows since 2013-06-01 00:00: nothing departs',
    ],
    [
      { endpoint: 'late', monitor: 'drift', window: 'drift/late/1370131200000', n: 1, signals: 2 },
      'detail',
      'drift of late, 1 row since 2013-06-02 00:00: 2 signals',
    ],
  ],
  SignalRaised: [
    [
      {
        window: '2013-06-01',
        endpoint: 'late',
        signal: {
          monitor: 'drift/temp',
          kind: 'data-drift',
          subject: 'temp',
          evidence: { statistic: 'KS', value: 0.42, n: 1204, method: 'two-sample KS' },
          severity: 4.2,
          sentence: 'temp moved: KS 0.42 (tolerance 0.10) over 1,204 rows',
        },
      },
      'detail',
      'temp moved: KS 0.42 (tolerance 0.10) over 1,204 rows',
    ],
  ],
  AlarmRaised: [
    [
      { alarm: 'late-1', endpoint: 'late', kind: 'model-drift', signals: [], sentence: 'it decays' },
      'story',
      'it decays',
    ],
  ],
  AlarmCoalesced: [
    [
      { alarm: 'late-2', endpoint: 'late', kind: 'data-drift', into: 'late-1', sentence: 'temp moved' },
      'story',
      'temp moved (data drift; belongs to alarm late-1, which is being answered)',
    ],
  ],
  RecalibrationDeclined: [
    [
      {
        endpoint: 'late',
        model: 'late@891776a18a0f',
        reason: 'the last 300 labels do not ask for another intercept',
      },
      'story',
      'late is not recalibrated, late@891776a18a0f stays as it is: the last 300 labels do not ask for another intercept',
    ],
  ],
  AlarmResolved: [
    [{ alarm: 'late-1', endpoint: 'late', sentence: 'late is calm again' }, 'detail', 'late is calm again'],
  ],
  AnswerDecided: [
    [
      {
        alarm: 'late-1',
        endpoint: 'late',
        answer: 'retrain',
        trigger: 'alarm',
        reason: 'predicted 10 % late, observed 31 % over 412 labels',
        budget: { used: 3, limit: 12 },
      },
      'story',
      'predicted 10 % late, observed 31 % over 412 labels → retraining (3 of 12 retrainings used)',
    ],
    [
      {
        endpoint: 'late',
        answer: 'hold',
        trigger: 'alarm',
        reason: 'the cool-down has 3 days to go',
        budget: { used: 3, limit: 12 },
      },
      'story',
      'the cool-down has 3 days to go → holding',
    ],
  ],
  PolicyHeld: [
    [
      { endpoint: 'late', reason: 'rolled back by hand' },
      'story',
      'the policy of late is held: rolled back by hand',
    ],
  ],
  PolicyResumed: [[{ endpoint: 'late' }, 'story', 'the policy of late acts again']],
  CardWritten: [
    [{ model: late('1'), blob: hash('b') }, 'detail', 'the card of late@111111111111 was written'],
  ],
  ReplayStarted: [
    [
      {
        dataset: 'flights',
        from: at('2013-03-01T05:00'),
        until: at('2014-01-01T05:00'),
        requests: 50814,
      },
      'story',
      'replay of flights started: 50,814 requests from 2013-03-01 05:00 to 2014-01-01 05:00',
    ],
  ],
  ReplayFinished: [
    [
      { requests: 50814, outcomes: 50814 },
      'story',
      'replay finished: 50,814 requests answered, 50,814 outcomes received',
    ],
  ],
  ChaosStarted: [
    [
      {
        chaos: 'chaos-1',
        kind: 'flip-sensor',
        endpoint: 'late',
        target: 'temp',
        sentence: 'flipped `temp`',
        detail: {},
      },
      'story',
      'flipped `temp`',
    ],
  ],
  ChaosEnded: [
    [
      {
        chaos: 'chaos-1',
        kind: 'flip-sensor',
        endpoint: 'late',
        outcome: 'caught',
        decision: 12,
        requests: 300,
        failedRequests: 0,
        labels: 193,
        sentence: 'version 3 is back; 0 failed requests',
      },
      'story',
      'version 3 is back; 0 failed requests',
    ],
  ],
  BatchScored: [
    [
      {
        endpoint: 'late',
        batch: 'batch-1',
        input: 'monday.csv',
        output: 'answers.csv',
        rows: 1200,
        model: late('2'),
        version: 3,
      },
      'story',
      '1,200 rows of monday.csv answered by late@222222222222, version 3 of late, into answers.csv',
    ],
  ],
  PredictionTestAdded: [
    [
      {
        endpoint: 'late',
        name: 'storm',
        prediction: 'ua-1545',
        test: { kind: 'known', name: 'storm', inputs: { hour: 9 }, expect: { min: 0.5 } },
      },
      'story',
      'prediction test “storm” of late made of request ua-1545',
    ],
  ],
  PredictionTestRemoved: [
    [{ endpoint: 'late', name: 'storm' }, 'story', 'prediction test “storm” of late removed'],
  ],
  ObjectArchived: [
    [{ kind: 'model', id: late('2'), reason: 'old' }, 'detail', 'model late@222222222222 archived: old'],
  ],
  ObjectRestored: [
    [{ kind: 'dataset-version', id: 'flights/abc' }, 'detail', 'dataset version flights/abc restored'],
  ],
  ObjectDeleted: [
    [
      { kind: 'run', id: 'run-1', reason: 'a trial', dependants: ['model late@2'] },
      'story',
      'run run-1 deleted with 1 dependant: a trial',
    ],
  ],
  KeyCreated: [[{ key: 'k1', role: 'viewer' }, 'detail', 'key k1 created for role viewer']],
  KeyRevoked: [[{ key: 'k1' }, 'detail', 'key k1 revoked']],
};

describe('one plain sentence for every fact', () => {
  const all = Object.entries(CASES).flatMap(([type, cases]) =>
    cases.map(([payload, weight, words]) => ({ type, payload, weight, words })),
  );
  it.each(all)('$type: $words', ({ type, payload, weight, words }) => {
    const entry = { type, payload } as unknown as Entry;
    expect(sentence(entry)).toBe(words);
    expect(importance(entry)).toBe(weight);
  });

  it('times are written the way the caller asks', () => {
    const [payload] = CASES.ReplayStarted[0]!;
    const entry = { type: 'ReplayStarted', payload } as Entry;
    expect(sentence(entry, { formatTime: time => `day ${Math.floor(time / 864e5)}` })).toContain(
      'day 15765 to day',
    );
  });

  it('whole hashes are cut to what people can compare', () => {
    const [payload] = CASES.ModelDeployed[0]!;
    const entry = { type: 'ModelDeployed', payload: { ...payload, model: `late@${hash('f')}` } } as Entry;
    expect(sentence(entry)).toContain('late@ffffffffffff serves');
  });
});
