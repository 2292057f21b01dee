import { existsSync } from 'node:fs';

/** Bytes of the installed production dependencies, where the checkout's own script can be found. */
export async function dependencySize(): Promise<number | undefined> {
  const script = new URL('../../../../scripts/dependency-size.mjs', import.meta.url);
  if (!existsSync(script)) return undefined;
  const { dependencySize: measure } = (await import(script.href)) as {
    dependencySize: () => { megabytes: number };
  };
  return measure().megabytes * 1e6;
}
