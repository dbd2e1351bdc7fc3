import { defineConfig } from 'vitest/config';

// Whole files take minutes: run by `npm run test:replay`, one scenario after another.
export default defineConfig({
  test: { include: ['test/replay/*.scenarios.ts'], fileParallelism: false, hookTimeout: 60_000 },
});
