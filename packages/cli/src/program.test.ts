import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { examplesOf } from './examples.js';
import { program } from './program.js';
import { runCli } from './run-cli.fixture.js';

function leaves(command: Command, path: readonly string[] = []): [string, Command][] {
  if (command.commands.length === 0) return [[path.join(' '), command]];
  return command.commands.flatMap(child => leaves(child, [...path, child.name()]));
}

const commands = leaves(program());

/** The words after `twinloop` in an example, as a shell would split them. */
function argsOf(example: string): string[] {
  const line = example
    .replace(/^.*&& /, '')
    .replace(/ {2,}#.*$/, '')
    .replace(/ > .*$/, '');
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!).slice(1);
}

describe.each(commands)('%s', (path, command) => {
  it('says what it does, and what each argument and option is', () => {
    expect(command.description()).not.toBe('');
    for (const argument of command.registeredArguments)
      expect([argument.name(), argument.description]).not.toContain('');
    for (const option of command.options) expect([option.flags, option.description]).not.toContain('');
  });

  it('shows how it is used', async () => {
    expect(examplesOf(command).length).toBeGreaterThan(0);
    const { status, stdout } = await runCli(...path.split(' '), '--help');
    expect(status).toBe(0);
    for (const example of examplesOf(command)) expect(stdout).toContain(`$ ${example}`);
  });

  it('has examples that are its own', () => {
    const own = examplesOf(command).filter(example => !example.startsWith('npm '));
    const known = new Set([...program().options, ...command.options].flatMap(one => [one.short, one.long]));
    for (const example of own) {
      const args = argsOf(example);
      // A group's default command is spoken without its own name.
      const names = [path, path.replace(/ list$/, '')];
      expect([example, names.some(name => args.join(' ').startsWith(name))]).toEqual([example, true]);
      const unknown = args.filter(word => /^--?[a-z]/.test(word) && !known.has(word));
      expect([example, ...unknown]).toEqual([example]);
    }
  });
});

describe('command lines that are wrong', () => {
  it.each([
    [['nonsense'], "unknown command 'nonsense'"],
    [['run', '--junk'], "unknown option '--junk'"],
    [['ledger', 'list', '-n', 'abc'], 'It is a whole number from 1.'],
    [['replay', 'flights', '--speed', '3'], 'Allowed choices are 1, 4, max.'],
    [['key', 'create'], "missing required argument 'name'"],
    [['key', 'create', 'ci', '--only', 'Not A Project'], 'lower-case letters'],
    [['--server', 'ftp://h', 'status'], 'It is an address like'],
    [['serve', '--port', '70000'], 'a port is a whole number'],
    [['add', 'coffee'], 'Allowed choices are onnx-native.'],
  ])('%j: 64, once, on stderr', async (args, message) => {
    const { status, stdout, stderr } = await runCli(...args);
    expect([status, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(/^error usage: .*\nhint: .*\n$/);
    expect(stderr).toContain(message);
  });

  it('are JSON for those who asked for it', async () => {
    const { stderr } = await runCli('run', '--junk', '-o', 'json');
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'usage', hint: 'Did you mean --junit?' } });
  });

  it('a group without its command shows the help', async () => {
    const { status, stderr } = await runCli('key');
    expect(status).toBe(64);
    expect(stderr).toContain('Usage: twinloop key');
  });
});
