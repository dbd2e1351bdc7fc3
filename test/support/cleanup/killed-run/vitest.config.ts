import { defineConfig } from 'vitest/config';
import { endings } from '../end-with-test-run.ts';

// A run to be killed, by test/support/cleanup/end-with-test-run.spec.ts.
export default defineConfig({
  test: { ...endings, include: ['test/support/cleanup/killed-run/*.scenarios.ts'], testTimeout: 600_000 },
});
