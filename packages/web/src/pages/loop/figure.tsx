import type { Stage, StageState } from '@twinloop/client';
import { Link } from '@tanstack/react-router';
import { useProject } from '../../app/project.js';
import { useWidth } from '../../parts/layout/use-width.js';
import { type Mark, MarkShape, StatusMark } from '../../parts/status-mark.js';
import type { LoopFigures } from './as-of.js';
import { type Arc, figureEight, STAGES } from './geometry.js';

const ROOM = {
  data: '/p/$project/data',
  build: '/p/$project/runs',
  test: '/p/$project/runs',
  deploy: '/p/$project/endpoint',
  serve: '/p/$project/endpoint',
  monitor: '/p/$project/monitors',
  learn: '/p/$project/decisions',
} as const satisfies Record<Stage, string>;

const COLOUR: Readonly<Record<StageState, string>> = {
  ok: 'text-ok',
  working: 'text-accent',
  attention: 'text-attention',
  idle: 'text-soft',
};

/** Where a stage's words stand: inside its loop, so that the arcs outside stay free. */
const PLACE: Readonly<Record<Stage, string>> = {
  data: '-translate-x-1/2 translate-y-[14px] text-center',
  build: 'translate-x-[16px] -translate-y-1/2',
  test: '-translate-x-1/2 -translate-y-[calc(100%+14px)] text-center',
  deploy: '-translate-x-1/2 translate-y-[18px] text-center',
  serve: '-translate-x-1/2 translate-y-[14px] text-center',
  monitor: '-translate-x-[calc(100%+16px)] -translate-y-1/2 text-right',
  learn: '-translate-x-1/2 -translate-y-[calc(100%+14px)] text-center',
};

/** The sign of the house as a live display: seven stages on two loops, two feedback arcs around them. */
export function Figure({ figures }: { figures: Pick<LoopFigures, 'stages' | 'arcs'> }) {
  const project = useProject();
  const [ref, width] = useWidth(720);
  const figure = figureEight(width);
  const { stages, arcs } = figures;
  return (
    <div ref={ref} className="min-w-0">
      <div className="relative" style={{ height: figure.height }}>
        <svg width={width} height={figure.height} className="absolute inset-0" aria-hidden="true">
          <path
            d={figure.track}
            fill="none"
            stroke="var(--color-line)"
            strokeWidth={figure.compact ? 5 : 7}
          />
          {STAGES.map(([stage]) =>
            stages[stage].state === 'working' ? (
              <path
                key={stage}
                d={figure.segments[stage]}
                fill="none"
                stroke="var(--color-accent)"
                strokeWidth="2"
                strokeDasharray="10 10"
                className="flow"
              />
            ) : null,
          )}
          {figure.arrows.map(arrow => (
            <path
              key={`${arrow.x}`}
              d="M-3-4 3 0-3 4"
              fill="none"
              stroke="var(--color-line-strong)"
              strokeWidth="1.4"
              transform={`translate(${arrow.x} ${arrow.y}) rotate(${arrow.angle})`}
            />
          ))}
          <DriftArc arc={figure.dataDrift} lit={arcs.dataDrift} label="data drift" />
          <DriftArc arc={figure.modelDrift} lit={arcs.modelDrift} label="model drift" />
          {STAGES.map(([stage]) => {
            const { x, y } = figure.nodes[stage];
            const { state } = stages[stage];
            return (
              <g key={stage} transform={`translate(${x} ${y})`} className={COLOUR[state]}>
                <circle r={figure.compact ? 11 : 13} fill="var(--color-page)" />
                <g
                  transform={`scale(${figure.compact ? 1.2 : 1.45})`}
                  className={state === 'working' ? 'pulse' : ''}
                >
                  <MarkShape mark={state} />
                </g>
              </g>
            );
          })}
        </svg>
        <ul aria-label="Stages of the loop">
          {STAGES.map(([stage]) => {
            const { x, y } = figure.nodes[stage];
            const { state, text } = stages[stage];
            return (
              <li key={stage} className={`absolute w-max ${PLACE[stage]}`} style={{ left: x, top: y }}>
                <Link to={ROOM[stage]} params={{ project }} title={text} className="group block rounded-sm">
                  <span className="font-semibold group-hover:underline">{stage}</span>
                  <span className="sr-only">, {state}: </span>
                  <span
                    className={
                      figure.compact
                        ? 'sr-only'
                        : `line-clamp-2 block text-xs text-soft ${stage === 'deploy' ? 'mt-2 max-w-[128px]' : 'max-w-[148px]'}`
                    }
                  >
                    {text}
                  </span>
                </Link>
              </li>
            );
          })}
        </ul>
      </div>
      {figure.compact && (
        <ul className="grid gap-1 pt-2" aria-hidden="true">
          {STAGES.filter(([stage]) => stages[stage].text !== '').map(([stage]) => (
            <li key={stage} className="flex items-center gap-2">
              <StatusMark mark={stages[stage].state as Mark} />
              <span className="w-[60px] font-semibold">{stage}</span>
              <span className="min-w-0 truncate text-soft">{stages[stage].text}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** A feedback path: a quiet dotted line, lit and flowing while its alarm is being answered. */
function DriftArc({ arc, lit, label }: { arc: Arc; lit: boolean; label: string }) {
  const { head } = arc;
  const half = label.length * 3.1 + 12;
  return (
    <g className={lit ? 'text-attention' : 'text-line-strong'}>
      <path
        d={arc.path}
        fill="none"
        stroke="currentColor"
        strokeWidth={lit ? 2 : 1}
        strokeDasharray={lit ? '10 10' : '2 4'}
        className={lit ? 'flow' : ''}
      />
      <path
        d="M-4-4 2 0-4 4"
        fill="none"
        stroke="currentColor"
        strokeWidth={lit ? 2 : 1.2}
        transform={`translate(${head.x} ${head.y}) rotate(${head.angle})`}
      />
      <rect
        x={arc.label.x - half}
        y={arc.label.y - 8}
        width={half * 2}
        height="16"
        fill="var(--color-page)"
      />
      <text
        x={arc.label.x}
        y={arc.label.y + 4}
        textAnchor="middle"
        fontSize="12"
        fontWeight={lit ? 600 : 400}
        fill={lit ? 'currentColor' : 'var(--color-soft)'}
      >
        {lit ? `▲ ${label}` : label}
      </text>
    </g>
  );
}
