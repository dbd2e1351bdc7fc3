import { defineConfig } from 'vitest/config';
import { endings } from '../support/cleanup/end-with-test-run.ts';

// Whole files take minutes: run by `npm run test:replay`, one scenario after another.
export default defineConfig({
  test: {
    ...endings,
    include: ['test/full-file-replay/*.scenarios.ts'],
    fileParallelism: false,
    hookTimeout: 60_000,
  },
});
