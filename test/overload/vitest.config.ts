import { defineConfig } from 'vitest/config';
import { endings } from '../support/cleanup/end-with-test-run.ts';

// Three times as much as the system can do, offered for twenty seconds: run by itself, for it takes all there is of a machine.
export default defineConfig({
  test: { ...endings, include: ['test/overload/*.scenarios.ts'], testTimeout: 180_000, hookTimeout: 60_000 },
});
