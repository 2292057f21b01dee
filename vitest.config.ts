import { defineConfig } from 'vitest/config';

// Packages resolve to their sources through the `source` condition: tests need no build,
// except those that start a worker or a process (scripts/test.mjs builds first).
export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    environment: 'node',
    testTimeout: 20_000,
  },
});
