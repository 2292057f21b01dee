import { join } from 'node:path';
import type { FactType } from '@twinloop/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayed, startReplay, writeReplayProject } from '../support/replayed-project.js';
import { scratch, ServerProcess } from '../support/server-process.js';
import type { SmallProject } from '../support/small-project.js';

/** From day 95 (5 April) on it is warm: the windows that follow hold ever more of it. */
const UNTIL = '2024-04-25';

let directory: Awaited<ReturnType<typeof scratch>>;
let project: SmallProject;
let undisturbed: Heard;

interface Heard {
  readonly hash: string;
  /** Day and kind of each alarm on inputs, in order. */
  readonly alarms: readonly string[];
  readonly windows: readonly string[];
  readonly signals: readonly string[];
}

/** kill -9 after the next look at inputs whose window has `type` written, before anything else is known of it. */
async function killAt(server: ServerProcess, type: FactType, before: string): Promise<ServerProcess> {
  const client = server.client();
  const stop = new AbortController();
  for await (const { event, data } of client.events({ after: 0, signal: stop.signal })) {
    if (event !== 'decision') continue;
    if (data.type === 'ReplayFinished') throw new Error(`the replay ended before ${type}`);
    if (data.type === type && JSON.stringify(data.payload).includes(before)) break;
  }
  await server.kill();
  stop.abort();
  return ServerProcess.start(server.data);
}

async function play(
  name: string,
  disturb: (server: ServerProcess) => Promise<ServerProcess> = server => Promise.resolve(server),
): Promise<Heard> {
  let server = await ServerProcess.start(join(directory.path, name));
  try {
    await startReplay(server.client(), project, UNTIL);
    server = await disturb(server);
    const { hash } = await replayed(server, 300_000);
    const client = server.client();
    const facts = await client.ledger({
      types: ['AlarmRaised', 'WindowObserved', 'SignalRaised'],
      limit: 1000,
    });
    const of = (type: FactType, text: (payload: Record<string, unknown>, at: number) => string | null) =>
      facts
        .filter(one => one.type === type)
        .map(one => text(one.payload as unknown as Record<string, unknown>, one.at))
        .filter(one => one !== null);
    return {
      hash,
      alarms: of('AlarmRaised', ({ kind }, at) =>
        kind === 'data-drift' ? new Date(at).toISOString() : null,
      ),
      windows: of('WindowObserved', ({ monitor, window }) => (monitor === 'drift' ? String(window) : null)),
      signals: of('SignalRaised', ({ window, signal }) =>
        String(window).startsWith('drift/')
          ? `${String(window)} ${(signal as { monitor: string }).monitor}`
          : null,
      ),
    };
  } finally {
    await server.kill();
  }
}

beforeAll(async () => {
  directory = await scratch();
  const written = await writeReplayProject(directory.path);
  project = {
    ...written,
    text: written.text.replace(
      'drift: { window: 10d, minRows: 60, persistence: 1 }',
      'drift: { window: 10d, minRows: 60, persistence: 2 }',
    ),
  };
  undisturbed = await play('undisturbed');
}, 400_000);
afterAll(() => directory.remove());

describe('a monitor that is killed', () => {
  it('has something to lose: windows, signals and an alarm on inputs', () => {
    expect(undisturbed.windows.length).toBeGreaterThan(20);
    expect(undisturbed.signals.length).toBeGreaterThan(2);
    expect(undisturbed.alarms.length).toBeGreaterThan(0);
    expect(new Set(undisturbed.windows).size).toBe(undisturbed.windows.length);
    expect(new Set(undisturbed.signals).size).toBe(undisturbed.signals.length);
  });

  it('in the middle of a window, and between look and policy: the same alarms, none twice, none lost', async () => {
    const end = await play('killed', async server => {
      // A clean look; then the first with a signal, of which the policy has not heard; then the alarm, before its answer.
      const quiet = undisturbed.windows.find(one => !undisturbed.signals.some(s => s.startsWith(one)))!;
      const [loud] = undisturbed.signals[0]!.split(' ');
      let now = await killAt(server, 'WindowObserved', `"${quiet}"`);
      now = await killAt(now, 'SignalRaised', `"${loud!}"`);
      return killAt(now, 'AlarmRaised', '"data-drift"');
    });
    expect(end).toEqual(undisturbed);
  }, 400_000);
});
