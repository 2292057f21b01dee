import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { text, trackedFiles } from '../support/checkout.js';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: { readonly node?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
interface LockEntry {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly engines?: { readonly node?: string };
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { satisfies } = createRequire(import.meta.url)('semver') as {
  satisfies(version: string, range: string): boolean;
};

const OLDEST_NODE = '20.19.0';
const files = trackedFiles();
const manifest = (path: string): Manifest => JSON.parse(text(path)) as Manifest;
const house = manifest('package.json');
const workspaces = files
  .filter(path => /^packages\/[^/]+\/package\.json$/.test(path))
  .map(path => ({ folder: path.slice(0, -'/package.json'.length), manifest: manifest(path) }));
const internal = new Set(workspaces.map(workspace => workspace.manifest.name));
const lock = (JSON.parse(text('package-lock.json')) as { packages: Record<string, LockEntry> }).packages;

describe('packages', () => {
  it('share version, licence, module type and oldest Node', () => {
    for (const { manifest: own } of [...workspaces, { manifest: house }]) {
      expect({ name: own.name, ...pick(own) }).toEqual({ name: own.name, ...pick(house) });
    }
    expect(house.license).toBe('Apache-2.0');
    expect(house.engines?.node).toBe(`>=${OLDEST_NODE}`);
  });

  it('name each other by the version they have, and libraries by one exact version', () => {
    const versions = new Map<string, Set<string>>();
    for (const { manifest: own } of workspaces) {
      for (const [name, range] of Object.entries({ ...own.dependencies, ...own.devDependencies })) {
        if (internal.has(name))
          expect(`${own.name} → ${name}@${range}`).toBe(`${own.name} → ${name}@${house.version}`);
        else versions.set(name, (versions.get(name) ?? new Set()).add(range));
      }
    }
    const loose = [...versions].filter(
      ([, ranges]) => ranges.size > 1 || !/^\d+\.\d+\.\d+/.test([...ranges][0]!),
    );
    expect(loose.map(([name, ranges]) => `${name}: ${[...ranges].join(', ')}`)).toEqual([]);
  });

  it('declare the packages of this house that they load', () => {
    const undeclared = new Set<string>();
    for (const { folder, manifest: own } of workspaces) {
      const declared = { ...own.dependencies, ...own.devDependencies };
      const sources = files.filter(
        path => path.startsWith(`${folder}/src/`) && /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path),
      );
      for (const path of sources) {
        // `import type` leaves nothing behind at run time.
        const loads = text(path).matchAll(
          /^(?:import (?!type\b)|export (?!type\b))[^;]*? from '(@twinloop\/[a-z]+|twinloop)|\bimport\(\s*'(@twinloop\/[a-z]+|twinloop)/gm,
        );
        for (const [, direct, lazy] of loads) {
          const name = (direct ?? lazy)!;
          if (name !== own.name && declared[name] === undefined) undeclared.add(`${own.name} → ${name}`);
        }
      }
    }
    expect([...undeclared]).toEqual([]);
  });
});

describe('locked dependencies', () => {
  const entries = Object.entries(lock).filter(
    ([path, entry]) => path.includes('node_modules/') && !entry.link,
  );

  it(`admit Node ${OLDEST_NODE}`, () => {
    const refused = entries.filter(
      ([, { engines }]) => engines?.node !== undefined && !satisfies(OLDEST_NODE, engines.node),
    );
    expect(refused.map(([path, { engines }]) => `${path} wants ${engines?.node}`)).toEqual([]);
  });

  it('include the builds for other systems', () => {
    // npm leaves them out when it writes the lockfile beside an old node_modules; `npm ci` then refuses on a fresh clone.
    const missing = entries.flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        name =>
          lock[`${path}/node_modules/${name}`] === undefined && lock[`node_modules/${name}`] === undefined,
      ),
    );
    expect(missing).toEqual([]);
  });

  it('run no script at install where they ship with the product', () => {
    // protobufjs only compares version ranges and may print a warning; it compiles and downloads nothing.
    const harmless = new Set(['node_modules/protobufjs']);
    const scripts = entries.filter(
      ([path, entry]) => entry.hasInstallScript === true && entry.dev !== true && !harmless.has(path),
    );
    expect(scripts.map(([path]) => path)).toEqual([]);
  });
});

function pick({ version, license, type, engines }: Manifest): Partial<Manifest> {
  return {
    version,
    ...(license === undefined ? {} : { license }),
    ...(type === undefined ? {} : { type }),
    ...(engines === undefined ? {} : { engines }),
  };
}
