/** Where a row lies in the week, in the project's zone. */
export interface WeekTime {
  readonly weekday: number;
  readonly hour: number;
}

export interface SeasonalRows {
  /** Rows of the reference, ascending. */
  readonly rows: readonly number[];
  /** What the window is held against, in words. */
  readonly held: string;
}

/** Share of the window's rows whose cell the reference must know. */
const COVERED = 0.9;

/**
 * The rows of the reference that have the window's mix of weekdays and hours: of each cell a fixed multiple of its share in the
 * window, evenly spaced, without replacement, so that what is left is a plain sample and every test on it holds. The
 * multiple is what the scarcest cells allow that nine tenths of the window lie in. Falls back from weekday and hour to the hour alone,
 * and then to the whole reference, when fewer than `minRows` rows would be left.
 */
export function seasonalRows(
  reference: readonly WeekTime[],
  current: readonly WeekTime[],
  minRows: number,
): SeasonalRows {
  for (const [cell, held] of [
    [({ weekday, hour }: WeekTime) => weekday * 24 + hour, 'same weekday and hour'],
    [({ hour }: WeekTime) => hour, 'same hour'],
  ] as const) {
    const rows = matched(reference.map(cell), current.map(cell));
    if (rows.length >= minRows) return { rows, held };
  }
  return { rows: reference.map((_, row) => row), held: 'training' };
}

function matched(reference: readonly number[], current: readonly number[]): readonly number[] {
  const members = new Map<number, number[]>();
  reference.forEach((cell, row) => {
    const rows = members.get(cell);
    if (rows === undefined) members.set(cell, [row]);
    else rows.push(row);
  });
  const wanted = new Map<number, number>();
  for (const cell of current) wanted.set(cell, (wanted.get(cell) ?? 0) + 1);
  // Cells by how often the reference could fill them, the fullest first, until enough of the window is covered.
  const ratios = [...wanted]
    .map(([cell, rows]) => ({ rows, ratio: (members.get(cell)?.length ?? 0) / rows }))
    .sort((a, b) => b.ratio - a.ratio);
  let covered = 0;
  let multiple = 0;
  for (const { rows, ratio } of ratios) {
    if (covered >= COVERED * current.length) break;
    covered += rows;
    multiple = ratio;
  }
  const chosen: number[] = [];
  for (const [cell, rows] of wanted) {
    const from = members.get(cell) ?? [];
    const take = Math.min(from.length, Math.round(multiple * rows));
    for (let i = 0; i < take; i++) chosen.push(from[Math.floor(((i + 0.5) * from.length) / take)]!);
  }
  return chosen.sort((a, b) => a - b);
}
