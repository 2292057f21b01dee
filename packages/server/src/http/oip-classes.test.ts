import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectId } from '@twinloop/kernel';
import type { HttpDoor } from './create-http.js';
import { httpUnderTest } from './testing/http-under-test.js';

let http: HttpDoor;
beforeAll(async () => {
  const under = await httpUnderTest();
  http = under.http;
  under.app.project('default' as ProjectId).classes = ['access', 'billing'];
});
afterAll(() => http.close());

const inputs = [
  { name: 'temp', datatype: 'FP64', shape: [2], data: [20, 20] },
  { name: 'hour', datatype: 'FP64', shape: [2], data: [25, 75] },
  { name: 'carrier', datatype: 'BYTES', shape: [2], data: ['UA', 'UA'] },
];
const infer = (payload: object) =>
  http.inject({ method: 'POST', url: '/v2/models/delays/infer', payload: JSON.stringify(payload) });

describe('Open Inference Protocol V2 of several classes', () => {
  it('lists both outputs, and the classes in the order of the columns', async () =>
    expect((await http.inject('/v2/models/delays')).json()).toMatchObject({
      outputs: [
        {
          name: 'probabilities',
          datatype: 'FP64',
          shape: [-1, 2],
          parameters: { classes: '["access","billing"]' },
        },
        { name: 'class', datatype: 'BYTES', shape: [-1] },
      ],
    }));

  it('answers every row with its probabilities and its class', async () =>
    expect((await infer({ inputs })).json()).toMatchObject({
      outputs: [
        { name: 'probabilities', datatype: 'FP64', shape: [2, 2], data: [0.75, 0.25, 0.25, 0.75] },
        { name: 'class', datatype: 'BYTES', shape: [2], data: ['access', 'billing'] },
      ],
    }));

  it('gives what is wished for, also in binary, and knows no `probability`', async () => {
    const one = await infer({ inputs, outputs: [{ name: 'class' }] });
    expect(one.json<{ outputs: unknown[] }>().outputs).toHaveLength(1);
    const binary = await infer({ inputs, outputs: [{ name: 'class', parameters: { binary_data: true } }] });
    const header = Number(binary.headers['inference-header-content-length']);
    const data = binary.rawPayload.subarray(header);
    // Each text behind its length, little-endian.
    expect(data.readUInt32LE(0)).toBe(6);
    expect(data.subarray(4, 10).toString()).toBe('access');
    const refused = await infer({ inputs, outputs: [{ name: 'probability' }] });
    expect(refused.statusCode).toBe(400);
  });
});
