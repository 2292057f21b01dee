// The command tree as a reference page: what `--help` says, in one place.
import { table } from './markdown.mjs';

const shown = value => (value === undefined || value === true ? '' : `\`${value}\``);

function optionRows(options) {
  return options
    .filter(option => !option.hidden)
    .map(option => {
      const choices =
        option.argChoices === undefined ? '' : ` (${option.argChoices.map(one => `\`${one}\``).join(', ')})`;
      const env = option.envVar === undefined ? '' : `; environment: \`${option.envVar}\``;
      return [`\`${option.flags}\``, shown(option.defaultValue), `${option.description}${choices}${env}`];
    });
}

function usage(command, path) {
  const args = command.registeredArguments.map(arg => (arg.required ? `<${arg.name()}>` : `[${arg.name()}]`));
  return [path, ...args].join(' ');
}

function sections(command, path, examplesOf) {
  const own = [];
  const examples = examplesOf(command);
  if (examples.length > 0) {
    const args = command.registeredArguments
      .filter(arg => arg.description !== '')
      .map(arg => [
        `\`${arg.name()}\``,
        shown(arg.defaultValue),
        arg.description +
          (arg.argChoices === undefined ? '' : ` (${arg.argChoices.map(one => `\`${one}\``).join(', ')})`),
      ]);
    const rows = [...args, ...optionRows(command.options)];
    own.push(
      [
        `### ${usage(command, path)}`,
        `${command.description()}.`.replace(/([.?])\.$/, '$1'),
        ...(rows.length === 0 ? [] : [table(['argument or option', 'default', ''], rows)]),
        `\`\`\`\n${examples.join('\n')}\n\`\`\``,
      ].join('\n\n'),
    );
  }
  return [
    ...own,
    ...command.commands.flatMap(child => sections(child, `${path} ${child.name()}`, examplesOf)),
  ];
}

/** Options of every command, then each command with arguments, options and examples. */
export function cliTables(root, examplesOf) {
  const global = table(['option of every command', 'default', ''], optionRows(root.options));
  return [global, ...root.commands.flatMap(child => sections(child, child.name(), examplesOf))].join('\n\n');
}
