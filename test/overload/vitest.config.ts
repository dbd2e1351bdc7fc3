import { defineConfig } from 'vitest/config';

// Three times as much as the system can do, offered for twenty seconds: run by itself, for it takes all there is of a machine.
export default defineConfig({
  test: { include: ['test/overload/*.scenarios.ts'], testTimeout: 180_000, hookTimeout: 60_000 },
});
