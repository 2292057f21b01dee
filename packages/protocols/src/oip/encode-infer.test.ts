import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBinary, writeBinary } from './binary.js';
import { DATATYPES, type Datatype, exactInteger, type TensorValue } from './datatypes.js';
import { checkWishes, encodeInfer, type InferAnswer } from './encode-infer.js';
import { halfToNumber } from './half.js';
import { readJson, writeJsonData } from './json-tensor.js';
import { parseWireJson } from './wire-json.js';

const answer: InferAnswer = {
  model: 'delays',
  version: 3,
  id: 'é"1',
  outputs: [{ name: 'probability', datatype: 'FP64', shape: [2], data: Float64Array.of(0.25, 0.5) }],
};

/** Any value of a datatype, as the decoder would hold it. */
function valuesOf(datatype: Datatype): fc.Arbitrary<TensorValue> {
  const info = DATATYPES[datatype];
  switch (info.kind) {
    case 'boolean':
      return fc.boolean();
    case 'text':
      return fc.string({ unit: fc.constantFrom('a', '1', 'é', '飛', '😀', '"', '\\', '\n', '\u0000') });
    case 'integer':
      return fc.bigInt({ min: info.low, max: info.high }).map(exactInteger);
    default:
      if (datatype === 'FP64') return fc.double({ noNaN: true });
      if (datatype === 'FP32') return fc.float({ noNaN: true });
      return fc
        .integer({ min: 0, max: 0xffff })
        .map(halfToNumber)
        .filter(value => !Number.isNaN(value));
  }
}

describe('tensor data', () => {
  it.each(Object.keys(DATATYPES) as Datatype[])('%s survives JSON and the binary form exactly', datatype => {
    fc.assert(
      fc.property(fc.array(valuesOf(datatype), { minLength: 1, maxLength: 20 }), data => {
        const tensor = { name: 't', datatype, shape: [data.length], data };
        const throughJson = parseWireJson(writeJsonData(tensor));
        expect(readJson('t', datatype, tensor.shape, data.length, throughJson)).toEqual(data);
        expect(readBinary('t', datatype, data.length, writeBinary(tensor))).toEqual(data);
      }),
    );
  });

  it('writes missing as null in JSON and as NaN or the empty text in the binary form', () => {
    const tensor = { name: 't', datatype: 'FP32' as const, shape: [2], data: [null, Number.NaN] };
    expect(writeJsonData(tensor)).toBe('[null,null]');
    expect(readBinary('t', 'FP32', 2, writeBinary(tensor))).toEqual([Number.NaN, Number.NaN]);
    expect(writeBinary({ name: 't', datatype: 'BYTES', shape: [1], data: [null] })).toEqual(Buffer.alloc(4));
  });

  it('lays BYTES out as length (little-endian) and UTF-8', () => {
    const bytes = writeBinary({ name: 't', datatype: 'BYTES', shape: [2], data: ['ok', '€'] });
    expect([...bytes]).toEqual([2, 0, 0, 0, 0x6f, 0x6b, 3, 0, 0, 0, 0xe2, 0x82, 0xac]);
  });
});

describe('encodeInfer', () => {
  it('writes JSON by default', () => {
    const { body, headerLength, contentType } = encodeInfer(answer);
    expect(headerLength).toBeUndefined();
    expect(contentType).toContain('application/json');
    expect(JSON.parse(body as string)).toEqual({
      model_name: 'delays',
      model_version: '3',
      id: 'é"1',
      outputs: [{ name: 'probability', datatype: 'FP64', shape: [2], data: [0.25, 0.5] }],
    });
  });

  it('puts binary data behind the JSON, with the length in bytes', () => {
    const { body, headerLength } = encodeInfer(answer, { outputs: undefined, binaryDefault: true });
    const bytes = body as Buffer;
    const header = JSON.parse(bytes.subarray(0, headerLength).toString('utf8'));
    expect(header.outputs).toEqual([
      { name: 'probability', datatype: 'FP64', shape: [2], parameters: { binary_data_size: 16 } },
    ]);
    expect(bytes.subarray(headerLength).readDoubleLE(8)).toBe(0.5);
  });

  it.each([
    [undefined, false, false],
    [undefined, true, true],
    [true, false, true],
    [false, true, false],
  ])(
    'an output that says binary %s where the request says %s is binary: %s',
    (binary, binaryDefault, expected) => {
      const { headerLength } = encodeInfer(answer, {
        outputs: [{ name: 'probability', binary }],
        binaryDefault,
      });
      expect(headerLength !== undefined).toBe(expected);
    },
  );

  it('refuses an output that the model lacks', () => {
    const wishes = { outputs: [{ name: 'label', binary: undefined }], binaryDefault: false };
    const refusal = expect.objectContaining({ code: 'output_unknown', field: 'label', status: 400 });
    expect(() => encodeInfer(answer, wishes)).toThrow(refusal);
    expect(() => checkWishes(wishes, ['probability'])).toThrow(refusal);
    expect(() => checkWishes({ ...wishes, outputs: undefined }, [])).not.toThrow();
  });
});
