/** A decision point fails the command; timings and sizes do so only with `--strict`. */
export type PointKind = 'decision' | 'measure';

export interface Point {
  readonly id: string;
  readonly kind: PointKind;
  readonly passed: boolean;
  /** The figures the verdict rests on. */
  readonly figure: string;
  /** It could not be judged here; the figure says why. */
  readonly skipped?: true;
}

/** A point that this machine cannot judge: it is printed, and changes no exit code. */
export function skip(id: string, reason: string): Point {
  return { id, kind: 'measure', passed: true, figure: reason, skipped: true };
}

export function point(id: string, kind: PointKind, passed: boolean, figure: string): Point {
  return { id, kind, passed, figure };
}

/** `A1 PASS clean run 63 s …`, one line a point. */
export function pointLine({ id, passed, figure, skipped }: Point): string {
  return `${id} ${skipped === true ? 'SKIP' : passed ? 'PASS' : 'FAIL'} ${figure}`;
}

/** Every point gets its line, also when the run that should have shown it broke. */
export async function attempt(
  id: string,
  kind: PointKind,
  judge: () => Point | Promise<Point>,
): Promise<Point> {
  try {
    return await judge();
  } catch (error) {
    return point(id, kind, false, error instanceof Error ? error.message : String(error));
  }
}
