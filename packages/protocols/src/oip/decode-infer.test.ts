import { TwinloopError } from '@twinloop/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeBinary } from './binary.js';
import type { Datatype, TensorValue } from './datatypes.js';
import { decodeInfer, type InferInput } from './decode-infer.js';

const INPUTS: readonly InferInput[] = [
  { name: 'temp', type: 'number' },
  { name: 'carrier', type: 'string' },
];

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const temp = { name: 'temp', datatype: 'FP64', shape: [1], data: [39.02] };
const carrier = { name: 'carrier', datatype: 'BYTES', shape: [1], data: ['UA'] };
const decode = (request: object, inputs = INPUTS) => decodeInfer(json(request), undefined, inputs);

/** A request in the binary form, as a client would lay it out. */
function binary(
  tensors: readonly { name: string; datatype: Datatype; data: readonly TensorValue[] }[],
): [Uint8Array, string] {
  const parts = tensors.map(tensor => writeBinary({ ...tensor, shape: [tensor.data.length] }));
  const header = JSON.stringify({
    inputs: tensors.map(({ name, datatype, data }, i) => ({
      name,
      datatype,
      shape: [data.length],
      parameters: { binary_data_size: parts[i]!.length },
    })),
  });
  return [Buffer.concat([Buffer.from(header), ...parts]), String(Buffer.byteLength(header))];
}

