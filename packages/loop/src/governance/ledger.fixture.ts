import {
  type ContentHash,
  type Entry,
  type FactPayloads,
  type FactType,
  GENESIS,
  type ProjectId,
} from '@twinloop/kernel';

export const at = (text: string): number => Date.parse(`${text}Z`);
export const hash = (letter: string): ContentHash => letter.repeat(64) as ContentHash;

/** Entries of a ledger in order; hashes stand in for real ones. */
export class Chain {
  readonly entries: Entry[] = [];

  add<T extends FactType>(type: T, time: string, payload: FactPayloads[T]): Entry {
    const seq = this.entries.length + 1;
    const entry = {
      project: 'flight-delays' as ProjectId,
      seq,
      type,
      v: 1,
      at: at(time),
      recordedAt: 0,
      actor: 'policy:loop',
      causation: null,
      correlation: null,
      idempotencyKey: null,
      payloadHash: GENESIS,
      prev: GENESIS,
      hash: hash('e'),
      payload,
    } as unknown as Entry;
    this.entries.push(entry);
    return entry;
  }
}

const ROLLOUT = {
  statistic: 'paired log_loss difference',
  method: 'asymptotic confidence sequence, α = 0.05',
};

/** A short life: trained, deployed, drifted, retrained, promoted, recalibrated, alarmed. */
export function story(): Chain {
  const chain = new Chain();
  const data = { dataset: 'flights', version: hash('a'), rows: 9186, columns: 18, source: 'flights.parquet' };
  chain.add('DatasetVersionRegistered', '2013-03-01T05:00', {
    ...data,
    from: at('2013-01-01T10:00'),
    until: at('2013-03-01T04:00'),
  });
  chain.add('ExpectationsChecked', '2013-03-01T05:00', {
    dataset: 'flights',
    version: hash('a'),
    status: 'accepted',
    checked: 5,
    findings: [],
  });
  const model = {
    hash: hash('1'),
    algorithm: 'linear',
    label: 'late',
    dataset: 'flights',
    datasetVersion: hash('a'),
    codeDigest: hash('c'),
    metrics: { n: 1838, auc: 0.70421, log_loss: 0.40123 },
  };
  chain.add('ModelRegistered', '2013-03-01T05:00', { ...model, model: 'late@111111111111', run: 'r1' });
  chain.add('ModelDeployed', '2013-03-01T05:20', {
    endpoint: 'late',
    variant: 'champion',
    model: 'late@111111111111',
    version: 1,
    reason: 'the first model',
  });
  chain.add('DatasetVersionRegistered', '2013-06-14T12:00', {
    ...data,
    version: hash('b'),
    rows: 25000,
    source: 'predictions of late',
    parent: hash('a'),
  });
  chain.add('RunStarted', '2013-06-14T12:00', {
    run: 'r2',
    trigger: 'alarm',
    reason: 'predicted 10 % late, observed 31 % over 412 labels',
    candidates: ['linear/60d', 'gbt/all'],
    endpoint: 'late',
  });
  chain.add('StepFinished', '2013-06-14T12:00', {
    run: 'r2',
    step: 'candidates/gbt/all',
    key: hash('d'),
    status: 'done',
    summary: 'log loss 0.412, AUC 0.68 on 5,000 held-out rows',
  });
  chain.add('GateJudged', '2013-06-14T12:00', {
    run: 'r2',
    model: 'late@222222222222',
    verdict: {
      gate: 'metric auc',
      status: 'pass',
      reason: 'auc is 0.68 [0.66, 0.7] over 5,000 held-out rows, at least 0.55 is asked',
      evidence: [
        {
          statistic: 'auc',
          value: 0.68,
          n: 5000,
          interval: [0.66, 0.7],
          threshold: 0.55,
          method: 'ROC AUC, DeLong interval, 95 %',
        },
      ],
    },
  });
  chain.add('ModelRegistered', '2013-06-14T12:20', {
    ...model,
    hash: hash('2'),
    model: 'late@222222222222',
    run: 'r2',
    algorithm: 'gbt',
    datasetVersion: hash('b'),
    metrics: { n: 5000, positives: 1200, auc: 0.68, log_loss: 0.412, brier: 0.13 },
    parent: 'late@111111111111',
  });
  chain.add('RunFinished', '2013-06-14T12:20', {
    run: 'r2',
    status: 'passed',
    reason: 'gbt/all passed 1 gate(s)',
    model: 'late@222222222222',
    trained: 3,
  });
  chain.add('RolloutStarted', '2013-06-14T12:20', {
    rollout: 'late-1',
    endpoint: 'late',
    strategy: 'shadow',
    champion: 'late@111111111111',
    challenger: 'late@222222222222',
    metric: 'log_loss',
    alpha: 0.05,
  });
  chain.add('ModelPromoted', '2013-06-25T08:00', {
    endpoint: 'late',
    rollout: 'late-1',
    model: 'late@222222222222',
    previous: 'late@111111111111',
    version: 2,
    evidence: { ...ROLLOUT, value: -0.0213, n: 1840, interval: [-0.0382, -0.0041], threshold: 0 },
    by: 'evidence',
  });
  chain.add('ModelRecalibrated', '2013-07-10T00:00', {
    endpoint: 'late',
    model: 'late@333333333333',
    previous: 'late@222222222222',
    version: 3,
    shift: 0.42,
    evidence: {
      statistic: 'log-odds shift of the intercept',
      value: 0.42,
      n: 2200,
      method: 'binomial e-process',
    },
  });
  chain.add('AlarmRaised', '2013-08-01T00:00', {
    alarm: 'late-2',
    endpoint: 'late',
    kind: 'data-drift',
    signals: [],
    sentence: 'temp moved: KS 0.42 (tolerance 0.10) over 1,204 rows',
  });
  return chain;
}
