import { readFile, writeFile } from 'node:fs/promises';
import { TwinloopError } from '@twinloop/kernel';
import { isMap, isSeq, parseDocument } from 'yaml';

interface Written {
  /** In YAML's flow style, on one line. */
  readonly text: string;
  readonly why: string;
}

/**
 * A project file with rules added to a dataset's expectations. Only lines are added: what a person wrote stays as it
 * is, its comments and its layout too.
 * @throws invalid_request when the expectations stand in a form that lines cannot be added to
 */
export function withRules(file: string, dataset: string, rules: readonly Written[]): string {
  if (rules.length === 0) return file;
  const document = parseDocument(file);
  const lines = (indent: string): string =>
    rules.map(({ text, why }) => `${indent}- ${text} # ${why.replaceAll('\n', ' ')}\n`).join('');
  const refuse = (reason: string): TwinloopError =>
    new TwinloopError('invalid_request', {
      values: { reason },
      hint: 'Paste what `twinloop data suggest` prints.',
    });
  if (document.errors.length > 0)
    throw refuse(`twinloop.yaml cannot be read: ${document.errors[0]!.message}`);
  const whole = file.endsWith('\n') || file === '' ? file : `${file}\n`;
  const expectations: unknown = document.get('expectations', true);
  if (expectations === undefined || !isMap(expectations) || expectations.items.length === 0) {
    if (isMap(expectations) || (expectations !== undefined && document.get('expectations') !== null))
      throw refuse('`expectations` is written on one line');
    if (document.has('expectations')) throw refuse('`expectations` is empty');
    return `${whole}expectations:\n  ${dataset}:\n${lines('    ')}`;
  }
  if (expectations.flow === true) throw refuse('`expectations` is written on one line');
  const of: unknown = expectations.get(dataset, true);
  if (of === undefined) {
    const first = (expectations.items[0]!.key as { range?: readonly number[] }).range![0]!;
    const start = whole.lastIndexOf('\n', first) + 1;
    const indent = whole.slice(start, first);
    return `${whole.slice(0, start)}${indent}${dataset}:\n${lines(`${indent}  `)}${whole.slice(start)}`;
  }
  if (!isSeq(of) || of.flow === true || of.items.length === 0)
    throw refuse(`the expectations of ${dataset} are written on one line`);
  const last = (of.items.at(-1) as { range: readonly [number, number, number] }).range;
  const end = whole.indexOf('\n', last[1] - 1) + 1;
  const begin = (of.items[0] as { range: readonly number[] }).range[0]!;
  // The dash stands before the first item, behind the indentation.
  const dash = /^[ \t]*/.exec(whole.slice(whole.lastIndexOf('\n', begin) + 1))![0];
  return `${whole.slice(0, end)}${lines(dash)}${whole.slice(end)}`;
}

/** Adds rules to a project file. @throws not_found · invalid_request */
export async function writeRules(path: string, dataset: string, rules: readonly Written[]): Promise<void> {
  const file = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new TwinloopError('not_found', { values: { what: path } });
    throw error;
  });
  await writeFile(path, withRules(file, dataset, rules));
}
