import { join } from 'node:path';
import { type Browser, chromium as driver, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { replayed, startReplay } from '../support/replayed-project.js';
import { CHROMIUM_FLAGS, chromium, skipLine } from '../support/requires.js';
import { scratch, ServerProcess } from '../support/server-process.js';
import { writeSmallProject } from '../support/small-project.js';

const NAME = 'the pages of a real server';
const executable = chromium();
if (executable === undefined) skipLine(NAME, 'no Chromium; set TWINLOOP_CHROMIUM or install it');

// The fixture of pages.test.ts shows every state; this shows that server and pages speak of the same things.
describe.skipIf(executable === undefined)(NAME, () => {
  let directory: Awaited<ReturnType<typeof scratch>>;
  let server: ServerProcess;
  let browser: Browser;
  const complaints: string[] = [];

  beforeAll(async () => {
    directory = await scratch();
    server = await ServerProcess.start(join(directory.path, 'data'));
    browser = await driver.launch({ executablePath: executable!, args: [...CHROMIUM_FLAGS] });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.kill();
    await directory?.remove();
  });

  async function open(path: string): Promise<Page> {
    const page = await browser.newPage();
    page.on(
      'console',
      message => message.type() === 'error' && complaints.push(`${path}: ${message.text()}`),
    );
    page.on('pageerror', error => complaints.push(`${path}: ${error.message}`));
    await page.goto(server.url + path);
    return page;
  }

  test('the first page fills while the replay plays, without a reload', async () => {
    const project = await writeSmallProject(join(directory.path, 'project'), {
      monitors: '  fairness: { attributes: [origin], window: 90d, threshold: 0.3, minGroup: 20 }',
    });
    const page = await open('/p/small/');
    await startReplay(server.client(), project);
    await page.reload();
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    await replayed(server);
    await page.getByText('Now with your own data').first().waitFor();
    await page.getByText('replay finished', { exact: false }).first().waitFor();
    await page.close();
  }, 90_000);

  test.each([
    ['/p/small/data', 'accepted'],
    ['/p/small/runs/run-1', 'candidates/linear/all'],
    ['/p/small/endpoint/late', 'answers every request'],
    ['/p/small/data/flights', 'The newest version keeps'],
    ['/p/small/monitors/late', 'Features, what matters first'],
    ['/p/small/monitors/late', 'held against'],
    ['/p/small/monitors/late/quality', 'Calibration'],
    ['/p/small/monitors/late/fairness', 'demographic parity'],
    ['/p/small/monitors/late/edge-cases', 'unlike training'],
    ['/p/small/decisions', 'What was decided'],
  ])('%s shows what the server says', async (path, fact) => {
    const page = await open(path);
    await page.getByText(fact, { exact: false }).first().waitFor();
    await page.close();
  });

  test('a version shows what it suggests, and an edge case becomes a test', async () => {
    const client = server.client();
    const { version } = (await client.datasets()).find(one => one.status === 'accepted')!;
    const data = await open(`/p/small/data/flights/${version}`);
    await data.getByText('Rules that this version suggests').waitFor();
    await data.getByText('declared', { exact: true }).first().waitFor();
    await data.close();

    const [edge] = (await client.edgeCases('late')).cases;
    const page = await open(`/p/small/monitors/late/edge-cases?case=${edge!.id}`);
    await page.getByRole('button', { name: 'Make it a prediction test' }).click();
    await page.getByRole('button', { name: 'Remove the test' }).waitFor();
    const [made] = await client.edgeTests('late');
    expect(made).toMatchObject({ prediction: edge!.id });
    await page.getByText(`gate asks “${made!.name}”`).waitFor();
    await page.getByRole('button', { name: 'Remove the test' }).click();
    await page.getByRole('button', { name: 'Make it a prediction test' }).waitFor();
    expect(await client.edgeTests('late')).toEqual([]);
    await page.close();
  });

  test('the chain verifies from the page', async () => {
    const page = await open('/p/small/decisions');
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page
      .getByText(/entries/)
      .first()
      .waitFor();
    await page.close();
  });

  test('no page complained in the console', () => {
    // Before the project was applied its first page could only say so.
    expect(complaints.filter(text => !text.includes('404'))).toEqual([]);
  });
});
