import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, runToEnd, scratch, ServerProcess } from '../support/server-process.js';
import { csv, smallRows, writeSmallProject } from '../support/small-project.js';

describe('archive, restore and delete on a real server', () => {
  let directory: Awaited<ReturnType<typeof scratch>>;
  let server: ServerProcess;
  let champion: string;
  let challenger: string;
  let secondRun: string;
  let version: string;
  const data = (): string => join(directory.path, 'data');
  const project = (): string => join(directory.path, 'project');
  const row = {
    inputs: [
      { name: 'origin', datatype: 'BYTES', shape: [1], data: ['EWR'] },
      { name: 'hour', datatype: 'FP64', shape: [1], data: [8] },
      { name: 'temp', datatype: 'FP64', shape: [1], data: [31] },
      { name: 'humid', datatype: 'FP64', shape: [1], data: [50] },
    ],
  };
  const infer = (name = 'small'): Promise<Response> =>
    fetch(`${server.url}/p/${name}/v2/models/late/infer`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-twinloop-token': server.token },
      body: JSON.stringify(row),
    });
  const blobFiles = async (name: string): Promise<readonly string[]> =>
    existsSync(join(data(), 'blobs', name))
      ? (await readdir(join(data(), 'blobs', name), { recursive: true })).filter(path =>
          /[0-9a-f]{64}$/.test(path),
        )
      : [];

  beforeAll(async () => {
    directory = await scratch();
    const { text } = await writeSmallProject(project());
    server = await ServerProcess.start(data());
    const client = server.client();
    await client.apply({ file: text, directory: project() });
    expect((await runToEnd(client)).status).toBe('passed');
    champion = (await client.status()).endpoint!.champion!.model;
    [version] = (await client.datasets()).map(one => one.version) as [string];
    // A second version and a challenger that a person rejects: history that nothing uses.
    await writeFile(join(project(), 'more.csv'), csv(smallRows(900, 2)));
    await client.addDatasetVersion('flights', join(project(), 'more.csv'));
    await writeFile(join(project(), 'newest.csv'), csv(smallRows(1000, 3)));
    const second = await runToEnd(client, { reason: 'a challenger' });
    expect(second.status).toBe('passed');
    secondRun = second.run;
    challenger = second.model!;
  });
  afterAll(async () => {
    await server.kill();
    await directory.remove();
  });

  it('refuses what is in use, and says by what', async () => {
    const client = server.client();
    await expect(client.archiveObject('model', champion, 'tidy')).rejects.toMatchObject({
      code: 'object_in_use',
      message: expect.stringContaining('it answers endpoint late'),
    });
    await expect(client.archiveObject('model', challenger, 'tidy')).rejects.toMatchObject({
      code: 'object_in_use',
      message: expect.stringContaining('it is the challenger of rollout-1'),
    });
    await expect(client.archiveObject('dataset-version', `flights@${version}`, 'tidy')).rejects.toMatchObject(
      {
        code: 'object_in_use',
        message: expect.stringContaining(champion),
      },
    );
    await expect(client.archiveObject('run', 'run-99', 'tidy')).rejects.toMatchObject({ code: 'not_found' });
    await client.reject('late', 'not wanted');
  });

  it('takes an archived object out of the lists, keeps it readable, and gives it back', async () => {
    const client = server.client();
    const archived = await client.archiveObject('model', challenger, 'superseded');
    expect(archived).toMatchObject({ archived: true, reason: 'superseded', by: 'token:data-directory' });
    expect((await client.models()).map(one => one.model)).toEqual([champion]);
    expect(await client.models({ archived: true })).toEqual(
      expect.arrayContaining([expect.objectContaining({ model: challenger, archived: true })]),
    );
    expect((await client.model(challenger)).model).toBe(challenger);
    expect((await client.archivedObjects()).map(one => one.id)).toEqual([challenger]);
    // Twice is once.
    expect(await client.archiveObject('model', challenger, 'again')).toEqual(archived);
    await client.restoreObject('model', challenger);
    expect((await client.models()).map(one => one.model).sort()).toEqual([challenger, champion].sort());
    await expect(client.restoreObject('model', challenger)).rejects.toMatchObject({
      code: 'object_not_archived',
    });
  });

  it('previews what hangs on a run and deletes it only when all of that is archived', async () => {
    const client = server.client();
    await expect(
      client.deleteObject('run', secondRun, { reason: 'tidy', confirm: secondRun }),
    ).rejects.toMatchObject({ code: 'object_not_archived' });
    await client.archiveObject('run', secondRun, 'tidy');
    const preview = await client.dependants('run', secondRun);
    expect(preview).toMatchObject({
      counts: { model: 1, rollout: 1 },
      deletable: 'no',
      because: `model ${challenger} hangs on it and is not archived`,
      dependants: [
        { kind: 'model', id: challenger, archived: false, of: `run ${secondRun}` },
        { kind: 'rollout', id: 'rollout-1', of: `model ${challenger}` },
      ],
    });
    await expect(
      client.deleteObject('run', secondRun, { reason: 'tidy', confirm: secondRun, cascade: true }),
    ).rejects.toMatchObject({ code: 'object_has_dependants', message: expect.stringContaining(challenger) });
    await client.archiveObject('model', challenger, 'tidy');
    expect((await client.dependants('run', secondRun)).deletable).toBe('cascade');
    await expect(
      client.deleteObject('run', secondRun, { reason: 'tidy', confirm: 'run' }),
    ).rejects.toMatchObject({ code: 'invalid_request', field: 'confirm' });
    const shown = await server.cli(['-p', 'small', 'delete', 'run', secondRun]);
    expect(shown).toMatchObject({ code: 1, stdout: expect.stringContaining('nothing was deleted') });
    const before = await blobFiles('small');
    const { bytes } = await client.dependants('run', secondRun);
    const done = await server.cli([
      '-p',
      'small',
      'delete',
      'run',
      secondRun,
      '--cascade',
      '--yes',
      '--reason',
      'asked to',
      '-o',
      'json',
    ]);
    expect(done.code).toBe(0);
    const deletion = JSON.parse(done.stdout) as { blobs: number; bytes: number; dependants: string[] };
    expect(deletion.dependants).toEqual([`model ${challenger}`]);
    expect(deletion.bytes).toBe(bytes.all);
    expect(deletion.blobs).toBeGreaterThan(0);
    expect((await blobFiles('small')).length).toBe(before.length - deletion.blobs);
  });

  it('keeps what the ledger says: the chain verifies, the card tells the deletion, the id says so', async () => {
    const client = server.client();
    expect(await client.verifyLedger()).toMatchObject({ ok: true });
    expect(await client.card(challenger)).toMatch(/This model was deleted on \d{4}-\d\d-\d\d: asked to\./);
    await expect(client.model(challenger)).rejects.toMatchObject({ code: 'object_deleted', status: 410 });
    await expect(client.run(secondRun)).rejects.toMatchObject({ code: 'object_deleted' });
    expect((await client.models({ archived: true })).map(one => one.model)).toEqual([champion]);
    // What stays is whole: the champion answers, and the same run makes the same model again.
    expect((await infer()).status).toBe(200);
    const again = await runToEnd(client, { reason: 'once more' });
    expect(again.status).toBe('passed');
    expect(again.model).toBe(challenger);
  });

  it('an archived project serves nothing, through a restart too, until it is restored', async () => {
    const archived = await server.cli(['archive', 'project', 'small', '--reason', 'season is over']);
    expect(archived).toMatchObject({ code: 0, stdout: 'archived project small\n' });
    const gone = await infer();
    expect([gone.status, await gone.text()]).toEqual([
      404,
      expect.stringContaining('twinloop restore project small'),
    ]);
    await server.kill();
    server = await ServerProcess.start(data());
    const client = server.client();
    await expect(client.status()).rejects.toMatchObject({ code: 'project_archived' });
    expect(await client.projects()).toEqual([]);
    expect(await client.projects({ archived: true })).toMatchObject([{ project: 'small', archived: true }]);
    expect(await client.verifyLedger()).toMatchObject({ ok: true });
    const text = await readFile(join(project(), 'twinloop.yaml'), 'utf8');
    await expect(client.apply({ file: text, directory: project() })).rejects.toMatchObject({
      code: 'project_archived',
    });
    expect((await server.cli(['restore', 'project', 'small'])).code).toBe(0);
    await eventually(async () => ((await infer()).status === 200 ? true : undefined), 'answers again');
    expect((await client.models()).some(one => one.model === champion)).toBe(true);
  });

  it('a deleted project leaves its ledger alone, and its name stays taken', async () => {
    const client = server.client();
    await expect(
      client.deleteObject('project', 'small', { reason: 'over', confirm: 'small' }),
    ).rejects.toMatchObject({ code: 'object_not_archived' });
    await client.archiveObject('project', 'small', 'over');
    const preview = await client.dependants('project', 'small');
    expect(preview).toMatchObject({ deletable: 'yes', counts: { run: 2, model: 2, 'dataset-version': 2 } });
    const files = await blobFiles('small');
    const deleted = await client.deleteObject('project', 'small', { reason: 'over', confirm: 'small' });
    expect(deleted).toMatchObject({ blobs: files.length, bytes: preview.bytes.all });
    expect(await blobFiles('small')).toEqual([]);
    // Somebody else's directory is theirs.
    expect(existsSync(join(project(), 'twinloop.yaml'))).toBe(true);
    await server.kill();
    server = await ServerProcess.start(data());
    const after = server.client();
    expect(await after.projects({ archived: true })).toEqual([]);
    expect(await after.verifyLedger()).toMatchObject({ ok: true });
    expect((await after.ledger({ limit: 1 }))[0]).toMatchObject({
      type: 'ObjectDeleted',
      sentence: 'project small deleted: over',
    });
    const text = await readFile(join(project(), 'twinloop.yaml'), 'utf8');
    await expect(after.apply({ file: text, directory: project() })).rejects.toMatchObject({
      code: 'object_deleted',
    });
  });
});
