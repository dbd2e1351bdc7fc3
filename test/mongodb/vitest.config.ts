import { defineConfig } from 'vitest/config';
import { endWithTestRun } from '../support/cleanup/end-with-test-run.ts';

// Tests that need a MongoDB at TEST_MONGODB_URL: the contracts of read store and key store, outages of MongoDB, a replay, and the
// end-to-end tests that query read models.
export default defineConfig({
  test: {
    ...endWithTestRun,
    globalSetup: [...endWithTestRun.globalSetup, 'test/support/shared-systems/serve-shared-systems.ts'],
    include: [
      'read-store/**/*.spec.ts',
      'key-store/**/*.spec.ts',
      'test/mongodb/*.scenarios.ts',
      'test/end-to-end/{item-commands,order-commands,operator-tasks,first-order,live-updates,failing-projection,order-queries,item-and-sales-queries,read-your-writes,idempotency-and-if-match,replay,forgotten-persons}.spec.ts',
    ],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // Read models in FerretDB may be slower.
    expect: { poll: { timeout: 10_000 } },
    fileParallelism: false,
  },
});
