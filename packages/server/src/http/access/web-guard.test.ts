import { describe, expect, it } from 'vitest';
import { formatKey, parseKey, sameSecret, secretHash } from './keys.js';
import { allowedHosts, assertBindable, checkHost, isLoopback } from './web-guard.js';

describe('binding', () => {
  it.each(['127.0.0.1', '127.8.9.1', 'localhost', '::1', '[::1]', '::ffff:127.0.0.1'])(
    '%s is this machine',
    host => {
      expect(isLoopback(host)).toBe(true);
      expect(() => assertBindable(host, false)).not.toThrow();
    },
  );

  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.com', '127.0.0.1.example.com', '1127.0.0.1', ''])(
    '%s needs a key',
    host => {
      expect(isLoopback(host)).toBe(false);
      expect(() => assertBindable(host, false)).toThrow(
        expect.objectContaining({ code: 'key_required_to_bind' }),
      );
      expect(() => assertBindable(host, true)).not.toThrow();
    },
  );

  it('allows the address listened on, but not a wildcard', () => {
    expect([...allowedHosts('192.168.1.5', ['Loop.Example:443'])]).toEqual([
      '127.0.0.1',
      'localhost',
      '[::1]',
      '192.168.1.5',
      'loop.example',
    ]);
    expect(allowedHosts('0.0.0.0', []).size).toBe(3);
    expect(allowedHosts('::', []).size).toBe(3);
    const foreign = expect.objectContaining({ code: 'foreign_host' });
    for (const host of [undefined, '', '[', ':4600']) {
      expect(() => checkHost({ host }, allowedHosts('0.0.0.0', []))).toThrow(foreign);
    }
    expect(allowedHosts('fe80::1', []).has('[fe80::1]')).toBe(true);
  });
});

describe('keys', () => {
  it('are read as they are written', () => {
    expect(parseKey(formatKey('k-1', 'a_b-C'))).toEqual({ id: 'k-1', secret: 'a_b-C' });
  });

  it.each(['', 'tlk_', 'tlk_a', 'tlk_a_', 'xlk_a_b', 'tlk_a_b c', 'tlk__b'])('%j is none', text => {
    expect(parseKey(text)).toBeUndefined();
  });

  it('are kept as SHA-256 and compared whole', () => {
    expect(secretHash('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect([sameSecret('abc', 'abc'), sameSecret('abc', 'abd'), sameSecret('ab', 'abc')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
