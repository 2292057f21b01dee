#!/usr/bin/env node
import { program } from './program.js';
import { asksForJson, report } from './report.js';

// A reader such as `head` may leave before everything is written; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program().parseAsync(process.argv);
} catch (thrown) {
  process.exitCode = report(thrown, asksForJson(process.argv.slice(2)), text => process.stderr.write(text));
}
