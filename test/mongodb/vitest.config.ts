import { defineConfig } from 'vitest/config';
import { endings } from '../support/cleanup/end-with-test-run.ts';

// What needs a MongoDB, at TEST_MONGODB_URL: the contract of the read store, what a MongoDB that goes away does to a system, a
// replay with the read models there, and those end-to-end tests that read them.
export default defineConfig({
  test: {
    ...endings,
    include: [
      'read-store/**/*.spec.ts',
      'test/mongodb/*.scenarios.ts',
      'test/end-to-end/{commands,everyday,first-order,live,poison,queries,repeats,replay}.spec.ts',
    ],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // What a read model is waited for to show.
    expect: { poll: { timeout: 10_000 } },
    fileParallelism: false,
  },
});
