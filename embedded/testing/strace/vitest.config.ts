import { defineConfig } from 'vitest/config';

// Needs the strace package: run by `npm run test:strace`.
export default defineConfig({
  test: { include: ['embedded/testing/strace/*.scenarios.ts'], testTimeout: 60_000 },
});
