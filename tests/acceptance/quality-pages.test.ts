import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { TwinloopClient } from '@twinloop/client';
import { type Browser, chromium as driver, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FixtureOptions, startFixture } from '../../packages/web/dev/fixture-server.mjs';
import { buildPages } from '../support/built-pages.js';
import { CHROMIUM_FLAGS, chromium, skipLine } from '../support/requires.js';

const NAME = 'drift, fairness, edge cases and expectations in Chromium';
const executable = chromium();
if (executable === undefined) skipLine(NAME, 'no Chromium; set TWINLOOP_CHROMIUM or install it');

const P = '/p/flight-delays';
const API = `${P}/api/twinloop/v1`;
const MONITORS = `${P}/monitors/late`;
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Every page with what must be on it. */
const PAGES: readonly (readonly [path: string, facts: readonly string[]])[] = [
  [
    MONITORS,
    [
      'Drift over time',
      'held against training: 9,186 rows',
      'temp drifted most often',
      'joint',
      'Edge cases',
    ],
  ],
  [`${MONITORS}/quality`, ['Where it is worst', 'Base rate', 'Calibration error (ECE)']],
  [
    `${MONITORS}/fairness`,
    [
      'Nothing fails over 13,240 labelled answers, but 3 of 5 limited differences cannot be told from their limits yet.',
      'equal opportunity',
      '13.0 points [8.8, 17.2]',
      'EWR and LGA',
      'groups below 50 labels are not compared',
      'too small',
    ],
  ],
  [
    `${MONITORS}/edge-cases`,
    [
      '37 of 2,104 requests of the last 14 days are unlike training; about 21 were to be expected as strange by chance',
      'unlikely together',
      'precip 1.21 is above the largest of training, 0.46',
      'storm over Newark',
    ],
  ],
  [
    `${P}/data/flights`,
    ['The newest version breaks 2 of 6 rules', '3 of 8 versions had rows kept apart', 'no longer declared'],
  ],
];

