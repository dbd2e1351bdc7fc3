import { defineConfig } from 'vitest/config';

// What needs a MongoDB, at TEST_MONGODB_URL, and a minute: the image built and run by hand, as Docker would.
export default defineConfig({
  test: { include: ['test/deploy/*.scenarios.ts'], testTimeout: 120_000, hookTimeout: 60_000 },
});
