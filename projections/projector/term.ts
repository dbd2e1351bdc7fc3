/** One time of writing after another. It can be ended from outside, and then waits until it may go on. */
export class Term {
  #ending = new AbortController();
  #running: Promise<void> | undefined;
  #standingStill: Promise<void> | undefined;

  /** Runs the work, once nobody holds it up. `ending` aborts when the work is to end: with the signal, or by `end`. */
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

  /** Ends the work under way and holds up the next; answers what lets it go on. */
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
