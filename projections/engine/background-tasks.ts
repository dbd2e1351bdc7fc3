/** Runs tasks at the same time, each in the background. The first error aborts `signal`. */
export class BackgroundTasks {
  readonly signal: AbortSignal;
  readonly #failed = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #isExpected: (error: unknown) => boolean;
  #error: unknown;

  /** An error for which `isExpected` is true ends the tasks without being thrown. */
  constructor(signal: AbortSignal, isExpected: (error: unknown) => boolean) {
    this.signal = AbortSignal.any([signal, this.#failed.signal]);
    this.#isExpected = isExpected;
  }

  run(task: Promise<void>): void {
    const tracked = task
      .catch((error: unknown) => this.#fail(error))
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }

  /** Resolves when all tasks have ended; rejects with an unexpected error of one. */
  async ended(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
    if (this.#error !== undefined) throw this.#error;
  }

  #fail(error: unknown): void {
    if (!this.#isExpected(error)) this.#error = error;
    this.#failed.abort();
  }
}
