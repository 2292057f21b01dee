/**
 * Where a worker thread's entry lies: `file` beside the module at `moduleUrl`. Node cannot start a worker from
 * TypeScript, so when the module itself runs from `src/…/x.ts` (tests) the built twin under `dist/` is taken:
 * `node scripts/build.mjs --no-web` must have run.
 */
export function workerUrl(moduleUrl: string, file: string): URL {
  const url = new URL(file, moduleUrl);
  const { pathname } = new URL(moduleUrl);
  if (!pathname.endsWith('.ts')) return url;
  // The last `/src/` is the package's: the path above it may hold others.
  const at = url.pathname.lastIndexOf('/src/');
  url.pathname = `${url.pathname.slice(0, at)}/dist/${url.pathname.slice(at + 5)}`;
  return url;
}
