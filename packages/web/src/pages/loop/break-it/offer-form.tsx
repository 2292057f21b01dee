import {
  type ChaosBoard,
  type ChaosInput,
  type ChaosOffer,
  type ChaosTransform,
  type ChaosView,
  TwinloopApiError,
} from '@twinloop/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useRef, useState } from 'react';
import { curlPost, quoted } from '../../../format/shell.js';
import { clientOf } from '../../../live/api.js';
import { Command } from '../../../parts/command.js';
import { ErrorPanel } from '../../../parts/error-panel.js';
import { Sentence } from './sentence.js';

const TRANSFORM: Readonly<Record<ChaosTransform, string>> = {
  sign: 'mirrored',
  unit: '× 100',
};

/** What will happen, what may be chosen, and the press that does it. The first choices are the defaults. */
export function OfferForm(props: {
  offer: ChaosOffer;
  project: string;
  onStarted: () => void;
  onCancel: () => void;
}) {
  const { offer, project, onStarted, onCancel } = props;
  const [target, setTarget] = useState(offer.targets[0]);
  const [transform, setTransform] = useState(offer.transforms[0]);
  const client = clientOf(project);
  const queries = useQueryClient();
  const id = useId();
  const press = useRef<HTMLButtonElement>(null);
  useEffect(() => press.current?.focus(), []);
  const input: ChaosInput = {
    kind: offer.kind,
    ...(target === undefined ? {} : { target }),
    ...(transform === undefined ? {} : { transform }),
  };
  const start = useMutation({
    mutationFn: () => client.breakIt(input),
    onSuccess: fault => {
      queries.setQueryData<ChaosBoard>([project, 'chaos'], board => board && withFault(board, fault));
      void queries.invalidateQueries({ queryKey: [project, 'chaos'] });
      onStarted();
    },
    onError: error => {
      // Who kills the server need not be answered by it.
      if (offer.kind !== 'kill-server' || !(error instanceof TwinloopApiError) || error.status !== 0) return;
      void queries.invalidateQueries({ queryKey: [project, 'chaos'] });
      onStarted();
    },
  });
  return (
    <form
      className="pb-3 pl-5"
      onSubmit={event => {
        event.preventDefault();
        start.mutate();
      }}
      onKeyDown={event => event.key === 'Escape' && onCancel()}
    >
      <p className="max-w-[64ch]">
        <Sentence text={offer.description} />
      </p>
      <p className="mt-1 text-xs text-soft">
        {offer.undo === null ? 'It cannot be undone; it ends by itself.' : `Undo: ${offer.undo}`}
      </p>
      <div className="mt-2 flex flex-wrap items-end gap-2">
        {offer.targets.length > 1 && (
          <label htmlFor={`${id}t`} className="grid gap-0.5 text-xs text-soft">
            What
            <select
              id={`${id}t`}
              className="field max-w-[160px] text-sm text-ink"
              value={target}
              onChange={event => setTarget(event.target.value)}
            >
              {offer.targets.map(name => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        {offer.transforms.length > 1 && (
          <label htmlFor={`${id}f`} className="grid gap-0.5 text-xs text-soft">
            How
            <select
              id={`${id}f`}
              className="field text-sm text-ink"
              value={transform}
              onChange={event => setTransform(event.target.value as ChaosTransform)}
            >
              {offer.transforms.map(name => (
                <option key={name} value={name}>
                  {TRANSFORM[name]}
                </option>
              ))}
            </select>
          </label>
        )}
        <button ref={press} type="submit" className="button button-main" disabled={start.isPending}>
          {offer.title} now
        </button>
      </div>
      <details className="mt-2 text-xs text-soft">
        <summary className="w-fit">The same from a terminal or a script</summary>
        <div className="mt-1 grid gap-1 text-ink">
          <Command text={asCommand(input, project)} what="the command line" />
          <Command text={curlPost(client.url('/chaos'), input)} what="the API call" />
        </div>
      </details>
      {start.error !== null && <ErrorPanel error={start.error} />}
    </form>
  );
}

/** Some faults are caught before the answer is there. */
function withFault(board: ChaosBoard, fault: ChaosView): ChaosBoard {
  return fault.state === 'running'
    ? { ...board, running: fault }
    : { ...board, history: [fault, ...board.history.filter(one => one.chaos !== fault.chaos)] };
}

/** The word of each fault on the command line. */
const WORD: Readonly<Record<ChaosInput['kind'], string>> = {
  'poison-batch': 'poison',
  'flip-sensor': 'flip',
  'worse-model': 'worse-model',
  'delay-labels': 'delay-labels',
  'kill-server': 'kill',
};

function asCommand({ kind, target, transform }: ChaosInput, project: string): string {
  // Only a column can be named there; what a batch or a challenger is made of is not chosen.
  const chosen =
    kind !== 'flip-sensor'
      ? []
      : [
          ...(target === undefined ? [] : [quoted(target)]),
          ...(transform === undefined ? [] : [`--transform ${transform}`]),
        ];
  return ['twinloop chaos', WORD[kind], ...chosen, `--project ${quoted(project)}`].join(' ');
}
