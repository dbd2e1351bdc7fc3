import { defineConfig } from 'vitest/config';
import { endings } from '../endings.ts';

// A run to be killed, by test/support/endings.spec.ts.
export default defineConfig({
  test: { ...endings, include: ['test/support/killed-run/*.scenarios.ts'], testTimeout: 600_000 },
});
