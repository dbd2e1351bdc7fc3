/** For every configuration of vitest: what a run has started ends with it, whatever signal ends the run. */
export const endings = {
  globalSetup: ['test/support/ends-with-npm.ts'],
  setupFiles: ['test/support/ends-with-run.ts'],
};
