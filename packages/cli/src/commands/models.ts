import type { Command } from 'commander';
import { clientFor, globals, withClient } from '../context.js';
import { examples } from '../examples.js';
import { figureColumns } from '../figure-columns.js';
import { writeNamedFile } from '../files.js';
import { print, table, when } from '../output.js';

export function addModelCommands(root: Command): void {
  const model = root.command('model').description('Models: immutable, addressed by hash');
  examples(
    model
      .command('list', { isDefault: true })
      .description('Models, newest first')
      .action(
        withClient(async (client, { output }) => {
          print(output, await client.models(), models => {
            const { titles, of } = figureColumns(models.map(({ metrics }) => metrics));
            return table(
              ['model', 'stage', 'algorithm', 'made', 'run', ...titles],
              models.map(one => [
                one.model,
                one.stage,
                one.algorithm,
                when(one.createdAt),
                one.run,
                ...of(one.metrics),
              ]),
            );
          });
        }),
      ),
    ['twinloop model list'],
  );
  examples(
    model
      .command('card')
      .description("A model's card, written from the ledger alone")
      .argument('<model>', 'its name, as `model list` shows it')
      .action(
        withClient(async (client, { output }, id: string) => {
          print(output, { model: id, card: await client.card(id) }, one => one.card.trimEnd());
        }),
      ),
    ['twinloop model card late@3f2a91c04b7e > CARD.md'],
  );
  examples(
    model
      .command('export')
      .description('Write a model as an ONNX file')
      .argument('<model>', 'its name, as `model list` shows it')
      .argument('<file>', 'where to write it')
      .action(async (id: string, file: string, _own: unknown, command: Command) => {
        const options = globals(command);
        const bytes = await (await clientFor(options)).onnx(id);
        await writeNamedFile(file, bytes);
        print(
          options.output,
          { model: id, file, bytes: bytes.length },
          one => `wrote ${one.file} (${one.bytes} bytes)`,
        );
      }),
    ['twinloop model export late@3f2a91c04b7e late.onnx'],
  );
}
