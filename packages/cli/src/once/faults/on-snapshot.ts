import { cp, mkdtemp, rm } from 'node:fs/promises';
import type { TwinloopClient } from '@twinloop/client';
import { DEMO_PROJECT } from '../../demo/flights.js';
import { startChild, type ChildServer } from '../child-server.js';

/** A server on a copy of the clean run's data directory; the copy goes with it. */
export async function onSnapshot<T>(
  snapshot: string,
  use: (server: ChildServer, client: TwinloopClient, data: string) => Promise<T>,
): Promise<T> {
  const data = await mkdtemp(`${snapshot}-fault-`);
  await cp(snapshot, data, { recursive: true });
  const server = await startChild(data);
  try {
    return await use(server, server.client(DEMO_PROJECT), data);
  } finally {
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
}
