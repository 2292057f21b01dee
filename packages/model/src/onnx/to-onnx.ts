import { type GbtBody, type LinearBody, type ModelDocument, signatureOf } from '../documents/document.js';
import { GraphBuilder } from './graph-builder.js';
import { linearGraph } from './linear-graph.js';
import { treesGraph } from './trees-graph.js';
import { writeModel } from './wire.js';

/** The exported graph's input: encoded features, as `bindFeatures` gives them. */
export const ONNX_INPUT = 'features';

/**
 * The scoring graph as an ONNX file: input `features`, double [n, width], encoded (a category is its index, missing is
 * NaN, a text the weights of the plan's words); output `probability` or `value`, double [n, 1], or `probabilities`, double
 * [n, classes]. Inputs are doubles, not the customary float32, because a
 * threshold between two neighbouring doubles is lost in a float: so the export takes each branch that our evaluator takes.
 */
export function toOnnx(document: ModelDocument): Uint8Array {
  const graph = new GraphBuilder();
  const { body, features, calibration, task } = document;
  const raw = (one: LinearBody | GbtBody): string =>
    one.kind === 'gbt' ? treesGraph(graph, ONNX_INPUT, one, features) : linearGraph(graph, ONNX_INPUT, one);
  const axis = [{ name: 'axis', int: 1 }];
  let score = body.kind === 'softmax' ? graph.add('Concat', body.perClass.map(raw), axis) : raw(body);
  if (calibration !== undefined) {
    const scaled = graph.add('Mul', [score, graph.constant('double', [1, 1], [calibration.slope])]);
    score = graph.add('Add', [scaled, graph.constant('double', [1, 1], [calibration.intercept])]);
  }
  const output = signatureOf(document).outputs[0]!.name;
  const link = { binary: 'Sigmoid', multiclass: 'Softmax', regression: 'Identity' }[task];
  graph.nodes.push({
    type: link,
    inputs: [score],
    outputs: [output],
    ...(task === 'multiclass' ? { attributes: axis } : {}),
  });
  return writeModel({
    name: document.label,
    nodes: graph.nodes,
    initializers: graph.initializers,
    inputs: [{ name: ONNX_INPUT, dims: ['n', features.features.length] }],
    outputs: [{ name: output, dims: ['n', document.classes?.length ?? 1] }],
  });
}
