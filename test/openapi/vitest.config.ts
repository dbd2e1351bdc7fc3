import { defineConfig } from 'vitest/config';
import { endings } from '../support/cleanup/end-with-test-run.ts';

// Both APIs as schemathesis finds them, by their own documents: run by `test/openapi/run.sh`, which brings schemathesis along.
export default defineConfig({
  test: {
    ...endings,
    include: ['test/openapi/*.scenarios.ts'],
    testTimeout: 150_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
