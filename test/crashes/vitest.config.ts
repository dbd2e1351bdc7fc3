import { defineConfig } from 'vitest/config';
import { endings } from '../support/cleanup/end-with-test-run.ts';

// Processes killed with -9 at random moments, one scenario after another: `npm run test:kill`.
export default defineConfig({
  test: {
    ...endings,
    include: ['test/crashes/*.scenarios.ts', 'test/crashes/*.spec.ts'],
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 60_000,
  },
});
