import { defineConfig } from 'vitest/config';
import { endWithTestRun } from '../end-with-test-run.ts';

// A test run that test/support/cleanup/end-with-test-run.spec.ts kills.
export default defineConfig({
  test: {
    ...endWithTestRun,
    include: ['test/support/cleanup/killed-run/*.scenarios.ts'],
    testTimeout: 600_000,
  },
});
