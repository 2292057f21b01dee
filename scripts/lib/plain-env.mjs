/** The environment for a child whose output may land in a file: colours only where a terminal shows them. */
export function plainEnv(extra = {}) {
  const env = { ...process.env, ...extra };
  if (process.stdout.isTTY) return env;
  delete env.FORCE_COLOR;
  return { ...env, NO_COLOR: '1' };
}
