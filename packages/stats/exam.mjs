// `node packages/stats/exam.mjs < cases.json`: answers reference cases through the package's public API. Reads a JSON
// list of {name, kind, input}; prints a list of {name, output} or {name, error}. golden/CONVENTIONS.md defines kinds
// and fields; NaN and the infinities travel as the strings "NaN", "Infinity", "-Infinity".
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { answer, revive, spell } from './exam/answer.mjs';

const built = new URL('./dist/index.js', import.meta.url);
if (!existsSync(built)) {
  const build = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));
  // Standard output belongs to the answers.
  const { status } = spawnSync(process.execPath, [build, '--no-web'], { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}
const stats = await import(built.href);

const cases = JSON.parse(readFileSync(0, 'utf8'), revive);
const answers = cases.map(({ name, kind, input }) => {
  try {
    return { name, output: answer(stats, kind, input) };
  } catch (error) {
    return { name, error: error instanceof Error ? error.message : String(error) };
  }
});
process.stdout.write(`${JSON.stringify(answers, spell)}\n`);
