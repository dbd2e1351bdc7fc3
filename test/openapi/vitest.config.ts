import { defineConfig } from 'vitest/config';
import { endWithTestRun } from '../support/cleanup/end-with-test-run.ts';

// Tests both APIs against their OpenAPI documents. Run by `test/openapi/run.sh`, which installs schemathesis.
export default defineConfig({
  test: {
    ...endWithTestRun,
    include: ['test/openapi/*.scenarios.ts'],
    testTimeout: 150_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
