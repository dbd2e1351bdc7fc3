/** Runs work that can be paused: `pause` ends the running work, and the next run waits until the work is resumed. */
export class PausableRunner {
  #stop = new AbortController();
  #running: Promise<void> | undefined;
  #paused: Promise<void> | undefined;

  /** Runs the work unless paused. `stop` aborts with the signal, or when `pause` is called. */
  async run(signal: AbortSignal, work: (stop: AbortSignal) => Promise<void>): Promise<void> {
    await this.#paused;
    if (signal.aborted) return;
    this.#stop = new AbortController();
    const running = work(AbortSignal.any([signal, this.#stop.signal]));
    this.#running = running.catch(() => {});
    try {
      await running;
    } finally {
      this.#running = undefined;
    }
  }

  /** Ends the running work and holds back the next. Returns a function that resumes the work. */
  async pause(): Promise<() => void> {
    let resume = () => {};
    this.#paused = new Promise<void>((resolve) => {
      resume = resolve;
    });
    this.#stop.abort();
    await this.#running;
    return resume;
  }
}
