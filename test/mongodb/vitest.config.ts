import { defineConfig } from 'vitest/config';

// What needs a MongoDB, at TEST_MONGODB_URL: the contract of the read store, and a replay with the read models there.
export default defineConfig({
  test: {
    include: ['read-store/**/*.spec.ts', 'test/mongodb/*.scenarios.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
