import { InvalidArgumentError, type Command } from 'commander';
import type { GlobalOptions } from '../context.js';
import { examples } from '../examples.js';
import { EXIT, ExitStatus } from '../exit.js';
import { print, table } from '../output.js';

interface DriftOptions {
  readonly label?: string;
  readonly alpha?: number;
  readonly matters?: number;
  readonly fail?: true;
}

function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 100)) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** `twinloop drift`: the drift decision on two files, without a server. */
export function addDriftCommand(root: Command): void {
  examples(
    root
      .command('drift')
      .description('Compare two files column by column by the rule of the drift monitor; needs no server')
      .argument('<reference>', 'Parquet, CSV or JSON Lines: how it was')
      .argument('<current>', 'the same columns: how it is')
      .option('--label <column>', 'the column that is predicted')
      .option('--alpha <rate>', 'false-alarm rate of the whole comparison (default 0.05)', share)
      .option(
        '--matters <effect>',
        'smallest effect that counts, in standard deviations (default 0.1)',
        share,
      )
      .option('--fail', 'exit 1 when anything drifted')
      .action(
        async (reference: string, current: string, own: DriftOptions, command: Command): Promise<void> => {
          const { output } = command.optsWithGlobals<GlobalOptions>();
          const { driftReport } = await import('@twinloop/server');
          const { fail, ...options } = own;
          const report = await driftReport(reference, current, options);
          print(output, report, ({ findings, skipped, drifted, alpha, matters }) =>
            [
              table(
                ['', 'subject', 'effect', 'p adjusted', 'what'],
                findings.map(one => [
                  one.drifted ? 'DRIFT' : '',
                  one.subject,
                  `${one.effect.toFixed(2)} σ`,
                  one.adjustedP < 1e-6 ? '<1e-6' : one.adjustedP.toPrecision(2),
                  one.sentence,
                ]),
              ),
              ...skipped.map(({ column, reason }) => `not compared: ${column}, ${reason}`),
              `${drifted ? `${findings.filter(one => one.drifted).length} of ${findings.length} drifted` : 'no drift'} (α = ${alpha} over all columns, effects from ${matters} σ)`,
            ].join('\n'),
          );
          if (fail === true && report.drifted) throw new ExitStatus(EXIT.failure);
        },
      ),
    [
      'twinloop drift january.parquet february.parquet',
      'twinloop drift train.csv today.csv --label late --fail',
      'twinloop drift train.csv today.csv -o json',
    ],
  );
}
