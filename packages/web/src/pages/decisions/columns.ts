export type Column = 'seq' | 'time' | 'type' | 'sentence' | 'actor' | 'episode' | 'hash';

/** Every column with its width as a grid track, in the order in which they stand. */
export const COLUMNS: readonly (readonly [Column, string, string])[] = [
  ['seq', '#', '52px'],
  ['time', 'Time', '136px'],
  ['type', 'Type', '168px'],
  ['sentence', 'What was decided', 'minmax(200px, 1fr)'],
  ['actor', 'By', '128px'],
  ['episode', 'Episode', '84px'],
  ['hash', 'Hash', '108px'],
];

const USUAL: readonly Column[] = ['seq', 'time', 'type', 'sentence', 'actor'];

/** The columns named in the address (`time.sentence`); the usual ones without any. The sentence is always there. */
export function columnsIn(text: string | undefined): readonly Column[] {
  if (text === undefined) return USUAL;
  const names = new Set(text.split('.'));
  return COLUMNS.map(([column]) => column).filter(column => column === 'sentence' || names.has(column));
}

export function columnsText(columns: readonly Column[]): string | undefined {
  const text = columns.join('.');
  return text === USUAL.join('.') ? undefined : text;
}

export function gridOf(columns: readonly Column[]): string {
  return COLUMNS.filter(([column]) => columns.includes(column))
    .map(([, , track]) => track)
    .join(' ');
}
