import { defineConfig } from 'vitest/config';
import { endWithTestRun } from '../support/cleanup/end-with-test-run.ts';

// Thousands of orders per scenario, or stores that fail, one scenario after another: `npm run test:faults`.
export default defineConfig({
  test: {
    ...endWithTestRun,
    include: ['test/exactly-once/*.scenarios.ts', 'test/outages/*.scenarios.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
