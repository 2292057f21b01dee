import { spawn } from 'node:child_process';
import type { ProjectId } from '@twinloop/kernel';
import { beforeAll, describe, expect, it } from 'vitest';
import { httpUnderTest } from '../../packages/server/src/http/testing/http-under-test.js';
import { python, skipLine } from '../support/requires.js';

/** What a user of `tritonclient[http]` would write; every answer is printed as one JSON object. */
const CLIENT = `
import json, sys
import numpy as np
import tritonclient.http as http
from tritonclient.utils import InferenceServerException

client = http.InferenceServerClient(sys.argv[1])
TEMP, HOUR, CARRIER = [20.5, float("nan")], [10, 11], ["UA", "Ürümqi 飛行"]

def inputs(binary, hour_type="INT64", shape=(2,)):
    def tensor(name, datatype, values, dtype):
        given = http.InferInput(name, list(shape), datatype)
        given.set_data_from_numpy(np.array(values, dtype=dtype).reshape(shape), binary_data=binary)
        return given
    hour = {"INT64": np.int64, "FP32": np.float32, "FP16": np.float16, "UINT8": np.uint8}[hour_type]
    return [tensor("temp", "FP64", TEMP, np.float64), tensor("hour", hour_type, HOUR, hour),
            tensor("carrier", "BYTES", CARRIER, np.object_)]

def refusal(act):
    try:
        act()
    except InferenceServerException as error:
        return [error.status(), error.message()]

def scores(result):
    return result.as_numpy("probability").tolist()

out = {
    "live": client.is_server_live(),
    "ready": client.is_server_ready(),
    "model_ready": client.is_model_ready("delays"),
    "version_ready": client.is_model_ready("delays", "3"),
    "unknown_ready": client.is_model_ready("flights"),
    "server": client.get_server_metadata(),
    "model": client.get_model_metadata("delays"),
    "unknown_model": refusal(lambda: client.get_model_metadata("flights")),
    "unknown_infer": refusal(lambda: client.infer("flights", inputs(True))),
    "infer": {},
}
for binary_in in (True, False):
    for binary_out in (None, True, False):
        outputs = None if binary_out is None else [http.InferRequestedOutput("probability", binary_data=binary_out)]
        result = client.infer("delays", inputs(binary_in), outputs=outputs, request_id="r")
        out["infer"]["%s %s" % (binary_in, binary_out)] = [scores(result), result.get_response()["id"], result.get_output("probability")["shape"]]
out["column"] = scores(client.infer("delays", inputs(True, shape=(2, 1))))
out["types"] = {t: [scores(client.infer("delays", inputs(b, t))) for b in (True, False)] for t in ("FP32", "FP16", "UINT8")}
out["parameters"] = scores(client.infer("delays", inputs(True), model_version="3", parameters={"key": "UA1545", "unit": "N14228"}))
wide = http.InferInput("temp", [1, 2], "FP64").set_data_from_numpy(np.array([[1.0, 2.0]]))
out["wrong_shape"] = refusal(lambda: client.infer("delays", [wide] + inputs(True)[1:]))
out["missing"] = refusal(lambda: client.infer("delays", inputs(True)[1:]))
out["wrong_type"] = refusal(lambda: client.infer("delays", [http.InferInput("temp", [2], "BYTES").set_data_from_numpy(np.array(["a", "b"], dtype=np.object_))] + inputs(True)[1:]))
out["wrong_output"] = refusal(lambda: client.infer("delays", inputs(True), outputs=[http.InferRequestedOutput("label")]))
out["too_large"] = refusal(lambda: client.infer("delays", [http.InferInput("temp", [100000], "FP64").set_data_from_numpy(np.zeros(100000))]))
out["after_all"] = scores(client.infer("delays", inputs(True)))
print(json.dumps(out))
`;

