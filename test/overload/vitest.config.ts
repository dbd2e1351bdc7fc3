import { defineConfig } from 'vitest/config';
import { endWithTestRun } from '../support/cleanup/end-with-test-run.ts';

// Runs alone, since the overload takes all resources of a machine: `npm run test:overload`.
export default defineConfig({
  test: {
    ...endWithTestRun,
    include: ['test/overload/*.scenarios.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
