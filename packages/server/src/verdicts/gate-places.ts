import { isSeq, LineCounter, parseDocument } from 'yaml';
import type { Verdict } from '@twinloop/kernel';
import type { toSarif } from '@twinloop/loop/testing';

type GatePlace = Parameters<typeof toSarif>[2][number];

const FILE = 'twinloop.yaml';

/**
 * The line of each verdict's gate in the project file as it is applied now. A run that was judged by other gates has them
 * all at the line of the section.
 */
export function gatePlaces(
  text: string,
  gates: readonly { readonly gate: string }[],
  verdicts: readonly Pick<Verdict, 'kind' | 'gate'>[],
): readonly GatePlace[] {
  const counter = new LineCounter();
  const node = parseDocument(text, { lineCounter: counter }).get('gates', true);
  const lineAt = (item: unknown): number => {
    const range = (item as { range?: [number, number, number] } | null | undefined)?.range;
    return range === undefined ? 1 : counter.linePos(range[0]).line;
  };
  const section = { file: FILE, line: lineAt(node) };
  const same =
    verdicts.length === gates.length &&
    verdicts.every(({ kind, gate }, i) => (kind ?? gate.split(' ', 1)[0]) === gates[i]!.gate);
  if (!same || !isSeq(node)) return verdicts.map(() => section);
  return node.items.map(item => ({ file: FILE, line: lineAt(item) }));
}
