import type { UnexpectedExit } from '../../../support/processes/process-errors.ts';

/** Fails the work of a test as soon as a process exits that the test did not stop. */
export class UnexpectedExits {
  /** Called by each process. */
  onUnexpectedExit: (error: UnexpectedExit) => void = () => {};
  readonly #exited: Promise<never>;

  constructor() {
    this.#exited = new Promise((_, reject) => {
      this.onUnexpectedExit = reject;
    });
    // After the last work of a test, no one awaits the rejection.
    this.#exited.catch(() => {});
  }

  /** Returns the result of the work. Throws `UnexpectedExit` as soon as a process exits unexpectedly. */
  while<Result>(work: Promise<Result>): Promise<Result> {
    return Promise.race([work, this.#exited]);
  }
}
