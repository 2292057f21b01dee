import type { DraftProject, DraftView } from '@twinloop/client';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { Logo } from '../../app/shell.js';
import { ThemeSwitch } from '../../app/theme-switch.js';
import { counted, whole } from '../../format/numbers.js';
import { curlPost } from '../../format/shell.js';
import { duration } from '../../format/time.js';
import { bytes } from '../../format/bytes.js';
import { clientOf } from '../../live/api.js';
import { Command } from '../../parts/command.js';
import { ErrorPanel } from '../../parts/error-panel.js';
import { Loaded } from '../../parts/loaded.js';
import { PageHead, Section } from '../../parts/page.js';
import { Clock, Findings, Promises, Suspects, Yaml } from './check-view.js';
import { asInit, choicesOf, formOf, missing, withSuspects } from './choices.js';
import { ChoicesForm } from './choices-form.js';
import { Follow } from './follow.js';
import { ProfileTable } from './profile-table.js';
import { SourceForm } from './source-form.js';

/** From a table to an answered prediction. */
export function NewPage() {
  const { draft: id } = useSearch({ from: '/new' });
  const navigate = useNavigate({ from: '/new' });
  const queries = useQueryClient();
  const draft = useQuery({
    queryKey: ['draft', id],
    queryFn: ({ signal }) => clientOf().draft(id!, { signal }),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const open = (view: DraftView | undefined): void => {
    if (view !== undefined) queries.setQueryData(['draft', view.draft], view);
    void navigate({ search: view === undefined ? {} : { draft: view.draft } });
  };
  return (
    <>
      <header className="border-b border-line">
        <div className="mx-auto flex max-w-[1360px] items-center gap-4 px-4">
          <Link to="/" aria-label="Twinloop, front page" className="py-2.5">
            <Logo />
          </Link>
          <span className="font-semibold">New project</span>
          <div className="ml-auto">
            <ThemeSwitch />
          </div>
        </div>
      </header>
      <main id="page" className="mx-auto max-w-[1360px] px-4 pt-5 pb-16">
        <PageHead
          title="New project"
          answer="From a table to an answered prediction. Nothing is trained or served before you say so."
        >
          {id !== undefined && (
            <button type="button" className="button" onClick={() => open(undefined)}>
              Another table …
            </button>
          )}
        </PageHead>
        {id === undefined ? (
          <Section title="1 · The table">
            <SourceForm onDraft={open} />
            <p className="mt-5 mb-1 text-xs text-soft">The same from a terminal:</p>
            <div className="max-w-[760px]">
              <Command text="npx twinloop init rides.csv" />
            </div>
          </Section>
        ) : (
          <Loaded query={draft}>{view => <Draft key={view.draft} draft={view} />}</Loaded>
        )}
      </main>
    </>
  );
}

function Draft({ draft }: { draft: DraftView }) {
  const [form, setForm] = useState(() => formOf(draft));
  const [made, setMade] = useState<DraftProject>();
  const choices = choicesOf(form);
  const check = useQuery({
    queryKey: ['draft', draft.draft, 'check', choices],
    queryFn: ({ signal }) => clientOf().checkDraft(draft.draft, choices!, { signal }),
    enabled: choices !== undefined && made === undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const found = choices === undefined ? undefined : check.data;
  // What is suspected for the first time is left out at once; the next check then says what that makes.
  useEffect(() => {
    if (found !== undefined) setForm(old => withSuspects(old, found.leakage));
  }, [found]);
  const findings = found?.findings ?? draft.findings;
  const wanted = missing(form);
  return (
    <>
      <Section title="1 · The table" note={tableInWords(draft)}>
        {draft.reading.notes.length > 0 && <p className="mb-2">{draft.reading.notes.join(' ')}</p>}
        <Until made={made}>
          <ProfileTable draft={draft} form={form} onForm={setForm} />
        </Until>
      </Section>
      <Section title="2 · What it is about">
        <Until made={made}>
          <ChoicesForm draft={draft} form={form} check={found} onForm={setForm} />
        </Until>
      </Section>
      <div className="grid gap-x-10 lg:grid-cols-2">
        <div className="min-w-0">
          <Section title="3 · What was found">
            {wanted.length > 0 && (
              <p className="mb-2 text-soft">Choose {wanted.join(' and ')}, and it is checked.</p>
            )}
            {check.error !== null && choices !== undefined && <ErrorPanel error={check.error} />}
            <div className="grid gap-4">
              {found !== undefined && (
                <Until made={made}>
                  <Suspects suspects={found.leakage} form={form} onForm={setForm} />
                </Until>
              )}
              {findings.length > 0 && <Findings findings={findings} />}
              {found !== undefined && <Clock clock={found.clock} timezone={form.timezone} />}
            </div>
          </Section>
        </div>
        {found !== undefined && (
          <div className="min-w-0">
            <Section
              title="What it makes"
              note={
                made !== undefined ? 'written' : check.isFetching ? 'checking …' : 'nothing is written yet'
              }
            >
              <Promises check={found} />
              <div className="mt-3">
                <Yaml text={found.yaml} />
              </div>
            </Section>
          </div>
        )}
      </div>
      {found !== undefined && choices !== undefined && made === undefined && (
        <Create
          draft={draft}
          choices={choices}
          init={asInit(draft.name, form)}
          blocked={found.findings.filter(f => f.level === 'error').length}
          seconds={found.estimate?.seconds}
          name={form.project}
          onName={project => setForm({ ...form, project })}
          onMade={setMade}
        />
      )}
      {made !== undefined && (
        <Follow
          draft={draft}
          made={made}
          baseline={check.data?.baseline}
          timezone={form.timezone === '' ? 'UTC' : form.timezone}
        />
      )}
    </>
  );
}

/** What was chosen can be seen, but not changed, once the project is made. */
function Until({ made, children }: { made: DraftProject | undefined; children: ReactNode }) {
  return (
    <fieldset disabled={made !== undefined} className="min-w-0">
      {children}
    </fieldset>
  );
}

function tableInWords(draft: DraftView): string {
  const { reading } = draft;
  const sampled = draft.sampled < draft.rows ? `, ${whole(draft.sampled)} of them profiled` : '';
  const how = [
    reading.format,
    ...(reading.delimiter === undefined
      ? []
      : [`separated by ${SEPARATOR[reading.delimiter] ?? reading.delimiter}`]),
    ...(reading.decimal === ',' ? ['decimal commas'] : []),
    ...(reading.encoding === undefined ? [] : [reading.encoding]),
  ].join(', ');
  return `${draft.name}, ${bytes(draft.size)} · ${counted(draft.rows, 'row')}${sampled} · ${counted(draft.columnCount, 'column')} · ${how}`;
}

const SEPARATOR: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
};

function Create(props: {
  draft: DraftView;
  choices: NonNullable<ReturnType<typeof choicesOf>>;
  init: string;
  /** Findings that stand in the way. */
  blocked: number;
  seconds: number | undefined;
  name: string;
  onName: (project: string) => void;
  onMade: (made: DraftProject) => void;
}) {
  const { draft, choices, init, blocked, seconds, onName, onMade } = props;
  const [name, setName] = useState(props.name);
  const client = clientOf();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => client.createProject(draft.draft, { ...choices, project: name.trim() }),
    onSuccess: made => {
      void queries.invalidateQueries({ queryKey: ['projects'] });
      onMade(made);
    },
  });
  const valid = name.trim() !== '';
  return (
    <form
      className="border-t border-line pt-4"
      onSubmit={event => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <label className="grid gap-1">
          <span className="font-semibold">Name of the project</span>
          <input
            className="field w-[240px]"
            value={name}
            spellCheck={false}
            maxLength={80}
            onChange={event => setName(event.target.value)}
            onBlur={() => valid && onName(name.trim())}
          />
        </label>
        <button
          type="submit"
          className="button button-main"
          disabled={blocked > 0 || !valid || create.isPending}
        >
          Create project
        </button>
        <span className="pb-1 text-soft">
          {blocked > 0
            ? `${counted(blocked, 'finding')} marked ✕ above ${blocked === 1 ? 'stands' : 'stand'} in the way`
            : seconds === undefined
              ? 'trains the first model and serves it'
              : `trains the first model and serves it, in about ${duration(seconds * 1000)}`}
        </span>
      </div>
      <details className="mt-3 text-xs text-soft">
        <summary className="w-fit">The same from a terminal or a script</summary>
        <div className="mt-1 grid gap-1 text-ink">
          <Command text={init} what="the command line" />
          <Command
            text={curlPost(client.url(`/drafts/${draft.draft}/project`), {
              ...choices,
              project: name.trim(),
            })}
            what="the API call"
          />
        </div>
      </details>
      {create.error !== null && <ErrorPanel error={create.error} />}
    </form>
  );
}
