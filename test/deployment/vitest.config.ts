import { defineConfig } from 'vitest/config';
import { endWithTestRun } from '../support/cleanup/end-with-test-run.ts';

// What needs a MongoDB, at TEST_MONGODB_URL, and a minute: the image built and run by hand, as Docker would.
export default defineConfig({
  test: {
    ...endWithTestRun,
    include: ['test/deployment/*.scenarios.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
