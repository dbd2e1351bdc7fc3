import { defineConfig } from 'vitest/config';

// Thousands of orders each: run by `npm run test:faults`, one scenario after another.
export default defineConfig({
  test: {
    include: ['test/faults/*.scenarios.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