function refusal(act: () => unknown): TwinloopError {
  try {
    act();
  } catch (error) {
    if (error instanceof TwinloopError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('decodeInfer', () => {
  it('reads features by name in any order and keeps id, key and unit', () => {
    const call = decode({
      id: 'p-1',
      inputs: [carrier, temp],
      parameters: { key: 'UA1545', unit: 17, binary_data_output: true },
      outputs: [{ name: 'probability', parameters: { binary_data: false } }],
    });
    expect(call).toEqual({
      id: 'p-1',
      rows: [{ temp: 39.02, carrier: 'UA' }],
      key: 'UA1545',
      unitKey: '17',
      wishes: { outputs: [{ name: 'probability', binary: false }], binaryDefault: true },
    });
    expect(Object.keys(call.rows[0]!)).toEqual(['temp', 'carrier']);
  });

  it.each([
    ['flat [n]', [3], ['a', null, 'ü']],
    ['flat [n, 1]', [3, 1], ['a', null, 'ü']],
    ['nested [n, 1]', [3, 1], [['a'], [null], ['ü']]],
  ])('reads %s, with null as missing', (_form, shape, data) => {
    const inputs = [
      { ...temp, shape: [3], data: [1, null, 3] },
      { ...carrier, shape, data },
    ];
    expect(decode({ inputs }).rows).toEqual([
      { temp: 1, carrier: 'a' },
      { temp: null, carrier: null },
      { temp: 3, carrier: 'ü' },
    ]);
  });

  it.each<[string, unknown, number]>([
    ['BOOL', true, 1],
    ['INT8', -128, -128],
    ['UINT8', 255, 255],
    ['INT16', -5, -5],
    ['UINT32', 4294967295, 4294967295],
    ['INT64', 12, 12],
    ['FP16', 0.1, 0.0999755859375],
    ['FP32', 0.1, Math.fround(0.1)],
    ['FP64', 0.1, 0.1],
  ])('reads a number sent as %s', (datatype, sent, read) => {
    expect(decode({ inputs: [{ ...temp, datatype, data: [sent] }, carrier] }).rows[0]!['temp']).toBe(read);
  });

  it('keeps a 64-bit id beyond 2^53 exact, as a category and as the key', () => {
    const body = Buffer.from(
      `{"parameters":{"key":9007199254740993},"inputs":[${JSON.stringify(temp)},{"name":"carrier","datatype":"UINT64","shape":[1],"data":[18446744073709551615]}]}`,
    );
    const call = decodeInfer(body, undefined, INPUTS);
    expect(call.rows[0]!['carrier']).toBe('18446744073709551615');
    expect(call.key).toBe('9007199254740993');
  });

  it('takes the bare NaN that Python writes as missing', () => {
    const body = Buffer.from(JSON.stringify({ inputs: [temp, carrier] }).replace('39.02', 'NaN'));
    expect(decodeInfer(body, undefined, INPUTS).rows[0]).toEqual({ temp: null, carrier: 'UA' });
  });

  it('gives the same rows for the JSON and for the binary form', () => {
    const numeric = fc.oneof(
      fc.tuple(fc.constant<Datatype>('FP64'), fc.double({ noDefaultInfinity: true })),
      fc.tuple(fc.constant<Datatype>('FP32'), fc.float({ noDefaultInfinity: true })),
      fc.tuple(fc.constant<Datatype>('INT64'), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      fc.tuple(fc.constant<Datatype>('INT32'), fc.integer()),
      fc.tuple(fc.constant<Datatype>('BOOL'), fc.boolean()),
    );
    const text = fc.string({ unit: fc.constantFrom('a', '1', 'é', '飛', '😀', '"', '\\', '\n', '\u0000') });
    fc.assert(
      fc.property(numeric, text, ([datatype, value], word) => {
        const [body, length] = binary([
          { name: 'temp', datatype, data: [value] },
          { name: 'carrier', datatype: 'BYTES', data: [word] },
        ]);
        const data = Number.isNaN(value) ? 'null' : Object.is(value, -0) ? '-0' : String(value);
        const asJson = Buffer.from(
          `{"inputs":[{"name":"temp","datatype":"${datatype}","shape":[1],"data":[${data}]},${JSON.stringify({ ...carrier, data: [word] })}]}`,
        );
        expect(decodeInfer(body, length, INPUTS).rows).toEqual(decodeInfer(asJson, undefined, INPUTS).rows);
      }),
    );
  });

  it('counts BYTES lengths in UTF-8 bytes and leaves JSON inputs between binary ones alone', () => {
    const text = writeBinary({ name: 'carrier', datatype: 'BYTES', shape: [2], data: ['é', '飛行'] });
    expect(text.length).toBe(4 + 2 + 4 + 6);
    const header = JSON.stringify({
      inputs: [
        { ...temp, shape: [2], data: [1, 2] },
        { ...carrier, shape: [2], data: undefined, parameters: { binary_data_size: text.length } },
      ],
    });
    const body = Buffer.concat([Buffer.from(header), text]);
    expect(decodeInfer(body, String(header.length), INPUTS).rows).toEqual([
      { temp: 1, carrier: 'é' },
      { temp: 2, carrier: '飛行' },
    ]);
  });
});

describe('decodeInfer refuses', () => {
  const cases: [string, object, string, string | undefined][] = [
    ['an absent input', { inputs: [temp] }, 'input_missing', 'carrier'],
    ['an unknown input', { inputs: [temp, carrier, { ...temp, name: 'flight' }] }, 'input_unknown', 'flight'],
    ['an input given twice', { inputs: [temp, temp, carrier] }, 'invalid_request', 'temp'],
    [
      'text for a number',
      { inputs: [{ ...temp, datatype: 'BYTES', data: ['warm'] }, carrier] },
      'input_type',
      'temp',
    ],
    ['text in FP64 data', { inputs: [{ ...temp, data: ['warm'] }, carrier] }, 'input_type', 'temp'],
    [
      'FP64 for a text',
      { inputs: [temp, { ...carrier, datatype: 'FP64', data: [1] }] },
      'input_type',
      'carrier',
    ],
    ['an unknown datatype', { inputs: [{ ...temp, datatype: 'BF16' }, carrier] }, 'input_type', 'temp'],
    [
      'a datatype named like a method',
      { inputs: [{ ...temp, datatype: 'toString' }, carrier] },
      'input_type',
      'temp',
    ],
    [
      'an integer out of range',
      { inputs: [{ ...temp, datatype: 'UINT8', data: [256] }, carrier] },
      'input_value',
      'temp',
    ],
    [
      'a fraction as integer',
      { inputs: [{ ...temp, datatype: 'INT32', data: [1.5] }, carrier] },
      'input_value',
      'temp',
    ],
    [
      'a number beyond FP32',
      { inputs: [{ ...temp, datatype: 'FP32', data: [1e39] }, carrier] },
      'input_value',
      'temp',
    ],
    ['a wrong shape', { inputs: [{ ...temp, shape: [1, 2], data: [1, 2] }, carrier] }, 'input_shape', 'temp'],
    ['an empty batch', { inputs: [{ ...temp, shape: [0], data: [] }, carrier] }, 'input_shape', 'temp'],
    [
      'a batch beyond the limit',
      { inputs: [{ ...temp, shape: [10_001], data: Array(10_001).fill(1) }, carrier] },
      'input_shape',
      'temp',
    ],
    ['a huge batch without data', { inputs: [{ ...temp, shape: [1e15] }, carrier] }, 'input_shape', 'temp'],
    ['no shape', { inputs: [{ ...temp, shape: undefined }, carrier] }, 'input_shape', 'temp'],
    ['too few values', { inputs: [{ ...temp, shape: [2] }, carrier] }, 'input_shape', 'temp'],
    [
      'ragged data',
      { inputs: [{ ...temp, shape: [2, 1], data: [[1], [2, 3]] }, carrier] },
      'input_shape',
      'temp',
    ],
    [
      'unequal batches',
      { inputs: [temp, { ...carrier, shape: [2], data: ['a', 'b'] }] },
      'input_shape',
      'carrier',
    ],
    ['inputs that are no list', { inputs: {} }, 'invalid_request', 'inputs'],
    ['a nameless tensor', { inputs: [{ ...temp, name: 1 }] }, 'invalid_request', 'inputs/0'],
    ['an id that is no text', { id: 7, inputs: [temp, carrier] }, 'invalid_request', 'id'],
    [
      'shared memory',
      { inputs: [{ ...temp, parameters: { shared_memory_region: 'r' } }, carrier] },
      'invalid_request',
      'temp',
    ],
    [
      'classification',
      { inputs: [temp, carrier], outputs: [{ name: 'probability', parameters: { classification: 2 } }] },
      'invalid_request',
      'outputs/0/parameters',
    ],
    [
      'binary data without its header',
      { inputs: [{ ...temp, parameters: { binary_data_size: 8 } }, carrier] },
      'invalid_request',
      'temp',
    ],
  ];
  it.each(cases)('%s', (_what, request, code, field) => {
    const error = refusal(() => decode(request));
    expect(error).toMatchObject({ code, field });
    expect(error.status).toBe(400);
    expect(error.message).not.toMatch(/\{\w+\}/);
  });

  it.each([
    ['nothing', ''],
    ['a list', '[]'],
    ['half of an object', '{"inputs": ['],
    ['deep nesting with a big integer', `{"inputs": [12345678901234567890${'['.repeat(100_000)}`],
    ['infinity', '{"inputs":[{"name":"temp","datatype":"FP64","shape":[1],"data":[1e999]}]}'],
  ])('%s as body', (_what, body) => {
    expect(refusal(() => decodeInfer(Buffer.from(body), undefined, INPUTS)).status).toBe(400);
  });

  it.each([
    ['bytes that are not UTF-8 in a text', [4, 0, 0, 0, 0xff, 0xfe, 0xff, 0xfe], 'input_value'],
    ['a text longer than the data', [9, 0, 0, 0, 65, 65, 65, 65], 'input_shape'],
    ['a cut length', [1, 0], 'input_shape'],
  ])('%s', (_what, bytes, code) => {
    const header = JSON.stringify({
      inputs: [temp, { ...carrier, parameters: { binary_data_size: bytes.length } }],
    });
    const body = Buffer.concat([Buffer.from(header), Buffer.from(bytes)]);
    expect(refusal(() => decodeInfer(body, String(header.length), INPUTS)).code).toBe(code);
  });

  it('a header length beyond the body, and bytes that belong to no input', () => {
    const [body, length] = binary([
      { name: 'temp', datatype: 'FP64', data: [1] },
      { name: 'carrier', datatype: 'BYTES', data: ['UA'] },
    ]);
    expect(refusal(() => decodeInfer(body, '100000', INPUTS)).field).toBe('Inference-Header-Content-Length');
    expect(refusal(() => decodeInfer(body, '-1', INPUTS)).field).toBe('Inference-Header-Content-Length');
    const longer = Buffer.concat([body, Buffer.from([0])]);
    expect(refusal(() => decodeInfer(longer, length, INPUTS)).message).toContain('1 bytes of binary data');
    expect(refusal(() => decodeInfer(body.subarray(0, -1), length, INPUTS)).code).toBe('input_shape');
  });
});
