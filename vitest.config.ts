import { defineConfig } from 'vitest/config';
import { endWithTestRun } from './test/support/cleanup/end-with-test-run.ts';

export default defineConfig({
  test: {
    ...endWithTestRun,
    include: ['**/*.spec.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    // Most of the time is spent waiting for processes: more of them than two cores leave to vitest by itself.
    maxWorkers: 3,
    // Ten times the duration of the slowest test: tests wait for events, and the machine may be busy.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
