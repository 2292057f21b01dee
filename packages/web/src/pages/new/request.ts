import type { DraftColumn, EndpointDetail } from '@twinloop/client';
import { curlPost } from '../../format/shell.js';

export interface Input {
  readonly name: string;
  readonly datatype: string;
  /** As it is typed; empty means missing. */
  readonly value: string;
}

/** The inputs of an endpoint with a value from the table for each. */
export function inputsOf(
  inputs: EndpointDetail['inputs'],
  columns: readonly DraftColumn[],
  decimal: '.' | ',' = '.',
): readonly Input[] {
  const byName = new Map(columns.map(c => [c.name, c]));
  return inputs.map(({ name, datatype, example }) => {
    const column = byName.get(name);
    const sample = column?.sample[0];
    // Times are sent in ms since 1970, which the table does not say; the server's example does.
    if (sample === undefined || column?.type === 'time') return { name, datatype, value: String(example) };
    return {
      name,
      datatype,
      value: !isText(datatype) && decimal === ',' ? sample.replaceAll('.', '').replace(',', '.') : sample,
    };
  });
}

const isText = (datatype: string): boolean => datatype === 'BYTES';

/** A request of the Open Inference Protocol V2 for one row. */
export function inferBody(inputs: readonly Input[]): { readonly inputs: readonly object[] } {
  return {
    inputs: inputs.map(({ name, datatype, value }) => ({
      name,
      shape: [1],
      datatype,
      data: [isText(datatype) ? value : value.trim() === '' ? null : numberOr(value)],
    })),
  };
}

/** `true` and `false` stand in tables as words; anything that is no number is left to the server to refuse. */
function numberOr(value: string): number | boolean | string {
  if (/^(true|false)$/i.test(value)) return value.toLowerCase() === 'true';
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}

export function asCurl(url: string, inputs: readonly Input[]): string {
  return curlPost(url, inferBody(inputs));
}

/** Python without any package. The body is a JSON text, which is a Python text too: no value needs translating. */
export function asPython(url: string, inputs: readonly Input[]): string {
  return [
    'import json, urllib.request',
    `body = ${JSON.stringify(JSON.stringify(inferBody(inputs)))}`,
    `request = urllib.request.Request(${JSON.stringify(url)}, body.encode(), {"content-type": "application/json"})`,
    'print(json.load(urllib.request.urlopen(request))["outputs"])',
  ].join('\n');
}

export interface Inferred {
  readonly model_name: string;
  readonly model_version?: string;
  readonly outputs: readonly { readonly name: string; readonly data: readonly unknown[] }[];
}

/** The answer in words: what each output says of the one row. */
export function answerInWords(answer: Inferred): string {
  const data = (name: string) => answer.outputs.find(output => output.name === name)?.data;
  const likeliest = data('class')?.[0];
  const probabilities = data('probabilities');
  // Of several classes: the likeliest and how likely it is; the others have no names in the answer.
  if (likeliest !== undefined && probabilities !== undefined)
    return `${String(likeliest)}, probability ${round(Math.max(...probabilities.map(Number)))} of ${probabilities.length} classes`;
  return answer.outputs
    .map(
      ({ name, data }) =>
        `${name} ${data.map(v => (typeof v === 'number' ? round(v) : String(v))).join(', ')}`,
    )
    .join(' · ');
}

const round = (value: number): string => String(Number(value.toPrecision(5)));
