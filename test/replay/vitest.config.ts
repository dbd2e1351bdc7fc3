import { defineConfig } from 'vitest/config';
import { endings } from '../support/endings.ts';

// Whole files take minutes: run by `npm run test:replay`, one scenario after another.
export default defineConfig({
  test: { ...endings, include: ['test/replay/*.scenarios.ts'], fileParallelism: false, hookTimeout: 60_000 },
});
