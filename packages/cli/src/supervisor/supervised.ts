import type { Socket } from 'node:net';
import type { RunningServer, ServerOptions } from '@twinloop/server';
import { RESTARTED, SUPERVISED_URL, type FromServer, type ToServer } from './messages.js';

function tell(message: FromServer): void {
  process.send?.(message);
}

/** What a server is told when a supervisor started this process; undefined when none did. */
export function supervision(): ServerOptions['supervised'] {
  const url = process.env[SUPERVISED_URL];
  if (url === undefined || process.send === undefined) return undefined;
  return {
    url,
    restarted: process.env[RESTARTED] === '1',
    dying: () => tell({ type: 'dying' }),
  };
}

/** Takes the connections that the supervisor accepts, and ends when it is gone. */
export function obeySupervisor(server: RunningServer): void {
  process.on('message', (message: ToServer, socket: Socket | undefined) => {
    if (message.type === 'gap') void server.app.cameBack(message);
    else {
      // A client that has gone again leaves no socket; the supervisor forgets it all the same.
      if (socket !== undefined) server.take(socket);
      tell({ type: 'taken', connection: message.connection });
    }
  });
  // Without it nobody would stop this process.
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  tell({ type: 'ready' });
}

/** Lets the process end: an open channel would keep it. */
export function leaveSupervisor(): void {
  process.removeAllListeners('disconnect');
  if (process.connected) process.disconnect();
}
