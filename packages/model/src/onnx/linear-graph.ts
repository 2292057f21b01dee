import type { LinearBody } from '../documents/document.js';
import type { GraphBuilder } from './graph-builder.js';

/** Raw score [n, 1] of a linear body. */
export function linearGraph(graph: GraphBuilder, x: string, body: LinearBody): string {
  const terms: string[] = [];
  if (body.numeric.length > 0) {
    const k = body.numeric.length;
    const means = graph.constant(
      'double',
      [1, k],
      body.numeric.map(term => term.mean),
    );
    const slopes = graph.constant(
      'double',
      [k, 1],
      body.numeric.map(term => term.weight / term.scale),
    );
    const columns = graph.columns(
      x,
      body.numeric.map(term => term.feature),
    );
    const centred = graph.add('Sub', [graph.fillMissing(columns, means), means]);
    terms.push(graph.add('MatMul', [centred, slopes]));
  }
  for (const { feature, weights, unknown } of body.categorical)
    terms.push(graph.byCategory(x, feature, [...weights.map(w => [w]), [unknown]]));
  const intercept = graph.constant('double', [1, 1], [body.intercept]);
  return terms.reduce((sum, term) => graph.add('Add', [sum, term]), intercept);
}
