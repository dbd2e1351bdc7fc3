import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.spec.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    // Most of the time is spent waiting for processes: more of them than two cores leave to vitest by itself.
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What a read model is waited for to show.
    expect: { poll: { timeout: 10_000 } },
  },
});
