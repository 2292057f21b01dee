import type { DraftCheck, DraftChoices, DraftProject, DraftSource, DraftView } from '@twinloop/client';
import { Type } from '@sinclair/typebox';

const strict = { additionalProperties: false } as const;
const named = <T>(title: string) => Type.Unsafe<T>({ type: 'object', title });
const text = (description: string, maxLength = 10_000) =>
  Type.String({ minLength: 1, maxLength, description });

export const DRAFT_ANSWERS = {
  draft: named<DraftView>('DraftView'),
  check: named<DraftCheck>('DraftCheck'),
  project: named<DraftProject>('DraftProject'),
};

export const DraftParams = Type.Object({ draft: Type.String() });
export const DraftQuery = Type.Object(
  {
    name: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        description: "The body is the file itself and this its name; the name's end tells the format.",
      }),
    ),
  },
  strict,
);

export const DraftSourceBody = Type.Unsafe<DraftSource>(
  Type.Object(
    {
      path: Type.Optional(text("A file on the server's machine; for callers on that machine.")),
      url: Type.Optional(text('Fetched once, through the guarded fetcher.')),
      postgres: Type.Optional(
        Type.Object(
          {
            url: Type.String({
              pattern: '^(env|file):.+$',
              maxLength: 1000,
              description: 'By reference: `env:NAME` or `file:/path`.',
            }),
            query: text('One SELECT.', 100_000),
          },
          { ...strict, description: 'Rows of a query, read once in a read-only transaction.' },
        ),
      ),
    },
    { ...strict, minProperties: 1, maxProperties: 1 },
  ),
);

const CHOICES = {
  label: text('The column to predict.'),
  positive: Type.Optional(text('Binary: the value that counts as 1.')),
  task: Type.Optional(
    Type.Unsafe<'binary' | 'multiclass' | 'regression'>({
      enum: ['binary', 'multiclass', 'regression'],
      description: "Default: what the label's values say.",
    }),
  ),
  time: Type.Unsafe<DraftChoices['time']>({
    type: 'object',
    ...strict,
    properties: {
      column: { type: 'string', minLength: 1 },
      date: { type: 'string', minLength: 1 },
      hour: { type: 'string', minLength: 1 },
      order: { const: 'rows' },
    },
    description: '`{column}`, `{date, hour}`, or `{order: "rows"}` when no column says the time.',
  }),
  dayFirst: Type.Optional(Type.Boolean({ description: 'Where 01/02/2013 can be read both ways.' })),
  timezone: Type.Optional(text('IANA name; needed unless the rows are in order.', 100)),
  key: Type.Optional(text('The column that names a case.')),
  delay: Type.Optional(
    text('When a label becomes known: a duration after the case, or the column that says it.'),
  ),
  exclude: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 20_000 })),
};
const PROJECT = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'The name of the project, as it stands in URLs.',
});

export const DraftChoicesBody = Type.Unsafe<DraftChoices>(
  Type.Object({ ...CHOICES, project: Type.Optional(PROJECT) }, strict),
);
export const DraftProjectBody = Type.Unsafe<DraftChoices & { readonly project: string }>(
  Type.Object({ ...CHOICES, project: PROJECT }, strict),
);
