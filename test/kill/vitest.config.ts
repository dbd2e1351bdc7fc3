import { defineConfig } from 'vitest/config';
import { endings } from '../support/endings.ts';

// Processes killed with -9 at random moments, one scenario after another: `npm run test:kill`.
export default defineConfig({
  test: {
    ...endings,
    include: ['test/kill/*.scenarios.ts', 'test/kill/*.spec.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
