import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium as driver, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FixtureOptions, startFixture } from '../../packages/web/dev/fixture-server.mjs';
import { CHROMIUM_FLAGS, chromium, skipLine } from '../support/requires.js';

const NAME = 'the pages in Chromium';
const executable = chromium();
if (executable === undefined) skipLine(NAME, 'no Chromium; set TWINLOOP_CHROMIUM or install it');

const root = join(import.meta.dirname, '../..');
const P = '/p/flight-delays';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every page with what must be on it: the answer to its question, with n and units. */
const PAGES: readonly (readonly [path: string, facts: readonly string[]])[] = [
  [
    P,
    [
      'Predicted 21 % late, observed 38 % over 1,097 labels',
      '50,814',
      '6 of 12',
      'Now with your own data',
      'promoted to version 7',
    ],
  ],
  [`${P}/?at=120`, ['As of decision 120', 'Back to live', 'version 3']],
  [`${P}/data`, ['7 versions accepted, 1 refused', '481 of 2,406 rows (20.0 %) have no temp', '9,186']],
  [`${P}/runs`, ['run-007', 'gbt, last 60 days', '5 of 5', 'immutable, named by the hash']],
  [
    `${P}/runs/run-003`,
    ['code tests', 'cached', '◆ chosen', 'Test report', 'what failed stands first', 'late@d45510ae617b'],
  ],
  [
    `${P}/models/late@d45510ae617b`,
    ['out of service', 'sched_dep_time', 'Intended use', 'late@4438d901484b'],
  ],
  [
    `${P}/endpoint/late`,
    [
      'gbt version 7 answers every request',
      'always-valid interval',
      '[−0.0050, 0.0298]',
      'more labels',
      'the whole interval lies above zero',
      'curl -s',
    ],
  ],
  [
    `${P}/monitors/late`,
    [
      'Features, what matters first',
      'p corrected for all of 16 features',
      'Frozen linear',
      '0.570',
      'this loop',
      'observed',
      'n = ',
    ],
  ],
  [`${P}/decisions`, ['Replay finished', 'rollout observed', 'Verify the chain']],
  [`${P}/decisions?seq=100`, ['#100', 'What led to it', 'Payload']],
];

