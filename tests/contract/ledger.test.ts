import { fact, type FactPayloads, type Ledger, type ProjectId } from '@twinloop/kernel';
import { memoryLedger, openLedger } from '@twinloop/storage';
import Database from 'libsql';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { held, ledgerContract, project } from './ledger-contract.js';
import { freshDirectory } from './workspace.js';

const parts = () => {
  let byte = 0;
  return { wallNow: () => 5000, randomBytes: (size: number) => new Uint8Array(size).fill(++byte % 256) };
};
const file = (): string => join(freshDirectory(), 'ledger.db');

ledgerContract('memory', async () => memoryLedger());
ledgerContract('embedded', () => openLedger(file(), parts()));

describe('the embedded ledger', () => {
  const written = async (entries: number): Promise<string> => {
    const path = file();
    const ledger = await openLedger(path, parts());
    await ledger.append(
      project,
      Array.from({ length: entries }, (_, i) => held(`reason ${i}`)),
    );
    await ledger.close();
    return path;
  };
  const verifyAfter = async (sql: string, entries = 2500): Promise<Awaited<ReturnType<Ledger['verify']>>> => {
    const path = await written(entries);
    const database = new Database(path);
    database.exec(sql);
    database.close();
    const ledger = await openLedger(path, parts());
    const verification = await ledger.verify(project);
    await ledger.close();
    return verification;
  };

  test.each([
    [
      'one byte of a payload',
      "update ledger_payload set payload = replace(payload, 'reason 1499', 'reason 1498') where seq = 1500",
      1500,
      'payload',
    ],
    ['a header', "update ledger_entry set actor = 'eve' where seq = 7", 7, 'header'],
    ['a missing entry', 'delete from ledger_entry where seq = 1200', 1200, 'missing'],
    ['a missing first entry', 'delete from ledger_entry where seq = 1', 1, 'missing'],
    [
      'two entries in each other’s place',
      'update ledger_entry set seq = -1 where seq = 4; update ledger_entry set seq = 4 where seq = 5; update ledger_entry set seq = 5 where seq = -1',
      4,
      '',
    ],
    ['a salt', "update ledger_payload set salt = '00' where seq = 2", 2, 'payload'],
  ])('verify names the first broken entry: %s', async (_case, sql, seq, reason) => {
    const verification = await verifyAfter(sql);
    expect(verification).toMatchObject({ ok: false, seq });
    expect(verification.ok ? '' : verification.reason).toContain(reason);
  });

  test('an untouched ledger of several pages verifies after reopening', async () => {
    expect(await verifyAfter('select 1')).toMatchObject({ ok: true, entries: 2500 });
  });

  test('entries survive reopening and the chain goes on', async () => {
    const path = await written(3);
    const ledger = await openLedger(path, parts());
    const [next] = await ledger.append(project, [held('later')]);
    expect(next!.seq).toBe(4);
    expect(await ledger.verify(project)).toMatchObject({ ok: true, entries: 4 });
    await ledger.close();
  });

  test('payloads of an older version are read through upcasters, step by step', async () => {
    const ledger = await openLedger(file(), {
      ...parts(),
      upcasters: {
        PolicyHeld: {
          1: old => ({
            ...(old as object),
            reason: `${(old as FactPayloads['PolicyHeld']).reason}, since v2`,
          }),
          2: old => ({ ...(old as object), endpoint: 'renamed' }),
        },
      },
    });
    await ledger.append(project, [
      held('old'),
      fact('PolicyResumed', { endpoint: 'delays' }, { at: 1, actor: 'a' }),
    ]);
    const [upcast, untouched] = await ledger.read({ project });
    expect(upcast!.payload).toEqual({ endpoint: 'renamed', reason: 'old, since v2' });
    expect(untouched!.payload).toEqual({ endpoint: 'delays' });
    expect(await ledger.verify(project)).toMatchObject({ ok: true });
    await ledger.close();
  });

  test('equal facts have equal decision hashes under other salts and clocks', async () => {
    const facts = [held('1'), held('2', { at: 0.1 + 0.2 })];
    const one = await openLedger(file(), parts());
    const two = memoryLedger({ wallNow: () => 9, randomBytes: size => new Uint8Array(size).fill(77) });
    const [a] = await one.append(project, facts);
    const [b] = await two.append(project, facts);
    expect(a!.hash).not.toBe(b!.hash);
    expect(await one.decisionHash(project)).toBe(await two.decisionHash(project));
    await one.close();
  });

  test('a full disk is storage_full; what was there stays, and appends go on when there is space', async () => {
    const path = await written(1);
    const database = new Database(path);
    const [{ page_count: pages }] = database.pragma('page_count') as [{ page_count: number }];
    database.close();
    const limited = await openLedger(path, { ...parts(), maxPages: pages + 2 });
    const big = held('x'.repeat(100_000));
    await expect(limited.append(project, [held('small'), big])).rejects.toMatchObject({
      code: 'storage_full',
    });
    expect(await limited.verify(project)).toMatchObject({ ok: true, entries: 1 });
    expect((await limited.append(project, [held('small')]))[0]!.seq).toBe(2);
    await limited.close();
    const roomy = await openLedger(path, parts());
    expect((await roomy.append(project, [big]))[0]!.seq).toBe(3);
    await roomy.close();
  });

  test('a file that is no database, or a place that cannot hold one, is told by its code', async () => {
    const directory = freshDirectory();
    await expect(openLedger(join(directory, 'no', 'such', 'ledger.db'), parts())).rejects.toMatchObject({
      code: 'data_directory_unwritable',
    });
  });

  test('another project’s erasure touches nothing here', async () => {
    const ledger = await openLedger(file(), parts());
    await ledger.append(project, [held('1')]);
    await ledger.erase('other' as ProjectId, 1);
    expect(await ledger.read({ project })).toHaveLength(1);
    await ledger.close();
  });
});
