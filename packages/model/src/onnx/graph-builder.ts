import type { Attribute, GraphNode, Tensor } from './wire.js';

/** Collects nodes and constants, naming results as it goes. */
export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly initializers: Tensor[] = [];

  constant(type: Tensor['type'], dims: readonly number[], values: readonly number[]): string {
    const name = `c${this.initializers.length}`;
    this.initializers.push({ name, type, dims, values });
    return name;
  }

  add(
    type: string,
    inputs: readonly string[],
    attributes: readonly Attribute[] = [],
    domain?: string,
  ): string {
    const output = `t${this.nodes.length}`;
    this.nodes.push({
      type,
      inputs,
      outputs: [output],
      attributes,
      ...(domain === undefined ? {} : { domain }),
    });
    return output;
  }

  /** Columns of `x` by position: [n, k]; one column given as a number: [n]. */
  columns(x: string, which: readonly number[] | number): string {
    const one = typeof which === 'number';
    const indices = one ? this.constant('int64', [], [which]) : this.constant('int64', [which.length], which);
    return this.add('Gather', [x, indices], [{ name: 'axis', int: 1 }]);
  }

  /** `x` with its missing values replaced by a broadcast constant. */
  fillMissing(x: string, filler: string): string {
    return this.add('Where', [this.add('IsNaN', [x]), filler, x]);
  }

  /** A row of `table` (one a category, the last for missing and unknown) by each row's category: [n, width]. */
  byCategory(x: string, feature: number, table: readonly (readonly number[])[]): string {
    const unknown = this.constant('double', [1], [table.length - 1]);
    const filled = this.fillMissing(this.columns(x, feature), unknown);
    const index = this.add('Cast', [filled], [{ name: 'to', int: 7 }]);
    const rows = this.constant('double', [table.length, table[0]!.length], table.flat());
    return this.add('Gather', [rows, index], [{ name: 'axis', int: 0 }]);
  }
}
