import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addNativeRuntime, NATIVE_RUNTIME, npmInstall } from './add.js';

let engines: string;

beforeEach(async () => {
  engines = await mkdtemp(join(tmpdir(), 'twinloop-engines-'));
});
afterEach(() => rm(engines, { recursive: true, force: true }));

async function put(directory: string, names: readonly string[], text = ''): Promise<void> {
  for (const name of names) {
    await mkdir(join(directory, 'node_modules', name), { recursive: true });
    await writeFile(join(directory, 'node_modules', name, 'package.json'), text);
  }
}

describe('adding the native runtime', () => {
  it('puts packages beside the engine, keeps what is there, and leaves no scaffolding', async () => {
    await put(engines, ['adm-zip'], 'mine');
    const result = await addNativeRuntime(engines, directory =>
      put(directory, ['adm-zip', 'onnxruntime-common', 'onnxruntime-node', '.bin'], 'new'),
    );
    expect(result).toBe('added');
    expect((await readdir(engines)).sort()).toEqual(['node_modules']);
    expect((await readdir(join(engines, 'node_modules'))).sort()).toEqual([
      'adm-zip',
      'onnxruntime-common',
      'onnxruntime-node',
    ]);
    expect(await readFile(join(engines, 'node_modules/adm-zip/package.json'), 'utf8')).toBe('mine');
  });

  it('installs nothing a second time', async () => {
    await put(engines, ['onnxruntime-node']);
    const fail = () => Promise.reject(new Error('npm was asked'));
    expect(await addNativeRuntime(engines, fail)).toBe('present');
  });

  it('leaves nothing behind when the install fails', async () => {
    const failing = addNativeRuntime(engines, async directory => {
      await put(directory, ['onnxruntime-node']);
      throw new Error('the network went away');
    });
    await expect(failing).rejects.toMatchObject({ code: 'file_unwritable' });
    expect(existsSync(join(engines, 'node_modules/onnxruntime-node'))).toBe(false);
    expect(existsSync(join(engines, '.adding'))).toBe(false);
  });

  it('refuses politely where npm is absent', async () => {
    await expect(npmInstall(engines, join(engines, 'no-npm'))).rejects.toMatchObject({
      code: 'native_runtime_failed',
      hint: 'Install npm, or leave it: models keep running in WebAssembly.',
    });
  });

  it('asks for the release whose WebAssembly twin the engines package ships', async () => {
    const path = new URL('../../../engines/package.json', import.meta.url);
    const { dependencies } = JSON.parse(await readFile(path, 'utf8')) as {
      dependencies: Record<string, string>;
    };
    expect(NATIVE_RUNTIME).toBe(`onnxruntime-node@${dependencies['onnxruntime-web']}`);
  });
});
