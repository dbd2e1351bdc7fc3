import { defineConfig } from 'vitest/config';
import { endWithTestRun } from '../support/cleanup/end-with-test-run.ts';

// Processes are killed with -9 at random times, one scenario after another: `npm run test:kill`.
export default defineConfig({
  test: {
    ...endWithTestRun,
    include: ['test/crashes/*.scenarios.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
