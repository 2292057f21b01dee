import type { LabelsView } from '@twinloop/client';
import type { Command } from 'commander';
import { clientFor, endpointOf, globals } from '../../context.js';
import { examples } from '../../examples.js';
import { many, print, table, when } from '../../output.js';

/** Days that fit on a screen; `-o json` has them all. */
const DAYS = 14;

const DECLARED: Readonly<Record<LabelsView['declared'], string>> = {
  complete: 'every case gets its label in the end',
  selective:
    'only acted-on cases get a label: figures are over those alone, and no rollout is decided on them',
  never: 'no labels are expected: drift is watched, quality is not, and rollouts wait for a person',
};

const share = (labelled: number, due: number): string | null =>
  due === 0 ? null : `${((100 * labelled) / due).toFixed(1)} %`;

export function describeLabels(view: LabelsView): string {
  const days = view.settleMs / 864e5;
  const lines = [
    `labels of ${view.endpoint}: ${DECLARED[view.declared]}`,
    `a label is due ${Number.isInteger(days) ? many(days, 'day') : `${(view.settleMs / 36e5).toFixed(1)} hours`} after its prediction; the last 90 days:`,
    '',
    table(
      ['variant', 'model', 'predictions', 'due', 'labelled', 'share'],
      view.byVariant.map(one => [
        one.variant,
        one.model,
        one.predictions,
        one.due,
        one.labelled,
        share(one.labelled, one.due),
      ]),
      'no predictions yet',
    ),
  ];
  if (view.overTime.length > 0)
    lines.push(
      '',
      table(
        ['day from', 'predictions', 'due', 'labelled', 'share'],
        view.overTime
          .slice(-DAYS)
          .map(one => [when(one.from), one.predictions, one.due, one.labelled, share(one.labelled, one.due)]),
      ),
    );
  lines.push(
    '',
    `${many(view.corrected, 'prediction')} had a label that was corrected later; ${many(view.unknown, 'outcome')} named no known prediction`,
  );
  return lines.join('\n');
}

export function addLabelsCommand(root: Command): void {
  examples(
    root
      .command('labels')
      .description('Which predictions have a label, by variant and by day')
      .argument('[endpoint]', "endpoint (default: the project's only one)")
      .action(async (name: string | undefined, _own: unknown, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        print(options.output, await client.labels(await endpointOf(client, name)), describeLabels);
      }),
    ['twinloop labels', 'twinloop labels late -o json'],
  );
}
