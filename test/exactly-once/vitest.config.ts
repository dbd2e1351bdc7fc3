import { defineConfig } from 'vitest/config';
import { endings } from '../support/cleanup/end-with-test-run.ts';

// Thousands of orders each: run by `npm run test:faults`, one scenario after another.
export default defineConfig({
  test: {
    ...endings,
    include: ['test/exactly-once/*.scenarios.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
