import cephes from 'cephes';

// The ESM build compiles its WebAssembly asynchronously. Waiting here, once, at import keeps every
// public function of this package synchronous; the price is that the package cannot be `require`d.
await cephes.compiled;

export { cephes };
