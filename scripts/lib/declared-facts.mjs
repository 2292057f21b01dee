import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './root.mjs';

/** Fact type → names of its payload's fields as `facts.ts` declares them; optional ones end in `?`. */
export function declaredFacts() {
  const path = join(root, 'packages/kernel/src/facts.ts');
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2023, true);
  const payloads = source.statements.find(
    node => ts.isInterfaceDeclaration(node) && node.name.text === 'FactPayloads',
  );
  const fieldsOf = type =>
    type !== undefined && ts.isTypeLiteralNode(type)
      ? type.members
          .filter(ts.isPropertySignature)
          .map(field => field.name.getText() + (field.questionToken === undefined ? '' : '?'))
      : [];
  return new Map(
    payloads.members.filter(ts.isPropertySignature).map(fact => [fact.name.getText(), fieldsOf(fact.type)]),
  );
}
