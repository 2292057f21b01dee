import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root.mjs';
import { sourcesBuilt, sourcesNow } from './stamp.mjs';

/** Builds what is older than its sources; `web: false` leaves the pages. Output goes to stderr. Ends the process when it fails. */
export function ensureBuilt({ web = true } = {}) {
  const now = sourcesNow();
  const built = sourcesBuilt();
  const nodeStale = now.node !== built.node || !existsSync(join(root, 'packages/kernel/dist/index.js'));
  const webStale = web && now.web !== built.web && existsSync(join(root, 'packages/web/vite.config.ts'));
  if (!nodeStale && !webStale) return;
  process.stderr.write('Building …\n');
  const only = [...(nodeStale ? [] : ['--only-web']), ...(webStale ? [] : ['--no-web'])];
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), ...only], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    process.stderr.write('The build failed; its message is above.\n');
    process.exit(status ?? 1);
  }
}
