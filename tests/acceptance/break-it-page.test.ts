import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFixture } from '../../packages/web/dev/fixture-server.mjs';
import { type Browser, flipSensor, openBrowser } from '../../scripts/pages/flows.mjs';
import { buildPages } from '../support/built-pages.js';
import { chromium, skipLine } from '../support/requires.js';
import { scratch } from '../support/server-process.js';
import { SupervisedDemo } from '../support/supervised-demo.js';

const NAME = 'Break it in Chromium';
const executable = chromium();
if (executable === undefined) skipLine(NAME, 'no Chromium; set TWINLOOP_CHROMIUM or install it');
const P = '/p/flight-delays';

describe.skipIf(executable === undefined)(NAME, () => {
  let pages: ReturnType<typeof buildPages>;
  let browser: Browser;
  let server: Awaited<ReturnType<typeof startFixture>>;

  // A fault is the server's: each test breaks its own.
  beforeEach(async () => {
    server = await startFixture({ dist: pages.dist });
  });
  afterEach(() => server?.close());
  beforeAll(async () => {
    pages = buildPages();
    browser = await openBrowser(executable!);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    pages?.remove();
  });

  test('a fresh visitor presses Flip a sensor and sees the rollback within 20 s, without scrolling', async () => {
    const { page, complaints, leave } = await browser.visit(server.url);
    const first = page.getByRole('button', { name: /^Poison a batch/ });
    await first.waitFor();
    const box = (await first.boundingBox())!;
    expect(box.y + box.height).toBeLessThan(800);

    const flipped = await flipSensor(page);
    expect(flipped.seconds).toBeLessThan(20);
    expect(flipped.sentence).toMatch(/^Caught: .* evidence crossed its boundary/);
    expect(flipped.failed).toBe(0);

    // The sentence leads to the decision, and the time line shows it as a rollback.
    await page.getByRole('link', { name: `decision ${flipped.decision}` }).click();
    await page.getByRole('article').getByText('Rolled back to version 6').first().waitFor();
    await page.goBack();
    await page
      .getByRole('list', { name: 'Decisions, newest first' })
      .getByRole('img', { name: 'rollback' })
      .waitFor();
    expect(complaints).toEqual([]);
    await leave();
  }, 60_000);

  test('while a fault runs, it is counted, the loop’s state is said, the others wait, and Undo ends it', async () => {
    const { page, leave } = await browser.visit(server.url + P);
    const panel = page.getByRole('region', { name: 'Break it' });
    await panel.getByRole('button', { name: /^Flip a sensor/ }).click();
    await panel.getByLabel('What').selectOption('temp');
    await panel.getByLabel('How').selectOption('unit');
    await panel.getByText('The same from a terminal or a script').click();
    await panel.getByText('twinloop chaos flip temp --transform unit --project flight-delays').waitFor();
    await panel.getByRole('button', { name: 'Flip a sensor now' }).click();
    await panel.getByText('temp is a hundred times too large in every request').waitFor();
    await panel.getByText(/Held: version 6 answers until labels decide/).waitFor();
    await panel.getByRole('img', { name: /^Evidence by label/ }).waitFor();
    expect(await panel.getByRole('button', { name: 'Poison a batch' }).isDisabled()).toBe(true);
    await panel.getByText('One fault at a time').waitFor();
    const [requests, failed] = await panel.locator('dl dd').allInnerTexts();
    expect(Number(requests)).toBeGreaterThan(20);
    expect(failed).toMatch(/^0 /);
    await panel.getByRole('button', { name: 'Undo', exact: true }).click();
    await panel.getByText('Undone:').waitFor();
    // What cannot be done says why.
    await panel.getByText('The fixture has no process to kill.').waitFor();
    await leave();
  }, 60_000);

  test('by keyboard alone', async () => {
    const { page, leave } = await browser.visit(server.url + P);
    const panel = page.getByRole('region', { name: 'Break it' });
    const row = panel.getByRole('button', { name: /^Delay the labels/ });
    await row.focus();
    await page.keyboard.press('Enter');
    const press = panel.getByRole('button', { name: 'Delay the labels now' });
    await expect
      .poll(() =>
        press.evaluate<boolean, { matches(selector: string): boolean }>(button => button.matches(':focus')),
      )
      .toBe(true);
    await page.keyboard.press('Escape');
    await press.waitFor({ state: 'detached' });
    await leave();
  });

  test('on the real server, playing the year of flights: the rollback is seen within 20 s', async () => {
    const directory = await scratch();
    const demo = await SupervisedDemo.start(join(directory.path, 'data'));
    const { page, complaints, leave } = await browser.visit(`${demo.url}/p/flight-delays`);
    // The first model is still being trained when the visitor comes.
    await page.getByRole('button', { name: /^Flip a sensor/, disabled: false }).waitFor({ timeout: 90_000 });
    const flipped = await flipSensor(page);
    expect(flipped.sentence).toMatch(/^Caught: .* failed requests$/);
    expect(flipped.failed).toBe(0);
    expect(flipped.seconds).toBeLessThan(20);
    const [decision] = await demo.client('flight-delays').ledger({ after: flipped.decision! - 1, limit: 1 });
    expect(decision?.type).toBe('ModelRolledBack');
    expect(complaints.filter(text => !text.includes('404'))).toEqual([]);
    await leave();
    await demo.stop();
    await directory.remove();
  }, 180_000);

  test('a project that is no demo has nothing to break', async () => {
    const empty = await startFixture({ dist: pages.dist, state: 'empty' });
    const { page, leave } = await browser.visit(`${empty.url}/p/default`);
    await page.getByText('No project is applied here yet').waitFor();
    expect(await page.getByRole('region', { name: 'Break it' }).count()).toBe(0);
    await leave();
    await empty.close();
  });
});
