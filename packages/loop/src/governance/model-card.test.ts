import { describe, expect, it } from 'vitest';
import { hash, story } from './ledger.fixture.js';
import { lineageOf } from './lineage.js';
import { modelCard } from './write-card.js';

const GOLDEN = `---
library_name: "twinloop"
pipeline_tag: "tabular-classification"
tags:
  - "tabular"
  - "gbt"
model-index:
  - name: "late@222222222222"
    results:
      - task:
          type: "tabular-classification"
        dataset:
          name: "flights"
          type: "flights"
          split: "holdout"
          revision: "${hash('b')}"
        metrics:
          - type: "roc_auc"
            name: "auc"
            value: 0.68
          - type: "brier_score"
            name: "brier"
            value: 0.13
          - type: "log_loss"
            name: "log_loss"
            value: 0.412
---

# late@222222222222

Written from 14 entries of the ledger of project \`flight-delays\`, up to entry 14 (\`eeeeeeeeeeee\`).

## Data

Dataset \`flights\`, version \`${hash('b')}\`.
25,000 rows of 18 columns from predictions of late.
It continues \`aaaaaaaaaaaa\`.

## Training

Run \`r2\` (alarm: predicted 10 % late, observed 31 % over 412 labels); registered on 2013-06-14.
Algorithm \`gbt\`, code \`cccccccccccc\`, artefact \`${hash('2')}\`.
Trained to follow \`late@111111111111\`.

| step | status | what came of it |
| --- | --- | --- |
| candidates/gbt/all | done | log loss 0.412, AUC 0.68 on 5,000 held-out rows |

## Metrics

On the newest rows, held out from training; the model in service was then fitted again on all rows.

| metric | value |
| --- | --- |
| AUC | 0.68 |
| brier | 0.13 |
| log loss | 0.412 |
| n | 5,000 |
| positives | 1,200 |

## Gates

| gate | verdict | reason | evidence |
| --- | --- | --- | --- |
| metric auc | pass | auc is 0.68 [0.66, 0.7] over 5,000 held-out rows, at least 0.55 is asked | auc 0.68 [0.66, 0.7] (n 5,000, bound 0.55; ROC AUC, DeLong interval, 95 %) |

## In service

- 2013-06-14: challenger late@222222222222 runs in shadow beside late@111111111111 on late, compared by log loss (error rate 5 %)
- 2013-06-25: challenger late@222222222222 beats late@111111111111 by 0.021 log loss [0.004, 0.038] over 1,840 labels → promoted
- 2013-07-10: late recalibrated: the intercept of late@222222222222 moves by 0.42 on the log-odds scale, from 2,200 labels

Evidence of the decisions:

- late-1: paired log_loss difference −0.021 [−0.038, −0.004] (n 1,840, bound 0; asymptotic confidence sequence, α = 0.05)

## Alarms while it served

- 2013-08-01 (data-drift): temp moved: KS 0.42 (tolerance 0.10) over 1,204 rows
`;

describe('the model card', () => {
  it('is written from entries alone', () => {
    expect(modelCard(story().entries, 'late@222222222222')).toBe(GOLDEN);
  });

  it('of the first model tells of its deployment and of no alarm after it was replaced', () => {
    const card = modelCard(story().entries, 'late@111111111111')!;
    expect(card).toContain('late@111111111111 serves late as version 1');
    expect(card).toContain('Expectations: flights aaaaaaaaaaaa accepted: 5 expectations checked.');
    expect(card).toContain('No gate was declared.');
    expect(card).toMatch(/Alarms while it served\n\nNone\./);
  });

  it('a cell cannot break out of its table', () => {
    const chain = story();
    chain.add('StepFinished', '2013-06-14T12:00', {
      run: 'r2',
      step: 'refit',
      key: hash('d'),
      status: 'done',
      summary: 'a | b\nc',
    });
    expect(modelCard(chain.entries, 'late@222222222222')).toContain('| refit | done | a \\| b c |');
  });

  it('is undefined for a model that the ledger does not know', () => {
    expect(modelCard(story().entries, 'late@999999999999')).toBeUndefined();
    expect(modelCard([], 'late@111111111111')).toBeUndefined();
  });
});

describe('lineage', () => {
  it('of a recalibrated model is that of the model it was made of', () => {
    const lineage = lineageOf(story().entries, 'late@333333333333')!;
    expect(lineage.registered.payload.model).toBe('late@222222222222');
    expect(lineage.parents).toEqual(['late@111111111111']);
    expect(lineage.data.ancestors).toEqual([hash('a')]);
    expect(lineage.rollouts).toHaveLength(1);
    expect(lineage.alarms).toHaveLength(1);
  });

  it('survives a ledger whose parents form a ring', () => {
    const chain = story();
    const last = chain.entries.find(entry => entry.type === 'ModelRegistered')!;
    if (last.type !== 'ModelRegistered') throw new Error('unreachable');
    chain.add('ModelRegistered', '2013-09-01T00:00', { ...last.payload, parent: 'late@222222222222' });
    expect(lineageOf(chain.entries, 'late@222222222222')!.parents).toEqual([
      'late@111111111111',
      'late@222222222222',
    ]);
  });
});
