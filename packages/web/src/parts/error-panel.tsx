import { TwinloopApiError } from '@twinloop/client';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { inlines } from '../format/inline.js';
import { adoptKey } from '../live/api.js';
import { Inlines } from './inlines.js';
import { StatusMark } from './status-mark.js';

/** What went wrong, in the catalogue's words: code, what happened, what to do, where it is explained, which request. */
export function ErrorPanel({ error, retry }: { error: Error; retry?: () => void }) {
  const api = error instanceof TwinloopApiError ? error : undefined;
  return (
    <div role="alert" className="my-4 max-w-[760px] border-l-2 border-fail py-1 pl-4">
      <p className="flex items-center gap-2">
        <StatusMark mark="fail" />
        <code className="text-fail">{api?.code ?? 'page_failed'}</code>
      </p>
      <p className="mt-1 text-base font-semibold">{error.message}</p>
      <p className="mt-1">
        <Inlines parts={inlines(api?.hint ?? 'Reload the page; when it happens again, please report it.')} />
      </p>
      {api !== undefined && api.details.length > 0 && (
        <ul className="mt-2 list-disc pl-5">
          {api.details.slice(0, 20).map(detail => (
            <li key={`${detail.line}:${detail.column}:${detail.message}`}>
              {detail.line !== undefined && <code>{`${detail.line}:${detail.column ?? 1} `}</code>}
              {detail.message}
            </li>
          ))}
        </ul>
      )}
      <p className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-soft">
        {api !== undefined && api.docs !== '' && (
          <a className="link" href={api.docs}>
            Reference: {api.code}
          </a>
        )}
        {api !== undefined && api.requestId !== '' && (
          <span>
            Request <code>{api.requestId}</code>
          </span>
        )}
        {retry !== undefined && (
          <button type="button" className="button" onClick={retry}>
            Try again
          </button>
        )}
      </p>
      {api?.code === 'unauthenticated' && <KeyForm />}
    </div>
  );
}

function KeyForm() {
  const client = useQueryClient();
  const [key, setKey] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    adoptKey(key.trim());
    void client.resetQueries();
  };
  return (
    <form onSubmit={submit} className="mt-3 flex flex-wrap items-center gap-2">
      <label className="flex items-center gap-2">
        Key
        <input
          className="field w-[280px]"
          type="password"
          autoComplete="off"
          placeholder="tlk_…"
          value={key}
          onChange={event => setKey(event.target.value)}
        />
      </label>
      <button type="submit" className="button button-main" disabled={key.trim() === ''}>
        Use this key in this tab
      </button>
    </form>
  );
}
