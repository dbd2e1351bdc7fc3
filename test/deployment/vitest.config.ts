import { defineConfig } from 'vitest/config';
import { endWithTestRun } from '../support/cleanup/end-with-test-run.ts';

// Builds and runs the image without Docker. Needs a MongoDB at TEST_MONGODB_URL, and a minute.
export default defineConfig({
  test: {
    ...endWithTestRun,
    include: ['test/deployment/*.scenarios.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
