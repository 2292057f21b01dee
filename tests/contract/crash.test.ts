import { seededRng, type ProjectId } from '@twinloop/kernel';
import { openLedger, openMetadata, openPredictionLog } from '@twinloop/storage';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { freshDirectory } from './workspace.js';

const project = 'shop' as ProjectId;
const WRITER = fileURLToPath(new URL('./crash-writer.mjs', import.meta.url));

/** Starts the writer (the built packages) and kills it once it has acknowledged so many records; returns all acknowledgements. */
async function writeUntilKilled(directory: string, first: number, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  let errors = '';
  child.stderr.on('data', chunk => (errors += String(chunk)));
  child.stdout.on('data', chunk => {
    text += String(chunk);
    if (text.split('\n').length > count) child.kill('SIGKILL');
  });
  const signal = await new Promise<string | null>(resolve =>
    child.on('close', (_code, sent) => resolve(sent)),
  );
  expect(errors).toBe('');
  expect(signal).toBe('SIGKILL');
  return text.split('\n').slice(0, -1);
}

describe('kill -9', () => {
  test('nothing that was acknowledged is lost, by any store, round after round', {
    timeout: 60_000,
  }, async () => {
    const directory = freshDirectory();
    const rng = seededRng(11);
    const acknowledged: string[] = [];
    for (let round = 0; round < 4; round++) {
      const count = 300 + Math.floor(rng.next() * 3000);
      acknowledged.push(...(await writeUntilKilled(directory, round * 1_000_000, count)));
    }
    const of = (kind: string): string[] =>
      acknowledged.filter(line => line.startsWith(`${kind} `)).map(line => line.slice(kind.length + 1));

    const log = await openPredictionLog({ directory: join(directory, 'telemetry') });
    const inputs = await log.inputs({ project, endpoint: 'delays', schema: [], predicted: {} });
    const stored = new Set(inputs.columns[0]!.values as readonly string[]);
    expect(stored.size).toBe(inputs.rows);
    expect(of('prediction').filter(number => !stored.has(`p${number}`))).toEqual([]);
    const labelled = new Set((await log.scored({ project, endpoint: 'delays', metric: 'late' })).ids);
    expect(of('outcome').filter(number => !labelled.has(`p${number}`))).toEqual([]);
    await log.close();

    const ledger = await openLedger(join(directory, 'ledger.db'), {
      wallNow: () => 0,
      randomBytes: size => new Uint8Array(size),
    });
    expect(await ledger.verify(project)).toMatchObject({ ok: true });
    const facts = new Set(
      (await ledger.read({ project })).map(entry => (entry.payload as { reason: string }).reason),
    );
    expect(of('fact').filter(number => !facts.has(number))).toEqual([]);
    await ledger.close();

    const metadata = await openMetadata(join(directory, 'metadata.db'));
    const missing: string[] = [];
    for (const number of of('cursor')) {
      if ((await metadata.cursors.get(project, `c${number}`)) !== Number(number)) missing.push(number);
    }
    expect(missing).toEqual([]);
    await metadata.close();
    expect(Math.min(of('prediction').length, of('outcome').length, of('fact').length)).toBeGreaterThan(0);
  });
});
