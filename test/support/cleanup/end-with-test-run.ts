/** Settings for every vitest configuration: all processes of a run end with it, after any signal. */
export const endings = {
  globalSetup: ['test/support/cleanup/end-with-npm.ts'],
  setupFiles: ['test/support/cleanup/end-with-vitest.ts'],
};
