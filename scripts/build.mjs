// Transpiles every package to dist/, file for file (no bundling: stack traces keep their names), and builds the pages.
// `node scripts/build.mjs [--no-web | --only-web]`
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/root.mjs';
import { sourcesNow, stamp } from './lib/stamp.mjs';

const { build } = await import('esbuild');
// Taken before the work, so that an edit made meanwhile leaves the build stale.
const now = sourcesNow();

function sources(dir) {
  return readdirSync(dir, { withFileTypes: true }).flatMap(entry => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') &&
      !/\.(test|fixture)\.ts$/.test(entry.name) &&
      !entry.name.endsWith('.d.ts')
      ? [path]
      : [];
  });
}

if (!process.argv.includes('--only-web')) {
  for (const name of readdirSync(join(root, 'packages'))) {
    if (name === 'web') continue;
    const src = join(root, 'packages', name, 'src');
    if (!existsSync(src)) continue;
    const out = join(root, 'packages', name, 'dist');
    rmSync(out, { recursive: true, force: true });
    await build({
      entryPoints: sources(src),
      outdir: out,
      outbase: src,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: true,
      logLevel: 'warning',
    });
  }
  stamp({ node: now.node });
}

if (!process.argv.includes('--no-web') && existsSync(join(root, 'packages/web/vite.config.ts'))) {
  const vite = spawnSync(
    process.execPath,
    [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    { cwd: join(root, 'packages/web'), stdio: 'inherit' },
  );
  if (vite.status !== 0) process.exit(vite.status ?? 1);
  stamp({ web: now.web });
}
