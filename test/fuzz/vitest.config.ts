import { defineConfig } from 'vitest/config';
import { endings } from '../support/endings.ts';

// Both APIs as schemathesis finds them, by their own documents: run by `test/fuzz/run.sh`, which brings schemathesis along.
export default defineConfig({
  test: {
    ...endings,
    include: ['test/fuzz/*.scenarios.ts'],
    testTimeout: 150_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
