import type { Section } from '@twinloop/kernel';

/** A file of rows that is answered by the calendar. */
export interface BatchConfig {
  readonly name: string;
  /** A path relative to the project file; `{date}` is the local day of the scheduled time. */
  readonly input: string;
  readonly output: string;
  /** The column that names a row. */
  readonly key?: string;
  /** The column of the unit that keeps its variant. */
  readonly unit?: string;
  /** Five-field cron in the project's zone. */
  readonly schedule: string;
}

const path = (what: string) => ({
  type: 'string',
  minLength: 1,
  description: `${what}: a path relative to the project file; \`{date}\` stands for the local day of the scheduled time.`,
});
const column = (description: string) => ({ type: 'string', minLength: 1, description });

/** `batch`: files that are scored by the calendar. */
export const batchSection: Section<readonly BatchConfig[]> = {
  name: 'batch',
  required: false,
  schema: {
    type: 'array',
    description: 'Files of rows that are answered by the calendar, logged and monitored like live traffic.',
    default: [],
    items: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'input', 'output', 'schedule'],
      properties: {
        name: {
          type: 'string',
          pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
          description: 'Names the batch in the ledger.',
        },
        input: path('The rows (CSV, Parquet or JSON Lines)'),
        output: path('Where the rows go with their predictions, in the format of its extension'),
        key: column('The column that names a row; outcomes may be sent by it. Default: its position.'),
        unit: column('The column of the unit that keeps its variant. Default: the row.'),
        schedule: {
          type: 'string',
          description:
            "When: five-field cron in the project's zone. A time that was missed is not made up for.",
          examples: ['0 5 * * *'],
        },
      },
    },
    examples: [
      [{ name: 'nightly', input: 'tomorrow.csv', output: 'scores/{date}.parquet', schedule: '0 5 * * *' }],
    ],
  },
};