describe.skipIf(executable === undefined)(NAME, () => {
  let browser: Browser;
  let pages: ReturnType<typeof buildPages>;
  let url: string;
  const servers: { close(): Promise<void> }[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    pages = buildPages();
    browser = await driver.launch({ executablePath: executable!, args: [...CHROMIUM_FLAGS] });
    url = await serve();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await Promise.all(servers.map(server => server.close()));
    pages?.remove();
  });

  async function serve(options: FixtureOptions = {}): Promise<string> {
    const server = await startFixture({ dist: pages.dist, ...options });
    servers.push(server);
    return server.url;
  }

  async function open(
    address: string,
    {
      width = 1280,
      dark = false,
      answers = {},
    }: { width?: number; dark?: boolean; answers?: Readonly<Record<string, unknown>> } = {},
  ): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme: dark ? 'dark' : 'light',
      timezoneId: 'America/New_York',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.on('console', message => {
      if (message.type() === 'error') complaints.push(`${address}: ${message.text()}`);
    });
    page.on('pageerror', error => complaints.push(`${address}: ${error.message}`));
    for (const [path, answer] of Object.entries(answers))
      await page.route(`**${API}${path}`, route => route.fulfill({ json: answer }));
    await page.goto(address);
    return page;
  }

  const ask = (): TwinloopClient => new TwinloopClient({ baseUrl: url, project: 'flight-delays' });
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

  test.each(PAGES)(
    '%s shows its facts, passes axe in light and dark, and fits 390 px',
    async (path, facts) => {
      complaints.length = 0;
      const light = await open(url + path);
      for (const fact of facts) await see(light, fact);
      expect(await violations(light), 'light').toEqual([]);
      await close(light);
      const dark = await open(url + path, { dark: true });
      await see(dark, facts[0]!);
      expect(await violations(dark), 'dark').toEqual([]);
      await close(dark);
      const narrow = await open(url + path, { width: 390 });
      await see(narrow, facts[0]!);
      expect(await sideways(narrow)).toBe(0);
      expect(await violations(narrow), 'narrow').toEqual([]);
      await close(narrow);
      expect(complaints).toEqual([]);
    },
    30_000,
  );

  test('the four looks at an endpoint lead to each other', async () => {
    const page = await open(url + MONITORS);
    for (const [name, heading] of [
      ['Quality', 'Quality of late'],
      ['Fairness', 'Fairness of late'],
      ['Edge cases', 'Edge cases of late'],
      ['Drift', 'Monitors of late'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Looks at late' }).getByRole('link', { name }).click();
      await page.getByRole('heading', { name: heading }).waitFor();
    }
    await close(page);
  });

  test('the matrix by keyboard: arrows move and say the figures, Enter chooses the feature', async () => {
    const page = await open(url + MONITORS);
    const grid = page.getByRole('grid', { name: /^Drift of/ });
    await grid.focus();
    const active = async (): Promise<string | null> =>
      page.locator(`[id="${await grid.getAttribute('aria-activedescendant')}"]`).getAttribute('aria-label');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(active).toMatch(/^temp, .* effect .* × the 0\.50 that matters\), adjusted p /);
    // What the screen reader hears stands below the grid, too.
    await see(page, (await active())!);
    await page.keyboard.press('Enter');
    await page.waitForURL(/feature=temp/);
    await page.getByRole('heading', { name: 'temp', exact: true }).waitFor();
    await close(page);
  });

  test('of 300 windows and 400 subjects a screenful is in the document', async () => {
    const view = await ask().driftMatrix('late');
    const windows = Array.from({ length: 300 }, (_, i) => ({
      ...view.windows[i % view.windows.length],
      from: i * 864e5,
      until: (i + 1) * 864e5,
    }));
    const subjects = Array.from({ length: 400 }, (_, row) => ({
      subject: `input_${row}`,
      kind: 'input',
      importance: 1 / 400,
      cells: windows.map((_, i) => ({ effect: ((row + i) % 9) / 8, adjustedP: 0.2, drifted: false })),
    }));
    const page = await open(url + MONITORS, {
      answers: { '/monitors/late/matrix': { ...view, windows, subjects } },
    });
    await see(page, '300 windows');
    const cells = page.getByRole('gridcell');
    expect(await cells.count()).toBeLessThan(6000);
    await page.getByRole('grid', { name: /^Drift of 400/ }).focus();
    for (const key of ['PageDown', 'PageDown', 'PageDown', 'PageDown', 'Home'])
      await page.keyboard.press(key);
    await page.getByText('input_40', { exact: true }).waitFor();
    await see(page, 'input_40, ');
    await close(page);
  });

  test('causes are ranked with their weight and the loss to be expected', async () => {
    const monitors = await ask().monitors('late');
    const causes = [
      {
        subject: 'temp',
        weight: 0.71,
        expectedLoss: { metric: 'log_loss', value: 0.0312 },
        sentence: 'mean up 14 °F',
      },
      { subject: 'humid', weight: 0.29, expectedLoss: null, sentence: 'mean up 6 %' },
    ];
    const page = await open(url + MONITORS, { answers: { '/monitors/late': { ...monitors, causes } } });
    const items = page.getByRole('list', { name: 'Causes, heaviest first' }).getByRole('listitem');
    await items.nth(1).waitFor();
    expect(await items.count()).toBe(2);
    expect(await items.first().innerText()).toMatch(
      /temp\s+71 %\s+mean up 14 °F\s+expected log loss 0\.031 higher/,
    );
    expect(await violations(page)).toEqual([]);
    await close(page);
  });

  test('an attribute of fairness is chosen by address; a failure is said first', async () => {
    const fairness = await ask().fairness('late');
    const page = await open(`${url}${MONITORS}/fairness`);
    await page.getByRole('button', { name: 'origin × carrier' }).click();
    await see(page, 'EWR × UA');
    expect(new URL(page.url()).searchParams.get('attribute')).toBe('origin × carrier');
    await page.reload();
    await see(page, 'Figures by origin × carrier');
    await close(page);

    const [first, second] = fairness.attributes;
    const [parity] = second!.disparities;
    const failing = {
      ...fairness,
      attributes: [
        first,
        {
          ...second,
          disparities: [{ ...parity, value: 0.2, low: 0.15, high: 0.25, status: 'fail' }],
        },
      ],
    };
    const failed = await open(`${url}${MONITORS}/fairness`, {
      answers: { '/endpoints/late/fairness': failing },
    });
    await see(failed, 'The demographic parity difference by origin × carrier fails: 20.0 points');
    await see(failed, 'Figures by origin × carrier');
    expect(await violations(failed)).toEqual([]);
    await close(failed);
  });

  test('an edge case becomes a prediction test with one click, and ceases to be one', async () => {
    const page = await open(`${url}${MONITORS}/edge-cases`);
    await see(page, 'Strangest first');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/case=/);
    const id = new URL(page.url()).searchParams.get('case')!;
    await see(page, `- name: edge case ${id}`);
    await see(page, `twinloop test add ${id} --endpoint late --project flight-delays`);
    await see(page, `edge-cases/${id}/test`);
    const sent = page.waitForRequest(request => request.method() === 'POST');
    await page.getByRole('button', { name: 'Make it a prediction test' }).click();
    expect((await sent).url()).toContain(`/endpoints/late/edge-cases/${id}/test`);
    await see(page, `gate asks “edge case ${id}” of every candidate`);
    await see(page, `twinloop test remove 'edge case ${id}'`);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Remove the test' }).click();
    await page.getByRole('button', { name: 'Make it a prediction test' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText(`- name: edge case ${id}`).waitFor({ state: 'detached' });

    await page.getByRole('button', { name: /wind_speed missing/ }).click();
    await page.waitForURL(/reason=missing/);
    await see(page, '8 of 37 requests');
    await page.getByRole('button', { name: 'Remove storm over Newark' }).click();
    await see(page, 'None yet. Open a request');
    await close(page);
  });

  test('a rule and a version: the count by keyboard, Enter opens the version with the rows kept apart', async () => {
    const page = await open(`${url}${P}/data/flights`);
    const grid = page.getByRole('grid', { name: /rules over/ });
    await grid.focus();
    await see(page, 'Version ');
    for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
    await see(page, 'broken, 9 of 56,089 rows; those rows are kept apart');
    await page.keyboard.press('Enter');
    await see(page, 'Rows kept apart');
    await see(page, 'origin TEB is not one of EWR, JFK, LGA');
    await see(page, 'training reads them');
    await see(page, 'twinloop data quarantine flights@');
    await see(page, 'Rules that this version suggests');
    await see(page, '6 of 9,186 rows (0.07 %) have no temp');
    await see(page, 'twinloop data suggest flights --write');
    expect(await violations(page)).toEqual([]);
    await close(page);
  });

  test('what is not there yet is taught', async () => {
    const nobody = { ...(await ask().fairness('late')), attributes: [] };
    const quiet = {
      ...(await ask().edgeCases('late')),
      requests: 0,
      outside: 0,
      kinds: [],
      cases: [],
      tests: [],
    };
    const matrix = { ...(await ask().driftMatrix('late')), windows: [], subjects: [] };
    for (const [path, api, answer, line] of [
      ['/monitors/late/fairness', '/endpoints/late/fairness', nobody, '- { gate: bias'],
      ['/monitors/late/edge-cases', '/endpoints/late/edge-cases', quiet, 'npx twinloop test add REQUEST'],
      ['/monitors/late', '/monitors/late/matrix', matrix, 'No window has been looked at yet'],
      [
        '/data/flights',
        '/datasets/flights/expectations',
        { dataset: 'flights', versions: [], rules: [] },
        'npx twinloop data suggest flights',
      ],
    ] as const) {
      const page = await open(url + P + path, { answers: { [api]: answer } });
      await see(page, line);
      expect(await violations(page), path).toEqual([]);
      await close(page);
    }
  });

  test('an error says its code, and what to do', async () => {
    const broken = await serve({ state: 'broken' });
    for (const path of ['/monitors/late/fairness', '/monitors/late/edge-cases', '/data/flights']) {
      const page = await open(broken + P + path);
      await page.getByRole('alert').first().getByText('storage_corrupt', { exact: true }).waitFor();
      expect(await violations(page), path).toEqual([]);
      await close(page);
    }
  });
});
