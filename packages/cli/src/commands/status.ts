import type { LoopStatus } from '@twinloop/client';
import type { Command } from 'commander';
import { withClient } from '../context.js';
import { examples } from '../examples.js';
import { many, print, table, when } from '../output.js';

export function describeStatus(status: LoopStatus): string {
  const { endpoint, counts, budget, replay } = status;
  const lines = [
    `${status.project} · ${when(status.now)}${status.virtual ? ' (virtual time)' : ''}`,
    status.headline,
    '',
    table(
      ['stage', 'state', ''],
      Object.entries(status.stages).map(([stage, { state, text }]) => [stage, state, text]),
    ),
  ];
  if (endpoint !== null) {
    lines.push(
      '',
      `endpoint ${endpoint.endpoint}: ${endpoint.champion === null ? 'no model in service' : `${endpoint.champion.model} (version ${endpoint.champion.version}, ${endpoint.champion.algorithm}) since ${when(endpoint.champion.since)}`}`,
    );
    if (endpoint.challenger !== null)
      lines.push(
        `in shadow: ${endpoint.challenger.model} (${endpoint.challenger.algorithm}) since ${when(endpoint.challenger.since)}`,
      );
  }
  lines.push(
    '',
    `${many(counts.predictions, 'prediction')}, ${many(counts.outcomes, 'label')}, ${many(counts.errors, 'error')}; ${many(counts.retrainings, 'retraining')} (budget ${budget.used} of ${budget.limit} in ${budget.per}), ${many(counts.recalibrations, 'recalibration')}, ${many(counts.promotions, 'promotion')}, ${many(counts.rejections, 'rejection')}`,
  );
  for (const alarm of status.openAlarms) lines.push(`open alarm since ${when(alarm.at)}: ${alarm.sentence}`);
  if (replay !== null)
    lines.push(
      `replay of ${replay.dataset}: ${replay.state}, ${replay.sent.toLocaleString('en-US')} of ${many(replay.total, 'request')}, ${replay.failures} failed`,
    );
  return lines.join('\n');
}

export function addStatusCommand(root: Command): void {
  examples(
    root
      .command('status')
      .description('Is everything well, and what is happening now?')
      .action(withClient(async (client, { output }) => print(output, await client.status(), describeStatus))),
    ['twinloop status', 'twinloop status -o json'],
  );
}
