import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { clientFor, globals, withClient } from '../context.js';
import { examples } from '../examples.js';
import { print, table, when } from '../output.js';

export function addModelCommands(root: Command): void {
  const model = root.command('model').description('Models: immutable, addressed by hash');
  examples(
    model
      .command('list', { isDefault: true })
      .description('Models, newest first')
      .action(
        withClient(async (client, { output }) => {
          print(output, await client.models(), models =>
            table(
              ['model', 'stage', 'algorithm', 'made', 'run', 'log loss', 'AUC'],
              models.map(one => [
                one.model,
                one.stage,
                one.algorithm,
                when(one.createdAt),
                one.run,
                one.metrics['log_loss'],
                one.metrics['auc'],
              ]),
            ),
          );
        }),
      ),
    ['twinloop model list'],
  );
  examples(
    model
      .command('card')
      .description("A model's card, written from the ledger alone")
      .argument('<model>')
      .action(
        withClient(async (client, _options, id: string) => {
          process.stdout.write(await client.card(id));
        }),
      ),
    ['twinloop model card late@3f2a91c04b7e > CARD.md'],
  );
  examples(
    model
      .command('export')
      .description('Write a model as an ONNX file')
      .argument('<model>')
      .argument('<file>')
      .action(async (id: string, file: string, _own: unknown, command: Command) => {
        const bytes = await (await clientFor(globals(command))).onnx(id);
        await writeFile(file, bytes);
        process.stdout.write(`wrote ${file} (${bytes.length} bytes)\n`);
      }),
    ['twinloop model export late@3f2a91c04b7e late.onnx'],
  );
}
