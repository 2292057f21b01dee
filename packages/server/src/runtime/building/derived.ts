/** A version made from logged requests names the endpoint as its source. */
export const LOGGED = 'logged requests of ';
/** Rows of the version before, with what was looked up for them. */
const COMPLETED = 'the version before, ';

/** Whether a version was made here; every other one was brought in from outside. */
export function isDerived(source: string): boolean {
  return source.startsWith(LOGGED) || source.startsWith(COMPLETED);
}

/** The source of a version whose rows were completed by what was looked up: `weather@1a2b3c4d5e6f`. */
export function completedFrom(
  versions: Readonly<Record<string, string>>,
  logged: string | undefined,
): string {
  const names = Object.entries(versions).map(([name, version]) => `${name}@${version.slice(0, 12)}`);
  const place = names.length === 0 ? 'its own past' : names.join(', ');
  return `${logged === undefined ? COMPLETED : `${LOGGED}${logged}, `}looked up in ${place}`;
}
