import { type DraftSource, type DraftView, TwinloopClient } from '@twinloop/client';
import { useMutation } from '@tanstack/react-query';
import { type DragEvent, useId, useState } from 'react';
import { bytes } from '../../format/bytes.js';
import { clientOf, clientWith } from '../../live/api.js';
import { ErrorPanel } from '../../parts/error-panel.js';
import { fetchWithProgress, type Progress } from './upload.js';

const WAYS = [
  ['file', 'A file'],
  ['place', 'A path or URL'],
  ['postgres', 'Postgres'],
] as const;

/** Where the table is: dropped here, on the server's machine, at a URL, or behind a query. */
export function SourceForm({ onDraft }: { onDraft: (draft: DraftView) => void }) {
  const [way, setWay] = useState<(typeof WAYS)[number][0]>('file');
  return (
    <>
      <fieldset className="mb-3 flex gap-1">
        <legend className="sr-only">Where the table is</legend>
        {WAYS.map(([name, label]) => (
          <button
            key={name}
            type="button"
            className="button"
            aria-pressed={way === name}
            onClick={() => setWay(name)}
          >
            {label}
          </button>
        ))}
      </fieldset>
      {way === 'file' ? <FileDrop onDraft={onDraft} /> : <Reference key={way} way={way} onDraft={onDraft} />}
    </>
  );
}

function FileDrop({ onDraft }: { onDraft: (draft: DraftView) => void }) {
  const [over, setOver] = useState(false);
  const [progress, setProgress] = useState<Progress>();
  const upload = useMutation({
    mutationFn: (file: File): Promise<DraftView> => {
      setProgress({ sent: 0, total: file.size });
      const client: TwinloopClient = clientWith({ fetch: fetchWithProgress(setProgress) });
      return client.uploadDraft(file.name, file);
    },
    onSuccess: onDraft,
  });
  const take = (files: FileList | null): void => {
    const file = files?.[0];
    if (file !== undefined && !upload.isPending) upload.mutate(file);
  };
  const drag = (event: DragEvent, inside: boolean): void => {
    event.preventDefault();
    setOver(inside);
  };
  return (
    <>
      <label
        className={`grid min-h-[132px] place-items-center gap-1 rounded-md border border-dashed px-4 py-6 text-center has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent ${over ? 'border-accent bg-accent-wash' : 'border-line-strong'}`}
        onDragOver={event => drag(event, true)}
        onDragEnter={event => drag(event, true)}
        onDragLeave={event => drag(event, false)}
        onDrop={event => {
          drag(event, false);
          take(event.dataTransfer.files);
        }}
      >
        <span className="text-base font-semibold">Drop a CSV or Parquet file here, or choose one</span>
        <span className="text-xs text-soft">
          Any separator, decimal sign and encoding. It goes to this server and nowhere else.
        </span>
        <input
          type="file"
          className="sr-only"
          accept=".csv,.tsv,.txt,.parquet,.jsonl,.ndjson,text/csv"
          disabled={upload.isPending}
          onChange={event => {
            take(event.target.files);
            event.target.value = '';
          }}
        />
      </label>
      {upload.isPending && progress !== undefined && (
        <div className="mt-3" role="status">
          <progress
            className="block h-1.5 w-full accent-accent"
            aria-label="Upload"
            value={progress.sent}
            max={Math.max(1, progress.total)}
          />
          <p className="mt-1 text-xs text-soft">
            {progress.sent < progress.total
              ? `${bytes(progress.sent)} of ${bytes(progress.total)} sent`
              : 'All of it is here. Reading and profiling …'}
          </p>
        </div>
      )}
      {upload.error !== null && <ErrorPanel error={upload.error} />}
    </>
  );
}

function Reference({ way, onDraft }: { way: 'place' | 'postgres'; onDraft: (draft: DraftView) => void }) {
  const id = useId();
  const [place, setPlace] = useState('');
  const [query, setQuery] = useState('');
  const create = useMutation({
    mutationFn: (source: DraftSource) => clientOf().createDraft(source),
    onSuccess: onDraft,
  });
  const source = sourceOf(way, place.trim(), query.trim());
  return (
    <form
      className="grid max-w-[760px] gap-3"
      onSubmit={event => {
        event.preventDefault();
        if (source !== undefined) create.mutate(source);
      }}
    >
      <label htmlFor={`${id}p`} className="grid gap-1">
        <span className="font-semibold">
          {way === 'place' ? 'A path on the machine of the server, or a URL' : 'Connection, by reference'}
        </span>
        <input
          id={`${id}p`}
          className="field w-full"
          value={place}
          spellCheck={false}
          placeholder={way === 'place' ? '/data/rides.csv or https://…' : 'env:DATABASE_URL'}
          onChange={event => setPlace(event.target.value)}
        />
        {way === 'postgres' && (
          <span className="text-xs text-soft">
            The name of an environment variable of the server (<code>env:NAME</code>) or a file (
            <code>file:/path</code>); the password itself never stands in a project.
          </span>
        )}
      </label>
      {way === 'postgres' && (
        <label htmlFor={`${id}q`} className="grid gap-1">
          <span className="font-semibold">Query</span>
          <textarea
            id={`${id}q`}
            className="field min-h-[84px] w-full font-mono text-xs"
            value={query}
            spellCheck={false}
            placeholder="select * from rides order by started_at"
            onChange={event => setQuery(event.target.value)}
          />
        </label>
      )}
      <div>
        <button
          type="submit"
          className="button button-main"
          disabled={source === undefined || create.isPending}
        >
          {create.isPending ? 'Reading and profiling …' : 'Read and profile'}
        </button>
      </div>
      {create.error !== null && <ErrorPanel error={create.error} />}
    </form>
  );
}

function sourceOf(way: 'place' | 'postgres', place: string, query: string): DraftSource | undefined {
  if (place === '') return undefined;
  if (way === 'postgres') return query === '' ? undefined : { postgres: { url: place, query } };
  return /^https?:\/\//i.test(place) ? { url: place } : { path: place };
}
