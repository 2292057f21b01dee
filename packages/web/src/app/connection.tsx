import type { ConnectionState } from '@twinloop/client';
import { StatusMark } from '../parts/status-mark.js';

const WORDS = {
  live: ['ok', 'Live', 'Changes are shown as they happen.'],
  connecting: ['working', 'Connecting', 'Waiting for the server; what is shown may be old.'],
  closed: ['fail', 'Offline', 'The server refuses the event stream; what is shown may be old.'],
} as const;

export function Connection({ state }: { state: ConnectionState }) {
  const [mark, word, title] = WORDS[state];
  return (
    <span role="status" title={title} className="flex items-center gap-1.5 whitespace-nowrap">
      <StatusMark mark={mark} pulse={mark === 'working'} />
      {word}
    </span>
  );
}
