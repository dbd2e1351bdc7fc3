import { defineConfig } from 'vitest/config';

// What runs on the MongoDB adapter: its contract, the end-to-end suite, and a replay of some invoices.
export default defineConfig({
  test: {
    include: ['read-store/**/contract.spec.ts', 'test/e2e/*.spec.ts', 'test/mongodb/*.spec.ts'],
    env: { READ_STORE_LEG: 'mongodb' },
    testTimeout: 240_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
