import type { DraftCheck, DraftFinding, DraftView, EndpointDetail, RunDetail } from '@twinloop/client';
import { many } from '../output.js';

const SIGN = { error: 'x', warning: '!', info: '·' } as const;

export function findingLine({ level, message, hint }: DraftFinding): string {
  return `${SIGN[level]} ${message}${level === 'info' ? '' : ` (${hint})`}`;
}

/** What was found out about the file. */
export function describeDraft(draft: DraftView): string {
  const { name, rows, columnCount, reading, findings } = draft;
  return [
    `${name}: ${many(rows, 'row')}, ${many(columnCount, 'column')}. ${reading.notes.join(' ')}`.trim(),
    ...findings.map(findingLine),
  ].join('\n');
}

/** What the choices make. */
export function describeCheck({ task, features, findings, baseline }: DraftCheck): string {
  return [
    ...findings.map(findingLine),
    `${task} from ${many(features.length, 'column')}: ${features.slice(0, 20).join(', ')}${features.length > 20 ? ', …' : ''}`,
    ...(baseline === undefined ? [] : [`to beat: ${baseline.sentence}`]),
  ].join('\n');
}

/** The end: how the first model does, and how to ask it. */
export function describeEnd(run: RunDetail, endpoint: EndpointDetail, file: string): string {
  const chosen = run.candidates.find(candidate => candidate.chosen);
  const figures = Object.entries(chosen?.metrics ?? {})
    .filter(([metric]) => ['rmse', 'r2', 'log_loss', 'auc', 'accuracy', 'n'].includes(metric))
    .map(([metric, value]) => `${metric} ${metric === 'n' ? value : value.toPrecision(4)}`);
  return [
    `first model: ${chosen?.name ?? run.model} (${figures.join(', ')} on held-out rows)`,
    `project file: ${file}`,
    '',
    'Ask it with curl:',
    '',
    endpoint.curl,
    '',
    'or with Python:',
    '',
    endpoint.python ?? '',
  ].join('\n');
}
