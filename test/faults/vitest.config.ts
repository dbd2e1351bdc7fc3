import { defineConfig } from 'vitest/config';
import { endings } from '../support/endings.ts';

// Thousands of orders each: run by `npm run test:faults`, one scenario after another.
export default defineConfig({
  test: {
    ...endings,
    include: ['test/faults/*.scenarios.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
