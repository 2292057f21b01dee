import type { TodayView } from '@twinloop/client';
import type { Command } from 'commander';
import { withClient } from '../../context.js';
import { examples } from '../../examples.js';
import { print, table, when } from '../../output.js';

export function describeToday({ now, waiting, tasks }: TodayView): string {
  const lines = [
    `${when(now)}: ${waiting.length === 0 ? 'nothing waits for you' : `${waiting.length} ${waiting.length === 1 ? 'thing waits' : 'things wait'} for you`}`,
  ];
  for (const item of waiting)
    lines.push('', `${item.sentence} (since ${when(item.since)})`, `  ${item.command}`);
  lines.push(
    '',
    table(
      ['task', 'state', '', ''],
      tasks.map(({ task, state, text, figures }) => [
        task,
        state,
        text,
        figures.map(({ label, value }) => `${label} ${value}`).join(', '),
      ]),
    ),
  );
  return lines.join('\n');
}

export function addTodayCommand(root: Command): void {
  examples(
    root
      .command('today')
      .description('What waits for a person, and how the five daily tasks stand')
      .action(withClient(async (client, { output }) => print(output, await client.today(), describeToday))),
    ['twinloop today', 'twinloop today -o json'],
  );
}
