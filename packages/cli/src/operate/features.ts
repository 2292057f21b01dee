import type { FeaturesView, FeatureValuesView } from '@twinloop/client';
import { type Command, InvalidArgumentError } from 'commander';
import { clientFor, globals } from '../context.js';
import { examples } from '../examples.js';
import { print, table, when } from '../output.js';

const age = (milliseconds: number | null): string | null => {
  if (milliseconds === null) return null;
  const minutes = Math.round(milliseconds / 6e4);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
};

export function describeFeatures({ features, sources, rebuildMs }: FeaturesView): string {
  if (features.length === 0) return 'nothing is looked up; see `features.joins` and `features.aggregates`';
  return [
    table(
      [
        'name',
        'what',
        'known',
        'keys',
        'rows',
        'pending',
        'newest',
        'age',
        'asked',
        'missing',
        'stale',
        'late',
      ],
      features.map(one => [
        one.name,
        one.text,
        one.available,
        one.keys,
        one.rows,
        one.pending,
        one.newest === null ? null : when(one.newest),
        `${age(one.age) ?? ''}${one.isStale ? ' (stale)' : ''}`,
        one.reads,
        one.missing,
        one.stale,
        one.late,
      ]),
      '',
    ),
    '',
    table(
      ['source', 'version', 'posted since', 'own requests'],
      sources.map(one => [
        one.dataset,
        one.version?.slice(0, 12) ?? null,
        one.pushed,
        one.own ? 'yes' : 'no',
      ]),
      '',
    ),
    '',
    `The state was rebuilt in ${rebuildMs.toFixed(0)} ms.`,
  ].join('\n');
}

export function describeValues({ entity, at, values }: FeatureValuesView): string {
  const whose = Object.entries(entity)
    .map(([name, value]) => `${name} = ${value}`)
    .join(', ');
  return [
    `${whose} at ${when(at)}`,
    '',
    table(
      ['feature', 'value'],
      Object.entries(values).map(([name, value]) => [name, value === null ? null : String(value)]),
      '',
    ),
  ].join('\n');
}

function pair(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as column=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

export function addFeaturesCommand(root: Command): void {
  examples(
    root
      .command('features')
      .description('What is looked up at the moment of a prediction: freshness, defaults, values now')
      .argument('[endpoint]', 'the endpoint; a project has one')
      .option(
        '--entity <column=value>',
        'what a request of this entity would be told now; repeat it',
        pair,
        {},
      )
      .action(
        async (
          _endpoint: string | undefined,
          { entity }: { readonly entity: Readonly<Record<string, string>> },
          command: Command,
        ) => {
          const options = globals(command);
          const client = await clientFor(options);
          if (Object.keys(entity).length === 0)
            print(options.output, await client.features(), describeFeatures);
          else print(options.output, await client.featureValues(entity), describeValues);
        },
      ),
    [
      'twinloop features',
      'twinloop features --entity origin=JFK --entity carrier=UA',
      'twinloop features -o json',
    ],
  );
}
