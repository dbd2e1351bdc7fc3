import { defineConfig } from 'vitest/config';
import { endWithTestRun } from '../../../test/support/cleanup/end-with-test-run.ts';

// Needs the strace package: run by `npm run test:strace`.
export default defineConfig({
  test: { ...endWithTestRun, include: ['embedded/testing/strace/*.scenarios.ts'], testTimeout: 60_000 },
});
