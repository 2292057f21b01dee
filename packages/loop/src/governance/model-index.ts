import type { Lineage } from './lineage.js';

/** YAML that needs no reading of YAML's rules: every text is a JSON string, which YAML 1.2 contains. */
const quoted = (text: string): string => JSON.stringify(text);

/** The names under which Hugging Face's evaluation results know our metrics. */
const METRIC_TYPE: Readonly<Record<string, string>> = {
  auc: 'roc_auc',
  log_loss: 'log_loss',
  brier: 'brier_score',
  rmse: 'rmse',
  mae: 'mae',
};

/** Metrics that measure the model; counts and rates of the held-out rows are not results. */
function results(metrics: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(metrics)
    .filter(
      ([name, value]) =>
        Number.isFinite(value) && !/^(n|rows|positives|base_rate|label_mean|label_sd)$/.test(name),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * The card's metadata block, delimiters included, as huggingface_hub's `ModelCardData` reads it: `model-index` with
 * one result, whose dataset revision is the version's hash. https://huggingface.co/docs/hub/model-cards
 */
export function frontMatter(lineage: Lineage): string {
  const { registered, model } = lineage;
  const { dataset, datasetVersion, algorithm, metrics } = registered.payload;
  const task = metrics['rmse'] === undefined ? 'tabular-classification' : 'tabular-regression';
  const rows = results(metrics).map(([name, value]) => {
    const type = METRIC_TYPE[name] ?? name;
    return `          - type: ${quoted(type)}\n            name: ${quoted(name)}\n            value: ${value}`;
  });
  return `---
library_name: "twinloop"
pipeline_tag: ${quoted(task)}
tags:
  - "tabular"
  - ${quoted(algorithm)}
model-index:
  - name: ${quoted(model)}
    results:
      - task:
          type: ${quoted(task)}
        dataset:
          name: ${quoted(dataset)}
          type: ${quoted(dataset)}
          split: "holdout"
          revision: ${quoted(datasetVersion)}
        metrics:${rows.length === 0 ? ' []' : `\n${rows.join('\n')}`}
---
`;
}
