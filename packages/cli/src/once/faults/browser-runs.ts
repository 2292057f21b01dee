import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BIKE_FILE } from '../bikes/bike-data.js';
import { startChild, type ChildServer } from '../child-server.js';
import { point, skip, type Point } from '../point.js';

const MOST_SECONDS = { rollback: 20, answered: 180 };

interface Browser {
  visit(url: string): Promise<{ readonly page: unknown }>;
  close(): Promise<void>;
}
/** What the checkout's scripts/pages/flows.mjs offers. */
interface Flows {
  chromiumPath(): string | undefined;
  openBrowser(path: string): Promise<Browser>;
  flipSensor(page: unknown): Promise<{ seconds: number; sentence: string; failed: number }>;
  bringFile(
    page: unknown,
    input: { file: string; timezone: string },
  ): Promise<{
    seconds: number;
    profiled: number;
    served: number;
    answer: string;
    leftOut: readonly string[];
    preselected: string;
    chosen: string;
  }>;
}

/** Runs `work` in a real browser; without one, or outside a checkout, the point is skipped and says why. */
async function inBrowser(
  id: string,
  work: (browser: Browser, flows: Flows) => Promise<Point>,
): Promise<Point> {
  const script = fileURLToPath(new URL('../../../../../scripts/pages/flows.mjs', import.meta.url));
  if (!existsSync(script)) return skip(id, 'what drives a browser is in the checkout only');
  const flows = (await import(script)) as Flows;
  const executable = flows.chromiumPath();
  if (executable === undefined) return skip(id, 'no Chromium is installed here');
  const browser = await flows.openBrowser(executable);
  try {
    return await work(browser, flows);
  } finally {
    await browser.close();
  }
}

/** A fresh visitor presses *flip a sensor*. */
export function visitor(server: ChildServer): Promise<Point> {
  return inBrowser('A17', async (browser, { flipSensor }) => {
    const { page } = await browser.visit(server.url);
    const { seconds, sentence, failed } = await flipSensor(page);
    return point(
      'A17',
      'decision',
      seconds <= MOST_SECONDS.rollback && failed === 0 && /boundary|guardrail/.test(sentence),
      `${seconds.toFixed(1)} s from the press to “${sentence}” (≤ ${MOST_SECONDS.rollback})`,
    );
  });
}

/** A stranger brings a file to an empty server and types no YAML. */
export async function stranger(scratch: string): Promise<Point> {
  if (!existsSync(BIKE_FILE)) return skip('A18', 'the bike-sharing file is not beside the checkout');
  return inBrowser('A18', async (browser, { bringFile }) => {
    const server = await startChild(join(scratch, 'stranger'));
    try {
      const { page } = await browser.visit(`${server.url}/new`);
      const brought = await bringFile(page, { file: BIKE_FILE, timezone: 'America/New_York' });
      const leaks = brought.leftOut.join(', ');
      return point(
        'A18',
        'decision',
        brought.seconds < MOST_SECONDS.answered &&
          /\d/.test(brought.answer) &&
          brought.preselected === '' &&
          leaks.includes('casual') &&
          leaks.includes('registered'),
        `bike sharing, ${brought.seconds.toFixed(1)} s from the file to an answered prediction (< ${MOST_SECONDS.answered}), 0 lines of YAML typed; left out as suspects of leakage: ${leaks}`,
      );
    } finally {
      await server.stop();
    }
  });
}
