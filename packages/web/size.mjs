// Prints what a first visit loads, gzipped, page by page, and fails when it is more script than promised.
// `node packages/web/size.mjs` after a build.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const LIMIT_KIB = 200;
const dist = join(import.meta.dirname, 'dist');
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
const kib = file => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1024;

/** A chunk with everything that it needs before it runs. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const other of manifest[key].imports ?? []) closure(other, seen);
  return seen;
}

const entry = Object.keys(manifest).find(key => manifest[key].isEntry);
const pages = Object.keys(manifest).filter(
  key => manifest[key].isDynamicEntry && key.startsWith('src/pages/'),
);
let worst = 0;
for (const page of [undefined, ...pages]) {
  const keys = [...new Set([...closure(entry), ...(page === undefined ? [] : closure(page))])];
  const script = keys.map(key => kib(manifest[key].file)).reduce((a, b) => a + b, 0);
  const style = [...new Set(keys.flatMap(key => manifest[key].css ?? []))]
    .map(kib)
    .reduce((a, b) => a + b, 0);
  worst = Math.max(worst, script);
  const name =
    page === undefined ? 'Loop (front page)' : page.replace('src/pages/', '').replace(/\.tsx$/, '');
  process.stdout.write(
    `${name.padEnd(32)} ${script.toFixed(1).padStart(6)} KiB script  ${style.toFixed(1).padStart(5)} KiB style\n`,
  );
}
const passes = worst <= LIMIT_KIB;
process.stdout.write(
  `${passes ? 'PASS' : 'FAIL'} first load ${worst.toFixed(1)} KiB of script gzipped, limit ${LIMIT_KIB}\n`,
);
process.exitCode = passes ? 0 : 1;
