import type { Decision, ReplaySpeed, ReplayStatus } from '@twinloop/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useProject } from '../../app/project.js';
import { day, utc } from '../../format/time.js';
import { whole } from '../../format/numbers.js';
import { clientOf } from '../../live/api.js';
import { lastUntil } from '../../live/decisions.js';
import { ErrorPanel } from '../../parts/error-panel.js';
import { KindShape, kindColour } from '../../parts/kind-mark.js';
import { useWidth } from '../../parts/layout/use-width.js';
import { monthTicks, stripMarks, stripSpan } from './strip.js';

const SPEEDS: readonly (readonly [ReplaySpeed, string])[] = [
  [1, '1×'],
  [4, '4×'],
  ['max', 'max'],
];

/** The replay's controls, and the line of time over which one may look back. */
export function Playback(props: {
  replay: ReplayStatus | null;
  decisions: readonly Decision[];
  now: number;
  past: Decision | undefined;
  onLook: (seq: number | undefined) => void;
}) {
  const { replay, decisions, now, past, onLook } = props;
  return (
    <section aria-label="Playback" className="min-w-0 border-t border-line pt-3">
      <div className="flex min-h-[30px] flex-wrap items-center gap-2">
        {replay !== null && <Controls replay={replay} />}
        {past !== undefined ? (
          <span className="ml-auto flex flex-wrap items-center gap-2">
            <span className="font-semibold">As of decision {past.seq}</span>
            <button type="button" className="button button-main" onClick={() => onLook(undefined)}>
              Back to live
            </button>
          </span>
        ) : (
          <span
            className="min-w-0 basis-full truncate text-right text-xs text-soft sm:flex-1 sm:basis-0"
            title={replay === null ? undefined : progressOf(replay)}
          >
            {replay === null ? 'Drag to look back' : progressOf(replay)}
          </span>
        )}
      </div>
      <Strip
        decisions={decisions}
        span={stripSpan(replay, decisions, now)}
        now={now}
        past={past}
        onLook={onLook}
      />
    </section>
  );
}

function progressOf(replay: ReplayStatus): string {
  const sent = `${whole(replay.sent)} of ${whole(replay.total)} requests`;
  const failed = replay.failures > 0 ? `, ${whole(replay.failures)} failed` : '';
  return replay.waitingFor === null
    ? `${sent}${failed}`
    : `${sent}${failed} · waiting for ${replay.waitingFor}`;
}

function Controls({ replay }: { replay: ReplayStatus }) {
  const project = useProject();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (input: Parameters<ReturnType<typeof clientOf>['controlReplay']>[0]) =>
      clientOf(project).controlReplay(input),
    onSuccess: answer =>
      client.setQueryData(
        [project, 'status'],
        (status: object | undefined) => status && { ...status, replay: answer },
      ),
  });
  if (replay.state === 'finished') return <span className="font-semibold">Replay finished</span>;
  const playing = replay.state === 'playing';
  return (
    <>
      <button
        type="button"
        className="button w-[84px]"
        onClick={() => change.mutate({ state: playing ? 'paused' : 'playing' })}
      >
        <svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true" fill="currentColor">
          <path d={playing ? 'M1 0H4V10H1ZM6 0H9V10H6Z' : 'M1 0 10 5 1 10Z'} />
        </svg>
        {playing ? 'Pause' : 'Play'}
      </button>
      <fieldset className="flex gap-1">
        <legend className="sr-only">Speed</legend>
        {SPEEDS.map(([speed, label]) => (
          <button
            key={label}
            type="button"
            className="button"
            aria-pressed={replay.speed === speed}
            onClick={() => change.mutate({ speed })}
          >
            {label}
          </button>
        ))}
      </fieldset>
      <label className="ml-1 flex items-center gap-1.5">
        <input
          type="checkbox"
          className="accent-accent"
          checked={replay.slowAtDecisions}
          onChange={event => change.mutate({ slowAtDecisions: event.target.checked })}
        />
        slow at decisions
      </label>
      {change.error !== null && <ErrorPanel error={change.error} />}
    </>
  );
}

const DAY = 86_400_000;

function Strip(props: {
  decisions: readonly Decision[];
  span: { from: number; until: number };
  now: number;
  past: Decision | undefined;
  onLook: (seq: number | undefined) => void;
}) {
  const { decisions, span, now, past, onLook } = props;
  const [ref, width] = useWidth(720);
  const [hovered, setHovered] = useState<string>();
  // The thumb is 12 px wide, so its centre never reaches the ends.
  const x = (at: number): number =>
    6 + ((Math.min(at, span.until) - span.from) / (span.until - span.from)) * (width - 12);
  const shown = past?.at ?? now;
  const look = (value: number): void => {
    if (value >= now - DAY) onLook(undefined);
    else onLook((lastUntil(decisions, value) ?? decisions[0])?.seq);
  };
  return (
    <div ref={ref} className="relative mt-2 h-[72px]">
      <svg width={width} height="72" className="absolute inset-0" aria-hidden="true">
        {stripMarks(decisions).map(mark => (
          <g
            key={mark.seq}
            transform={`translate(${x(mark.at)} ${8 + mark.row * 16})`}
            className={`${kindColour(mark.kind)} ${mark.at > shown ? 'opacity-30' : ''}`}
          >
            <KindShape kind={mark.kind} />
          </g>
        ))}
        <path d={`M6 40H${width - 6}`} stroke="var(--color-line)" strokeWidth="4" strokeLinecap="round" />
        <path d={`M6 40H${x(now)}`} stroke="var(--color-line-strong)" strokeWidth="4" strokeLinecap="round" />
        <path d={`M6 40H${x(shown)}`} stroke="var(--color-accent)" strokeWidth="4" strokeLinecap="round" />
        {monthTicks(span, Math.floor(width / 44)).map(tick => (
          <g key={tick.at}>
            <path d={`M${x(tick.at)} 48V52`} stroke="var(--color-line-strong)" />
            <text
              x={x(tick.at)}
              y="64"
              fontSize="12"
              fill="var(--color-soft)"
              textAnchor={x(tick.at) < 20 ? 'start' : x(tick.at) > width - 16 ? 'end' : 'middle'}
            >
              {tick.label}
            </text>
          </g>
        ))}
      </svg>
      <input
        type="range"
        aria-label="Look back over the ledger"
        aria-valuetext={`${day(shown)}${past === undefined ? ', live' : `: ${past.sentence}`}`}
        title={hovered ?? utc(shown)}
        className="strip-range absolute inset-x-0 top-[32px] h-4 w-full"
        min={span.from}
        max={span.until}
        step={DAY}
        value={shown}
        onChange={event => look(Math.min(Number(event.target.value), now))}
        onPointerLeave={() => setHovered(undefined)}
      />
      {stripMarks(decisions).map(mark => (
        <button
          key={mark.seq}
          type="button"
          tabIndex={-1}
          aria-hidden="true"
          title={mark.sentence}
          className="absolute size-4 -translate-x-1/2"
          style={{ left: x(mark.at), top: mark.row * 16 }}
          onClick={() => onLook(mark.seq)}
        />
      ))}
    </div>
  );
}
