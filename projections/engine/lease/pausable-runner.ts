/** Runs successive terms of writing. A term can be ended from outside; the next one then waits until it is resumed. */
export class PausableRunner {
  #ending = new AbortController();
  #running: Promise<void> | undefined;
  #standingStill: Promise<void> | undefined;

  /** Runs the work when no `end` holds it up. `ending` aborts with the signal, or when `end` is called. */
  async run(signal: AbortSignal, work: (ending: AbortSignal) => Promise<void>): Promise<void> {
    await this.#standingStill;
    if (signal.aborted) return;
    this.#ending = new AbortController();
    const running = work(AbortSignal.any([signal, this.#ending.signal]));
    this.#running = running.catch(() => {});
    try {
      await running;
    } finally {
      this.#running = undefined;
    }
  }

  /** Ends the running work and holds up the next. Returns a function that resumes it. */
  async end(): Promise<() => void> {
    let goOn = () => {};
    const standingStill = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    this.#standingStill = standingStill;
    this.#ending.abort();
    await this.#running;
    return goOn;
  }
}
