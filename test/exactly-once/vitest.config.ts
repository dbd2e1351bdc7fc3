import { defineConfig } from 'vitest/config';
import { endWithTestRun } from '../support/cleanup/end-with-test-run.ts';

// Thousands of orders per scenario, one scenario after another: `npm run test:faults`.
export default defineConfig({
  test: {
    ...endWithTestRun,
    include: ['test/exactly-once/*.scenarios.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
