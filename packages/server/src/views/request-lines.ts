import type { Json } from '@twinloop/kernel';
import type { DatasetProfile } from '@twinloop/loop/data';
import type { ModelInput } from '../app.js';

export interface RequestLines {
  /** One line for a POSIX shell. */
  readonly curl: string;
  /** A few lines of Python that need nothing but its standard library. */
  readonly python: string;
}

/** A value that the training data has often, so that a line that is pasted gets a sensible answer. */
export function usualValue({ name, type }: ModelInput, profile: Json | undefined): string | number {
  const column = (profile as unknown as DatasetProfile | undefined)?.columns.find(each => each.name === name);
  if (column?.type === 'string') return column.top[0]?.[0] ?? '…';
  if (type === 'string') return '…';
  const median = column?.quantiles.find(([level]) => level === 0.5)?.[1];
  return median ?? 0;
}

/** A text for a POSIX shell, whatever it holds. */
const shellQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** One request in the Open Inference Protocol, ready to be pasted. JSON's escapes are Python's, too. */
export function requestLines(
  url: string,
  inputs: readonly ModelInput[],
  profile: Json | undefined,
): RequestLines {
  const body = JSON.stringify({
    inputs: inputs.map(input => ({
      name: input.name,
      shape: [1],
      datatype: input.type === 'string' ? 'BYTES' : 'FP64',
      data: [usualValue(input, profile)],
    })),
  });
  return {
    curl: `curl -s ${url} -d ${shellQuoted(body)}`,
    python: [
      'import urllib.request',
      `body = ${JSON.stringify(body)}`,
      `request = urllib.request.Request(${JSON.stringify(url)}, body.encode(), {"content-type": "application/json"})`,
      'print(urllib.request.urlopen(request).read().decode())',
    ].join('\n'),
  };
}
