import { defineConfig } from 'vitest/config';
import { endWithTestRun } from '../support/cleanup/end-with-test-run.ts';

// A whole sales file takes minutes, one scenario after another: `npm run test:replay`.
export default defineConfig({
  test: {
    ...endWithTestRun,
    include: ['test/full-file-replay/*.scenarios.ts'],
    fileParallelism: false,
    hookTimeout: 60_000,
  },
});
