import type { EndpointDetail, MonitorsView, RolloutView } from '@twinloop/client';
import { formatFigure } from '@twinloop/kernel';
import type { Command } from 'commander';
import { clientFor, endpointOf, globals } from '../context.js';
import { examples } from '../examples.js';
import { many, print, table, when } from '../output.js';

/** Losses of one scale align with three decimals; those with the label's unit are of any size. */
const shown = (value: number): string =>
  Math.abs(value) >= 10 ? formatFigure(Math.abs(value)) : Math.abs(value).toFixed(3);
const signed = (value: number): string => `${value < 0 ? '−' : ''}${shown(value)}`;

function evidenceLine({ evidence, metric }: RolloutView): string {
  if (evidence === null) return 'no paired labels yet';
  const { value, interval, n } = evidence;
  const band =
    interval === undefined || !interval.every(Number.isFinite)
      ? 'no interval yet'
      : `[${signed(interval[0])}, ${signed(interval[1])}]`;
  return `${metric.replaceAll('_', ' ')} difference ${signed(value)} ${band} over ${many(n, 'label')}`;
}

/** Windows of quality that fit on a screen; `-o json` has them all. */
const WEEKS = 12;
const WARNINGS = 5;

export function describeEndpoint(detail: EndpointDetail): string {
  const { champion, challenger, rollout, history, traffic } = detail;
  const lines = [
    `endpoint ${detail.endpoint} (${detail.kind}, logging ${detail.logging})`,
    champion === null
      ? 'no model in service'
      : `champion   ${champion.model}, version ${champion.version}, ${champion.algorithm}, since ${when(champion.since)}`,
  ];
  if (challenger !== null && rollout !== null) {
    lines.push(
      `challenger ${challenger.model}, ${challenger.algorithm}, in shadow since ${when(challenger.since)}`,
      `evidence   ${evidenceLine(rollout)}`,
    );
    if (rollout.labelsToDecision !== null)
      lines.push(
        `           about ${many(rollout.labelsToDecision, 'more label')} to a decision at this effect`,
      );
  }
  lines.push(
    `traffic    ${many(traffic.requests, 'request')} since the start, ${many(traffic.errors, 'error')}, median ${traffic.p50Ms.toFixed(2)} ms, p99 ${traffic.p99Ms.toFixed(2)} ms`,
  );
  if (history.length > 0)
    lines.push(
      '',
      table(
        ['rollout', 'challenger', 'ended', 'result', 'evidence (champion − challenger)'],
        history.map(one => [
          one.rollout,
          one.challenger,
          one.endedAt === null ? null : when(one.endedAt),
          one.status,
          evidenceLine(one),
        ]),
      ),
    );
  return lines.concat('', detail.curl).join('\n');
}

export function describeMonitors(view: MonitorsView): string {
  const { title, unit } = view.loss;
  const loss = unit === null ? title : `${title} (${unit})`;
  const lines = [
    `inputs of ${view.endpoint} against ${many(view.reference.rows, 'training row')} of ${view.reference.model}`,
    '',
    table(
      ['feature', 'importance', 'effect', 'matters from', 'p adjusted', 'rows', '', 'what moved'],
      view.drift.map(one => [
        one.feature,
        one.importance.toFixed(2),
        one.effect.toFixed(3),
        one.tolerance.toFixed(2),
        one.adjustedP === null ? null : one.adjustedP < 1e-6 ? '<1e-6' : one.adjustedP.toPrecision(2),
        one.n,
        one.drifted ? 'DRIFT' : '',
        one.drifted ? one.sentence : '',
      ]),
      'no window was read yet',
    ),
  ];
  if (view.quality.length > 0)
    lines.push(
      '',
      table(
        ['labels until', 'labels', loss, 'interval', 'AUC', 'observed', 'predicted'],
        view.quality
          .slice(-WEEKS)
          .map(one => [
            when(one.until),
            one.n,
            shown(one.loss),
            `[${shown(one.low)}, ${shown(one.high)}]`,
            one.auc === null ? null : one.auc.toFixed(3),
            signed(one.observed),
            signed(one.predicted),
          ]),
      ),
    );
  if (view.baselines.length > 0)
    lines.push(
      '',
      table(
        ['on the same rows', `mean ${loss} of the months`],
        view.baselines.map(one => [one.title, one.mean === null ? null : one.mean.toFixed(4)]),
      ),
    );
  const early = view.early ?? [];
  if (early.length > 0)
    lines.push(
      '',
      `early warnings (no alarms), the newest of ${early.length}:`,
      ...early
        .slice(0, WARNINGS)
        .map(({ at, stream, sentence }) => `  ${when(at)}  ${stream.padEnd(6)}  ${sentence}`),
    );
  const open = view.alarms.filter(alarm => alarm.open);
  lines.push('', open.length === 0 ? 'no open alarm' : many(open.length, 'open alarm'));
  for (const alarm of open)
    lines.push(`  ${when(alarm.at)}  ${alarm.sentence} → ${alarm.answer ?? 'no answer yet'}`);
  return lines.join('\n');
}

export function addEndpointCommands(root: Command): void {
  examples(
    root
      .command('endpoint')
      .description('What answers, how fast, and the evidence of its rollouts')
      .argument('[name]', "endpoint (default: the project's only one)")
      .action(async (name: string | undefined, _own: unknown, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        print(options.output, await client.endpoint(await endpointOf(client, name)), describeEndpoint);
      }),
    ['twinloop endpoint', 'twinloop endpoint late -o json'],
  );
  examples(
    root
      .command('monitors')
      .description('Drift by feature, quality by window, baselines, open alarms')
      .argument('[endpoint]', "endpoint (default: the project's only one)")
      .action(async (name: string | undefined, _own: unknown, command: Command) => {
        const options = globals(command);
        const client = await clientFor(options);
        print(options.output, await client.monitors(await endpointOf(client, name)), describeMonitors);
      }),
    ['twinloop monitors', 'twinloop monitors late -o json'],
  );
}
