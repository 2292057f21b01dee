import type { PairedRows } from '@twinloop/kernel';

/** The comparisons of a champion's successive recalibrations with one challenger, as one in order of time; a request counts once. */
export function joinPaired(
  parts: readonly PairedRows[],
  by: 'arrivedAt' | 'predictedAt' = 'arrivedAt',
): PairedRows {
  if (parts.length === 1) return parts[0]!;
  const seen = new Set<string>();
  const rows: { part: PairedRows; index: number }[] = [];
  for (const part of parts) {
    part.ids.forEach((id, index) => {
      if (!seen.has(id)) rows.push({ part, index });
      seen.add(id);
    });
  }
  const id = ({ part, index }: (typeof rows)[number]): string => part.ids[index]!;
  rows.sort((a, b) => a.part[by][a.index]! - b.part[by][b.index]! || (id(a) < id(b) ? -1 : 1));
  const pick = (of: (part: PairedRows) => Float64Array): Float64Array =>
    Float64Array.from(rows, ({ part, index }) => of(part)[index]!);
  return {
    ids: rows.map(id),
    predictedAt: pick(part => part.predictedAt),
    arrivedAt: pick(part => part.arrivedAt),
    label: pick(part => part.label),
    a: pick(part => part.a),
    b: pick(part => part.b),
  };
}
