import type { GbtBody, Tree } from '../documents/document.js';
import type { FeaturePlan } from '../features/spec.js';
import type { GraphBuilder } from './graph-builder.js';

interface SubsetColumn {
  /** Position behind the encoded features. */
  readonly column: number;
}

/**
 * Operator set ai.onnx.ml 3 has no "is one of" test, so each subset of categories that some node asks for becomes a
 * column of its own (0: listed, goes left; 1: goes right), gathered from a table by the category's index.
 */
function subsetColumns(graph: GraphBuilder, x: string, body: GbtBody, plan: FeaturePlan) {
  const width = plan.features.length;
  const subsets = new Map<string, SubsetColumn>();
  const parts = [x];
  let next = width;
  plan.features.forEach((feature, f) => {
    if (feature.type !== 'categorical') return;
    const wanted = new Map<string, readonly number[]>();
    const directions = new Map<string, boolean>();
    for (const tree of body.trees) {
      tree.categories.forEach((categories, i) => {
        if (categories === null || tree.feature[i] !== f) return;
        const key = subsetKey(tree, i);
        wanted.set(key, categories);
        directions.set(key, tree.missingLeft[i]!);
      });
    }
    if (wanted.size === 0) return;
    const columns = [...wanted].map(([key, categories]) => {
      subsets.set(key, { column: next++ });
      const left = new Set(categories);
      const column = feature.categories.map((_, category) => (left.has(category) ? 0 : 1));
      return [...column, directions.get(key)! ? 0 : 1];
    });
    const table = columns[0]!.map((_, row) => columns.map(column => column[row]!));
    parts.push(graph.byCategory(x, f, table));
  });
  const wide = parts.length === 1 ? x : graph.add('Concat', parts, [{ name: 'axis', int: 1 }]);
  return { wide, subsets };
}

const subsetKey = (tree: Tree, i: number): string =>
  `${tree.feature[i]}:${tree.missingLeft[i] ? 'm' : ''}:${tree.categories[i]!.join(',')}`;

/**
 * Raw score [n, 1] of boosted trees by TreeEnsembleRegressor with double thresholds and leaves, on double inputs: the
 * comparisons are those of our own evaluator. The operator's output is a float32, which is the whole difference
 * (relative 6e-8).
 */
export function treesGraph(graph: GraphBuilder, x: string, body: GbtBody, plan: FeaturePlan): string {
  const { wide, subsets } = subsetColumns(graph, x, body, plan);
  const treeIds: number[] = [];
  const nodeIds: number[] = [];
  const featureIds: number[] = [];
  const values: number[] = [];
  const modes: string[] = [];
  const trueIds: number[] = [];
  const falseIds: number[] = [];
  const missingTrue: number[] = [];
  const targets = { tree: [] as number[], node: [] as number[], weight: [] as number[] };
  body.trees.forEach((tree, t) => {
    const inner = tree.feature.length;
    const idOf = (child: number): number => (child >= 0 ? child : inner + ~child);
    tree.feature.forEach((feature, i) => {
      const categories = tree.categories[i]!;
      treeIds.push(t);
      nodeIds.push(i);
      featureIds.push(categories === null ? feature : subsets.get(subsetKey(tree, i))!.column);
      values.push(categories === null ? tree.threshold[i]! : 0.5);
      modes.push('BRANCH_LEQ');
      trueIds.push(idOf(tree.left[i]!));
      falseIds.push(idOf(tree.right[i]!));
      missingTrue.push(tree.missingLeft[i]! ? 1 : 0);
    });
    tree.leaves.forEach((leaf, i) => {
      treeIds.push(t);
      nodeIds.push(inner + i);
      featureIds.push(0);
      values.push(0);
      modes.push('LEAF');
      trueIds.push(0);
      falseIds.push(0);
      missingTrue.push(0);
      targets.tree.push(t);
      targets.node.push(inner + i);
      targets.weight.push(leaf);
    });
  });
  // No tree at all: the operator wants one.
  if (body.trees.length === 0) {
    const zero = graph.add('ReduceSum', [
      graph.add('Mul', [
        graph.fillMissing(x, graph.constant('double', [1], [0])),
        graph.constant('double', [1], [0]),
      ]),
      graph.constant('int64', [1], [1]),
    ]);
    return graph.add('Add', [zero, graph.constant('double', [1], [body.base])]);
  }
  const doubles = (name: string, list: readonly number[]) => ({
    name,
    tensor: { name, type: 'double' as const, dims: [list.length], values: list },
  });
  const score = graph.add(
    'TreeEnsembleRegressor',
    [wide],
    [
      { name: 'n_targets', int: 1 },
      { name: 'aggregate_function', text: 'SUM' },
      { name: 'post_transform', text: 'NONE' },
      doubles('base_values_as_tensor', [body.base]),
      { name: 'nodes_treeids', ints: treeIds },
      { name: 'nodes_nodeids', ints: nodeIds },
      { name: 'nodes_featureids', ints: featureIds },
      doubles('nodes_values_as_tensor', values),
      { name: 'nodes_modes', texts: modes },
      { name: 'nodes_truenodeids', ints: trueIds },
      { name: 'nodes_falsenodeids', ints: falseIds },
      { name: 'nodes_missing_value_tracks_true', ints: missingTrue },
      { name: 'target_treeids', ints: targets.tree },
      { name: 'target_nodeids', ints: targets.node },
      { name: 'target_ids', ints: targets.tree.map(() => 0) },
      doubles('target_weights_as_tensor', targets.weight),
    ],
    'ai.onnx.ml',
  );
  return graph.add('Cast', [score], [{ name: 'to', int: 11 }]);
}
