import {
  type Entry,
  type EpochMs,
  type Evidence,
  formatCount,
  formatFigure,
  formatInterval,
  shortHash,
} from '@twinloop/kernel';
import { emptyObjects, foldObjects, objectKey } from './archived.js';
import { type Lineage, lineageOf } from './lineage.js';
import { frontMatter } from './model-index.js';
import { metricWords, sentence } from './sentence.js';

const day = (at: EpochMs): string => new Date(at).toISOString().slice(0, 10);

/** Text in a table cell: the pipe would end it, a line break the row. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function evidenceRow(evidence: Evidence): string {
  const interval = evidence.interval === undefined ? '' : ` ${formatInterval(evidence.interval)}`;
  const bound = evidence.threshold === undefined ? '' : `, bound ${formatFigure(evidence.threshold)}`;
  return `${evidence.statistic} ${formatFigure(evidence.value)}${interval} (n ${formatCount(evidence.n)}${bound}; ${evidence.method})`;
}

function dataSection({ registered, data }: Lineage): string {
  const { dataset, datasetVersion } = registered.payload;
  const lines = [`Dataset \`${dataset}\`, version \`${datasetVersion}\`.`];
  const made = data.registered?.payload;
  if (made !== undefined) {
    const span =
      made.from === undefined || made.until === undefined
        ? ''
        : `, rows of ${day(made.from)} to ${day(made.until)}`;
    lines.push(`${formatCount(made.rows)} rows of ${made.columns} columns from ${made.source}${span}.`);
  }
  if (data.checked !== undefined) lines.push(`Expectations: ${sentence(data.checked)}.`);
  if (data.ancestors.length > 0) {
    lines.push(`It continues ${data.ancestors.map(version => `\`${shortHash(version)}\``).join(' ← ')}.`);
  }
  return lines.join('\n');
}

function trainingSection({ registered, run, parents }: Lineage): string {
  const { payload, at } = registered;
  const why =
    run.started === undefined ? '' : ` (${run.started.payload.trigger}: ${run.started.payload.reason})`;
  const lines = [
    `Run \`${payload.run}\`${why}; registered on ${day(at)}.`,
    `Algorithm \`${payload.algorithm}\`, code \`${shortHash(payload.codeDigest)}\`, artefact \`${payload.hash}\`.`,
  ];
  if (parents.length > 0) lines.push(`Trained to follow ${parents.map(name => `\`${name}\``).join(' ← ')}.`);
  const steps = run.steps.map(({ payload: step }) => [step.step, step.status, step.summary]);
  return steps.length === 0
    ? lines.join('\n')
    : `${lines.join('\n')}\n\n${table(['step', 'status', 'what came of it'], steps)}`;
}

function metricsSection({ registered }: Lineage): string {
  const rows = Object.entries(registered.payload.metrics)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => [metricWords(name), formatFigure(value)]);
  return rows.length === 0
    ? 'None recorded.'
    : `On the newest rows, held out from training; the model in service was then fitted again on all rows.\n\n${table(['metric', 'value'], rows)}`;
}

function gatesSection({ run }: Lineage): string {
  if (run.gates.length === 0) return 'No gate was declared.';
  const rows = run.gates.map(({ payload: { verdict } }) => [
    verdict.gate,
    verdict.status,
    verdict.reason,
    verdict.evidence.map(evidenceRow).join('; '),
  ]);
  return table(['gate', 'verdict', 'reason', 'evidence'], rows);
}

function serviceSection(lineage: Lineage): string {
  const told: readonly Entry[] = [
    ...lineage.deployments,
    ...lineage.rollouts.flatMap(({ started, decided }) =>
      decided === undefined ? [started] : [started, decided],
    ),
    ...lineage.recalibrations,
  ];
  if (told.length === 0) return 'It has not been in service.';
  const lines = [...told]
    .sort((a, b) => a.seq - b.seq)
    .map(entry => `- ${day(entry.at)}: ${sentence(entry)}`);
  const decisions = lineage.rollouts.flatMap(({ decided }) =>
    decided === undefined ? [] : [`- ${decided.payload.rollout}: ${evidenceRow(decided.payload.evidence)}`],
  );
  return decisions.length === 0
    ? lines.join('\n')
    : `${lines.join('\n')}\n\nEvidence of the decisions:\n\n${decisions.join('\n')}`;
}

function alarmsSection({ alarms }: Lineage): string {
  if (alarms.length === 0) return 'None.';
  return alarms.map(alarm => `- ${day(alarm.at)} (${alarm.payload.kind}): ${sentence(alarm)}`).join('\n');
}

/** What of the model, its run and its data was deleted since; empty when all is still there. */
function deletedSection(entries: readonly Entry[], { registered, model }: Lineage): string {
  const { deleted } = entries.reduce(foldObjects, emptyObjects);
  const { dataset, datasetVersion, run } = registered.payload;
  const told = [
    ['This model', objectKey('model', model)],
    [`Run \`${run}\``, objectKey('run', run)],
    [
      `Version \`${shortHash(datasetVersion)}\` of \`${dataset}\``,
      objectKey('dataset-version', `${dataset}@${datasetVersion}`),
    ],
  ].flatMap(([what, key]) => {
    const gone = deleted.get(key!);
    return gone === undefined ? [] : [`${what} was deleted on ${day(gone.at)}: ${gone.reason}.`];
  });
  return told.length === 0 ? '' : `\n${told.join('\n')}\n`;
}

/**
 * A model card: Markdown whose YAML front matter is Hugging Face's `model-index`. Written from ledger entries alone,
 * so it says nothing that cannot be verified, and the same entries give the same bytes. Dates are UTC.
 * @param entries one project's entries in ledger order
 * @returns undefined when no entry registers the model
 */
export function modelCard(entries: readonly Entry[], model: string): string | undefined {
  const lineage = lineageOf(entries, model);
  if (lineage === undefined) return undefined;
  const last = entries.at(-1)!;
  return `${frontMatter(lineage)}
# ${model}

Written from ${formatCount(entries.length)} entries of the ledger of project \`${last.project}\`, up to entry ${last.seq} (\`${shortHash(last.hash)}\`).
${deletedSection(entries, lineage)}
## Data

${dataSection(lineage)}

## Training

${trainingSection(lineage)}

## Metrics

${metricsSection(lineage)}

## Gates

${gatesSection(lineage)}

## In service

${serviceSection(lineage)}

## Alarms while it served

${alarmsSection(lineage)}
`;
}
