import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './checkout.js';

/** Builds the pages as they are shipped into a folder of their own: not React's development build. */
export function buildPages(): { readonly dist: string; remove(): void } {
  const dist = mkdtempSync(join(tmpdir(), 'twinloop-pages-'));
  execFileSync(
    process.execPath,
    [
      join(root, 'node_modules/vite/bin/vite.js'),
      'build',
      '--logLevel',
      'error',
      '--outDir',
      dist,
      '--emptyOutDir',
    ],
    { cwd: join(root, 'packages/web'), env: { ...process.env, NODE_ENV: 'production' } },
  );
  return { dist, remove: () => rmSync(dist, { recursive: true, force: true }) };
}
