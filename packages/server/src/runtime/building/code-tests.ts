import { readFile, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseDuration, TwinloopError } from '@twinloop/kernel';
import { readJUnit, runCommand } from '@twinloop/engines';
import type { CodeTestsResult, TrainConfig } from '@twinloop/loop/building';

/** Runs the project's own code tests and reads their JUnit file back; the file of an earlier run is not mistaken for this one's. */
export async function runCodeTests(
  test: NonNullable<TrainConfig['test']>,
  directory: string,
  log: (line: string) => void,
): Promise<CodeTestsResult> {
  const file = test.junit === undefined ? undefined : resolve(directory, test.junit);
  if (file !== undefined) await rm(file, { force: true });
  let ended = 'exit code 0';
  let passed = true;
  try {
    await runCommand(
      { command: test.command, directory, environment: {}, timeoutMs: parseDuration(test.timeout) },
      log,
    );
  } catch (error) {
    if (!(error instanceof TwinloopError) || error.code !== 'command_failed') throw error;
    ended = error.message;
    passed = false;
  }
  if (file === undefined) return { passed, tests: 0, failures: [], ended };
  let xml: string;
  try {
    xml = await readFile(file, 'utf8');
  } catch {
    return { passed: false, tests: 0, failures: [], ended: `${ended}, but ${test.junit} was not written` };
  }
  const { tests, failed, failures } = readJUnit(xml);
  return {
    passed: passed && failures === 0,
    tests,
    failures: failed.map(name => ({ name, message: '' })),
    ended,
  };
}