type Refusal = readonly [string, string];
interface Answers {
  readonly [name: string]: unknown;
  readonly infer: Readonly<Record<string, readonly [number[], string, number[]]>>;
  readonly types: Readonly<Record<string, readonly number[][]>>;
}

const interpreter = python(['tritonclient.http', 'numpy']);
const TITLE = 'the unchanged tritonclient';
if (interpreter === undefined)
  skipLine(TITLE, 'no Python with tritonclient[http] (TWINLOOP_PYTHON names one)');

describe.skipIf(interpreter === undefined)(TITLE, () => {
  let answers: Answers;
  let requests: readonly object[];

  beforeAll(async () => {
    const { http, app } = await httpUnderTest({ bodyLimit: 100_000 });
    const { host, port } = await http.listen();
    try {
      answers = JSON.parse(await run(interpreter!, ['-c', CLIENT, `${host}:${port}`])) as Answers;
    } finally {
      await http.close();
    }
    requests = app.project('default' as ProjectId).inferred;
  }, 120_000);

  it('finds server and model', () => {
    expect(answers).toMatchObject({
      live: true,
      ready: true,
      model_ready: true,
      version_ready: true,
      unknown_ready: false,
      server: { name: 'twinloop', extensions: ['binary_tensor_data'] },
      model: {
        name: 'delays',
        versions: ['1', '2', '3'],
        inputs: [
          { name: 'temp', datatype: 'FP64', shape: [-1] },
          { name: 'hour', datatype: 'FP64', shape: [-1] },
          { name: 'carrier', datatype: 'BYTES', shape: [-1] },
        ],
        outputs: [{ name: 'probability', datatype: 'FP64', shape: [-1] }],
      },
    });
  });

  it('gets the same answer in every mix of JSON and binary form', () => {
    expect(Object.keys(answers.infer)).toHaveLength(6);
    for (const answer of Object.values(answers.infer)) expect(answer).toEqual([[0.1, 0.11], 'r', [2]]);
    expect(answers['column']).toEqual([0.1, 0.11]);
    expect(Object.keys(answers.types)).toHaveLength(3);
    for (const both of Object.values(answers.types)) {
      expect(both).toEqual([
        [0.1, 0.11],
        [0.1, 0.11],
      ]);
    }
    expect(answers['after_all']).toEqual([0.1, 0.11]);
  });

  it('sends rows whose texts, missing values, key and unit arrive whole', () => {
    const rows = [
      { temp: 20.5, hour: 10, carrier: 'UA' },
      { temp: null, hour: 11, carrier: 'Ürümqi 飛行' },
    ];
    expect(requests).toHaveLength(15);
    for (const request of requests) expect(request).toMatchObject({ endpoint: 'delays', rows });
    expect(requests[0]).toMatchObject({ ids: ['r#0', 'r#1'] });
    expect(requests.filter(request => 'key' in request && request.key === 'UA1545')).toEqual([
      expect.objectContaining({ key: 'UA1545', unitKey: 'N14228' }),
    ]);
  });

  it.each([
    ['unknown_model', '404', /^Model flights is not served here/],
    ['unknown_infer', '404', /^Model flights is not served here/],
    ['wrong_shape', '400', /^Input temp has shape \[1,2\], which does not match \[n\] or \[n, 1\]/],
    ['missing', '400', /^Input temp is missing/],
    ['wrong_type', '400', /^Input temp has datatype BYTES, not FP64/],
    ['wrong_output', '400', /^Output label is not one/],
    ['too_large', '413', /^The body is larger than 100000 bytes/],
  ])('reads the refusal %s', (name, status, text) => {
    const [given, message] = answers[name] as Refusal;
    expect([given, message]).toEqual([status, expect.stringMatching(text)]);
  });
});

function run(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      complaint += chunk;
    });
    child.on('error', reject);
    child.on('close', code => {
      if (code === 0) resolve(out);
      else reject(new Error(`the client ended with ${code}:\n${complaint}`));
    });
  });
}
