/** Settings for every vitest configuration: all processes of a test run end with it, after any signal. */
export const endWithTestRun = {
  globalSetup: ['test/support/cleanup/end-with-npm.ts'],
  setupFiles: ['test/support/cleanup/end-with-vitest.ts'],
};
