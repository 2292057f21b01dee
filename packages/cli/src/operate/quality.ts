import type { EdgeCasesView, Estimated, FairnessView, QualityView } from '@twinloop/client';
import type { Command } from 'commander';
import { clientFor, endpointOf, globals } from '../context.js';
import { examples } from '../examples.js';
import { many, print, table, when } from '../output.js';

/** Windows that fit on a screen; `-o json` has them all. */
const WINDOWS = 12;
const CASES = 20;
/** The argument of all three. */
const ENDPOINT = "its name (default: the project's only one)";

const within = (figure: Estimated | undefined): string | null =>
  figure === undefined
    ? null
    : `${figure.value.toFixed(3)} [${figure.low.toFixed(3)}, ${figure.high.toFixed(3)}]`;
const share = (value: number): string => `${(100 * value).toFixed(1)} %`;

export function describeQuality(view: QualityView): string {
  const shown = view.metrics.slice(0, 3);
  const newest = view.windows.slice(-WINDOWS);
  const { slices, baseRate, estimator } = view;
  return [
    table(
      [
        'window from',
        'labels',
        ...shown.map(({ title }) => title),
        `${shown[0]?.title ?? 'figure'} estimated`,
      ],
      newest.map(window => [
        when(window.from),
        `${window.labelled} of ${window.predictions}`,
        ...shown.map(({ metric }) => within(window.realised[metric])),
        shown[0] === undefined ? null : within(window.estimated[shown[0].metric]),
      ]),
      'no answers yet',
    ),
    ...(shown[0]?.training == null ? [] : [`in training: ${shown[0].title} ${shown[0].training.toFixed(3)}`]),
    ...(baseRate === null ? [] : ['', `base rate: ${baseRate.sentence}`]),
    ...(estimator === null ? [] : ['', `estimates: ${estimator.sentence}`]),
    '',
    slices === null
      ? 'worst slices: fewer than 200 labels'
      : slices.found.length === 0
        ? `worst slices: none worse than the rest beyond chance (${many(slices.searched, 'slice')} searched)`
        : table(
            ['worst slice', 'loss', 'the others', 'answers', 'p adjusted'],
            slices.found.map(one => [
              one.text,
              within(one.loss),
              one.rest.toFixed(3),
              one.loss.n,
              one.adjustedP.toPrecision(2),
            ]),
          ),
  ].join('\n');
}

export function describeFairness({ attributes }: FairnessView): string {
  if (attributes.length === 0)
    return 'nothing to compare yet: name columns under `monitors.fairness.attributes` and send labels (binary tasks only)';
  return attributes
    .map(({ attribute, disparities }) =>
      table(
        [`between groups of ${attribute}`, 'difference', 'limit', 'verdict', 'what it says'],
        disparities.map(one => [
          one.title,
          one.value === null
            ? null
            : `${one.value.toFixed(3)} [${one.low!.toFixed(3)}, ${one.high!.toFixed(3)}]`,
          one.limit === null ? null : one.limit.toFixed(3),
          one.status,
          one.sentence,
        ]),
      ),
    )
    .join('\n\n');
}

export function describeEdgeCases(view: EdgeCasesView): string {
  const told = `${many(view.outside, 'edge case')} among ${many(view.requests, 'request')} since ${when(view.from)}`;
  return [
    `${told}; ${share(view.expected)} of training is as strange as a whole`,
    '',
    table(
      ['id', 'at', 'stranger than', 'why', 'answer', 'label', 'test'],
      view.cases
        .slice(0, CASES)
        .map(one => [
          one.id,
          when(one.at),
          share(one.strangeness),
          one.reasons.map(({ text }) => text).join('; '),
          one.score.toFixed(3),
          one.label,
          one.tested ? 'yes' : '',
        ]),
      'none: every request is of a kind that training knew',
    ),
  ].join('\n');
}

/** `twinloop quality`, `fairness` and `edge-cases`: looks at the answers of an endpoint. */
export function addQualityCommands(program: Command): void {
  examples(
    program
      .command('quality')
      .description('Figures over late labels, estimates without labels, and the worst slices')
      .argument('[endpoint]', ENDPOINT)
      .option('--every <duration>', 'length of a window (default: about thirty windows)')
      .action(async (name: string | undefined, { every }: { every?: string }, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        const view = await client.quality(
          await endpointOf(client, name),
          every === undefined ? {} : { every },
        );
        print(options.output, view, describeQuality);
      }),
    ['twinloop quality late', 'twinloop quality late --every 7d -o json'],
  );
  examples(
    program
      .command('fairness')
      .description('Figures by group on late labels, and how far groups are apart')
      .argument('[endpoint]', ENDPOINT)
      .action(async (name: string | undefined, _options: object, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        print(options.output, await client.fairness(await endpointOf(client, name)), describeFairness);
      }),
    ['twinloop fairness late'],
  );
  examples(
    program
      .command('edge-cases')
      .description('Requests unlike anything in training, strangest first')
      .argument('[endpoint]', ENDPOINT)
      .action(async (name: string | undefined, _options: object, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        print(options.output, await client.edgeCases(await endpointOf(client, name)), describeEdgeCases);
      }),
    ['twinloop edge-cases late'],
  );
}
