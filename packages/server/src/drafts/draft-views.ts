import type { DraftCheck, DraftView } from '@twinloop/client';
import type { CheckedDraft, DraftProfile } from '@twinloop/loop/data';
import type { StoredDraft } from './draft-files.js';

export function draftView(
  stored: StoredDraft,
  { file, columns, suggestions, findings }: DraftProfile,
  rest: { readonly project: string; readonly expiresAt: number },
): DraftView {
  const { probe } = file;
  const { delimiter, decimal, encoding, header = true } = probe.reading;
  const { label, time, key, task } = suggestions;
  return {
    draft: stored.id,
    name: stored.query === undefined ? stored.name : 'query',
    size: stored.size,
    rows: probe.rows,
    sampled: file.rows,
    columns,
    columnCount: file.columns.length,
    reading: {
      format: stored.query === undefined ? stored.format : 'postgres',
      ...(stored.format === 'csv'
        ? { delimiter: delimiter!, decimal: decimal ?? '.', encoding: encoding ?? 'utf-8', header }
        : {}),
      notes: probe.notes,
    },
    suggestions: { label, time, key, ...(task === undefined ? {} : { task }), project: rest.project },
    findings,
    expiresAt: rest.expiresAt,
  };
}

export function checkView(checked: CheckedDraft, project: string, exclude: readonly string[]): DraftCheck {
  const { suspects, seconds, ...rest } = checked;
  const excluded = new Set(exclude);
  return {
    project,
    ...rest,
    leakage: suspects.map(suspect => ({
      ...suspect,
      suggested: 'exclude',
      excluded: suspect.columns.every(column => excluded.has(column)),
    })),
    estimate: { seconds },
  };
}