describe.skipIf(executable === undefined)(NAME, () => {
  let browser: Browser;
  let dist: string;
  const servers: { close(): Promise<void> }[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    dist = mkdtempSync(join(tmpdir(), 'twinloop-pages-'));
    // The bundle must be the one that is shipped, not React's development build.
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/vite/bin/vite.js'),
        'build',
        '--logLevel',
        'error',
        '--outDir',
        dist,
        '--emptyOutDir',
      ],
      { cwd: join(root, 'packages/web'), env: { ...process.env, NODE_ENV: 'production' } },
    );
    browser = await driver.launch({ executablePath: executable!, args: [...CHROMIUM_FLAGS] });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all(servers.map(server => server.close()));
    rmSync(dist, { recursive: true, force: true });
  });

  async function serve(options: FixtureOptions = {}): Promise<string> {
    const server = await startFixture({ dist, ...options });
    servers.push(server);
    return server.url;
  }

  async function open(
    url: string,
    { width = 1280, dark = false, ...rest }: { width?: number; dark?: boolean; permissions?: string[] } = {},
  ): Promise<Page> {
    const context: BrowserContext = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: dark ? 'dark' : 'light',
      timezoneId: 'America/New_York',
      reducedMotion: 'reduce',
      ...rest,
    });
    const page = await context.newPage();
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(`${url}: ${message.text()}`);
    });
    page.on('pageerror', error => complaints.push(`${url}: ${error.message}`));
    await page.goto(url);
    return page;
  }

  const close = (page: Page): Promise<void> => page.context().close();
  const see = (page: Page, text: string): Promise<void> =>
    page.getByText(text).filter({ visible: true }).first().waitFor({ timeout: 10_000 });
  const sideways = (page: Page): Promise<number> =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    return page.evaluate(
      `axe.run(document, { resultTypes: ['violations'] }).then(result =>
         result.violations.flatMap(v => v.nodes.map(n => v.impact + ' ' + v.id + ': ' + n.target.join(' '))))`,
    );
  }

  describe('the played year', () => {
    let url: string;
    let total: number;
    beforeAll(async () => {
      url = await serve();
      const verified = await fetch(`${url}${P}/api/twinloop/v1/ledger/verify`);
      total = ((await verified.json()) as { entries: number }).entries;
    });

    test.each(PAGES)('%s shows its facts, in a browser that complains of nothing', async (path, facts) => {
      complaints.length = 0;
      const page = await open(url + path);
      for (const fact of facts) await see(page, fact);
      expect(await page.title()).toMatch(/ · Twinloop$/);
      await see(page, 'Live');
      expect(complaints).toEqual([]);
      await close(page);
    });

    test.each(PAGES)('%s passes axe in light and dark, and fits 390 px', async (path, facts) => {
      for (const dark of [false, true]) {
        const page = await open(url + path, { dark });
        await see(page, facts[0]!);
        expect(await violations(page), dark ? 'dark' : 'light').toEqual([]);
        await close(page);
      }
      const page = await open(url + path, { width: 390 });
      await see(page, facts[0]!);
      expect(await sideways(page)).toBe(0);
      expect(await violations(page), 'narrow').toEqual([]);
      await close(page);
    });

    test('the bare address leads to the project', async () => {
      const page = await open(url);
      await page.waitForURL(`${url}${P}`);
      await close(page);
    });

    test('Decisions by keyboard: j and k move, Enter opens, Escape closes, / filters', async () => {
      const page = await open(`${url}${P}/decisions`);
      const selected = page.locator('[role=row][aria-selected=true]');
      await see(page, 'Replay finished');
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      expect(await selected.getAttribute('aria-rowindex')).toBe('3');
      const sentence = await selected.locator('[role=gridcell]').nth(3).innerText();
      await page.keyboard.press('Enter');
      await page.getByRole('article').getByRole('heading', { name: sentence }).waitFor();
      expect(page.url()).toMatch(/seq=\d+/);
      await page.keyboard.press('Escape');
      await page.getByRole('article').waitFor({ state: 'detached' });

      await page.keyboard.press('/');
      await page.keyboard.type('promoted');
      await see(page, `of ${total} decisions`);
      expect(new URL(page.url()).searchParams.get('q')).toBe('promoted');
      for (const text of await page.locator('[role=row] [role=gridcell]:nth-child(4)').allInnerTexts()) {
        expect(text).toContain('promoted');
      }
      // Letters belong to the field while someone types in it.
      expect(await page.getByRole('searchbox').inputValue()).toBe('promoted');

      await page.keyboard.press('Escape');
      await page.getByRole('grid').focus();
      await page.keyboard.press('End');
      await selected.waitFor();
      expect(await page.getByRole('grid').getAttribute('aria-activedescendant')).toBe(
        await selected.getAttribute('id'),
      );
      await close(page);
    });

    test('kinds and columns are kept in the address, and the list is copied as CSV', async () => {
      const page = await open(`${url}${P}/decisions`, { permissions: ['clipboard-read', 'clipboard-write'] });
      await page.getByRole('button', { name: /^Kinds/ }).click();
      await page.getByRole('checkbox', { name: 'Promotions' }).check();
      await page.keyboard.press('Escape');
      await see(page, `4 of ${total} decisions`);
      expect(new URL(page.url()).searchParams.get('kind')).toBe('promotion');
      await page.getByRole('button', { name: 'Copy CSV' }).click();
      await see(page, 'Copied');
      const csv: string = await page.evaluate('navigator.clipboard.readText()');
      expect(csv.split('\r\n')).toHaveLength(5);
      await close(page);
    });

    test('the chain is verified on request', async () => {
      const page = await open(`${url}${P}/decisions`);
      await page.getByRole('button', { name: 'Verify the chain' }).click();
      await see(page, `All ${total} entries hold`);
      await close(page);
      const broken = await open(`${await serve({ tampered: true })}${P}/decisions`);
      await broken.getByRole('button', { name: 'Verify the chain' }).click();
      await see(broken, 'Entry 42 does not hold');
      await close(broken);
    });

    test('looking back shows the state as of a decision, and live again', async () => {
      const page = await open(`${url}${P}`);
      const scrubber = page.getByRole('slider', { name: 'Look back over the ledger' });
      await scrubber.focus();
      await page.keyboard.press('PageDown');
      await page.getByText(/^As of decision \d+$/).waitFor();
      expect(new URL(page.url()).searchParams.get('at')).toMatch(/^\d+$/);
      await page.keyboard.press('Home');
      await see(page, 'Project flight-delays applied');
      await page.getByRole('button', { name: 'Back to live' }).click();
      await see(page, 'Now with your own data');
      expect(new URL(page.url()).searchParams.get('at')).toBeNull();
      await close(page);
    });

    test('an action shows its command and its API call before it is taken', async () => {
      const page = await open(`${url}${P}/endpoint/late`);
      await page.getByRole('button', { name: 'Promote …' }).click();
      const dialog = page.getByRole('dialog', { name: 'Promote the challenger' });
      const confirm = dialog.getByRole('button', { name: 'Promote the challenger' });
      expect(await confirm.isDisabled()).toBe(true);
      await dialog.getByLabel('Reason, for the ledger').fill('agreed with operations');
      await see(page, "twinloop promote late --reason 'agreed with operations' --project flight-delays");
      await see(page, `curl -X POST ${url}${P}/api/twinloop/v1/endpoints/late/promote`);
      expect(await violations(page)).toEqual([]);
      const sent = page.waitForRequest(request => request.method() === 'POST');
      await confirm.click();
      expect((await sent).postDataJSON()).toEqual({ reason: 'agreed with operations' });
      await dialog.waitFor({ state: 'detached' });
      await close(page);
    });

    test('a gate that passed shows its figures when asked', async () => {
      const page = await open(`${url}${P}/runs/run-003`);
      const asked = page.getByText(/^(The figure|\d+ figures)$/);
      await asked.first().waitFor();
      for (const figures of await asked.all()) await figures.click();
      await see(page, 'paired log-loss difference');
      await see(page, 'DeLong, 95 %');
      expect(await violations(page)).toEqual([]);
      await close(page);
    });

    test('a feature and a rollout are chosen by address', async () => {
      const page = await open(`${url}${P}/monitors/late?feature=carrier`);
      await page.getByRole('heading', { name: 'carrier' }).waitFor();
      await page.getByRole('table').getByRole('link', { name: 'dewp' }).click();
      await page.getByRole('heading', { name: 'dewp' }).waitFor();
      expect(page.url()).toContain('feature=dewp');
      await page.goto(`${url}${P}/endpoint/late?rollout=rollout-05`);
      await see(page, 'Evidence of rollout-05');
      await see(page, 'the whole interval lies below zero');
      await close(page);
    });

    test('the theme follows the system until it is chosen, and is remembered', async () => {
      const page = await open(`${url}${P}`, { dark: true });
      const background = (): Promise<string> =>
        page.evaluate('getComputedStyle(document.body).backgroundColor');
      const dark = await background();
      await page.getByRole('button', { name: /^Theme: system/ }).click();
      expect(await background()).not.toBe(dark);
      await page.reload();
      await page.getByRole('button', { name: /^Theme: light/ }).waitFor();
      expect(await background()).not.toBe(dark);
      await close(page);
    });
  });

  test('while the replay plays, figures and timeline move without a reload; pause holds them', async () => {
    const page = await open(`${await serve({ state: 'playing', from: 0.2 })}${P}`);
    const rows = page.getByRole('list', { name: 'Decisions, newest first' }).getByRole('listitem');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await rows.first().waitFor();
    const before = await rows.count();
    await page.getByRole('button', { name: 'max' }).click();
    await expect.poll(() => rows.count(), { timeout: 10_000 }).toBeGreaterThan(before);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Play' }).waitFor();
    const first = await rows.first().innerText();
    const again = await page.evaluate(`fetch('${P}/api/twinloop/v1/replay').then(r => r.json())`);
    expect(again).toMatchObject({ state: 'paused', speed: 'max' });
    expect(await rows.first().innerText()).toBe(first);
    expect(await violations(page)).toEqual([]);
    await close(page);
  });

  test('an empty server teaches the three commands', async () => {
    const url = await serve({ state: 'empty' });
    for (const [path, line] of [
      ['/', 'npx twinloop init my-project'],
      ['/p/default', 'npx twinloop apply'],
      ['/p/default/data', 'npx twinloop plan'],
      ['/p/default/runs', 'npx twinloop run --reason "first model"'],
      ['/p/default/endpoint', 'npx twinloop run'],
      ['/p/default/monitors', 'npx twinloop apply'],
      ['/p/default/decisions', 'npx twinloop ledger verify'],
    ] as const) {
      const page = await open(url + path);
      await see(page, line);
      expect(await violations(page), path).toEqual([]);
      await close(page);
    }
  });

  test('an error says its code, what happened, what to do, where to read on, and which request', async () => {
    const url = await serve({ state: 'broken' });
    for (const path of [
      P,
      `${P}/data`,
      `${P}/runs`,
      `${P}/monitors/late`,
      `${P}/endpoint/late`,
      `${P}/decisions`,
    ]) {
      const page = await open(url + path);
      const alert = page.getByRole('alert').first();
      await alert.getByText('storage_corrupt', { exact: true }).waitFor();
      await alert.getByText('Stored data is damaged: entry 42 does not hold').waitFor();
      await alert.getByText('Restore the data directory from a backup').waitFor();
      await alert.getByText('req-01j9zq4m7').waitFor();
      expect(
        await alert.getByRole('link', { name: 'Reference: storage_corrupt' }).getAttribute('href'),
      ).toContain('#storage_corrupt');
      expect(await violations(page), path).toEqual([]);
      await close(page);
    }
  });

  test('an address that no page has says so', async () => {
    const page = await open(`${await serve()}/nowhere`);
    await see(page, 'No page has this address');
    await close(page);
  });

  test('with 100,000 decisions a key is answered within 100 ms (median of 20)', async () => {
    const page = await open(`${await serve({ decisions: 100_000 })}${P}/decisions`);
    await page.getByText('100,000 decisions').waitFor({ timeout: 60_000 });
    const median: number = await page.evaluate(`(async () => {
      const times = [];
      for (let i = 0; i < 20; i++) {
        const start = performance.now();
        window.dispatchEvent(new KeyboardEvent('keydown', { key: 'j', bubbles: true, cancelable: true }));
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[10];
    })()`);
    expect(await page.locator('[role=row][aria-selected=true]').getAttribute('aria-rowindex')).toBe('21');
    expect(await page.locator('[role=row]').count()).toBeLessThan(100);
    expect(median).toBeLessThan(100);
    await close(page);
  }, 90_000);
});
