import type { DraftColumn, EndpointDetail } from '@twinloop/client';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { momentIn } from '../../format/time.js';
import { Command } from '../../parts/command.js';
import { ErrorPanel } from '../../parts/error-panel.js';
import { StatusMark } from '../../parts/status-mark.js';
import { sendInference } from '../../live/api.js';
import { answerInWords, asCurl, asPython, inferBody, type Inferred, inputsOf } from './request.js';

/** Beyond that many fields nobody types; the values of the table are sent as they are. */
const FIELDS = 40;

/** Ready lines for a terminal and for Python, and a prediction sent from here. */
export function TryIt(props: {
  project: string;
  detail: EndpointDetail;
  columns: readonly DraftColumn[];
  decimal?: '.' | ',' | undefined;
  timezone: string;
}) {
  const { project, detail, columns, decimal, timezone } = props;
  const times = new Set(columns.filter(c => c.type === 'time').map(c => c.name));
  const [inputs, setInputs] = useState(() => inputsOf(detail.inputs, columns, decimal));
  const path = `/p/${encodeURIComponent(project)}/v2/models/${encodeURIComponent(detail.endpoint)}/infer`;
  const url = window.location.origin + path;
  const send = useMutation({
    mutationFn: async (): Promise<{ answer: Inferred; ms: number }> => {
      const started = performance.now();
      const answer = await sendInference(path, inferBody(inputs));
      return { answer: answer as Inferred, ms: performance.now() - started };
    },
  });
  return (
    <>
      <form
        onSubmit={event => {
          event.preventDefault();
          send.mutate();
        }}
      >
        {inputs.length <= FIELDS && (
          <div className="grid grid-cols-[repeat(auto-fill,minmax(128px,1fr))] items-start gap-x-4 gap-y-2">
            {inputs.map((input, i) => (
              <label key={input.name} className="grid min-w-0 gap-0.5 text-xs text-soft">
                <span className="truncate" title={input.name}>
                  {input.name}
                </span>
                <input
                  className="field w-full min-w-0 text-sm text-ink"
                  value={input.value}
                  inputMode={input.datatype === 'BYTES' ? 'text' : 'decimal'}
                  onChange={event =>
                    setInputs(
                      inputs.map((old, at) => (at === i ? { ...old, value: event.target.value } : old)),
                    )
                  }
                />
                {times.has(input.name) && <span>{timeInWords(input.value, timezone)}</span>}
              </label>
            ))}
          </div>
        )}
        <div className="mt-3 flex flex-wrap items-center gap-3">
          <button type="submit" className="button button-main" disabled={send.isPending}>
            Send a test prediction
          </button>
          <p role="status" className="min-w-0 text-base [overflow-wrap:anywhere]">
            {send.data !== undefined && (
              <>
                <StatusMark mark="ok" /> <b className="font-semibold">{answerInWords(send.data.answer)}</b>{' '}
                <span className="text-xs text-soft">
                  answered in {send.data.ms.toFixed(0)} ms by {send.data.answer.model_name}
                  {send.data.answer.model_version === undefined
                    ? ''
                    : `, version ${send.data.answer.model_version}`}
                </span>
              </>
            )}
          </p>
        </div>
        {send.error !== null && <ErrorPanel error={send.error} />}
      </form>
      <div className="mt-4 grid gap-1">
        <p className="text-xs text-soft">The same from a terminal, and from Python without any package:</p>
        <Command text={asCurl(url, inputs)} what="the curl line" />
        <Command text={asPython(url, inputs)} what="the Python lines" />
      </div>
    </>
  );
}

/** What a time in ms since 1970 means in the zone of the table. */
function timeInWords(value: string, timezone: string): string {
  const at = value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15 ? `ms: ${momentIn(at, timezone)}` : 'ms since 1970';
}
