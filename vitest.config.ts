import { defineConfig } from 'vitest/config';
import { endings } from './test/support/endings.ts';

export default defineConfig({
  test: {
    ...endings,
    include: ['**/*.spec.ts'],
    exclude: ['**/node_modules/**', 'dist/**'],
    // Most of the time is spent waiting for processes: more of them than two cores leave to vitest by itself.
    maxWorkers: 3,
    // Ten times what the slowest needs: tests wait for events, and a busy machine is no fault of theirs.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
  },
});
