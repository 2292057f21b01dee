import type { Scalar } from '@twinloop/kernel';

/** Binary operators, from loosest to tightest: `or`, `and`, comparisons, `+ -`, `* / %`, `**`. */
export type BinaryOperator =
  | 'or'
  | 'and'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**';

export interface LiteralNode {
  readonly kind: 'literal';
  readonly value: Scalar;
}
export interface ColumnNode {
  readonly kind: 'column';
  readonly name: string;
}
export interface UnaryNode {
  readonly kind: 'unary';
  readonly operator: 'not' | '-';
  readonly operand: Expression;
}
export interface BinaryNode {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}
export interface CallNode {
  readonly kind: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
}

/** A parsed feature expression: immutable nodes, told apart by `kind`. */
export type Expression = LiteralNode | ColumnNode | UnaryNode | BinaryNode | CallNode;

function children(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'literal':
    case 'column':
      return [];
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'call':
      return node.args;
  }
}

/** The columns an expression reads, each once, in order of first appearance. */
export function columnsOf(expression: Expression): readonly string[] {
  const found = new Set<string>();
  const visit = (node: Expression): void => {
    if (node.kind === 'column') found.add(node.name);
    for (const child of children(node)) visit(child);
  };
  visit(expression);
  return [...found];
}
