/** Counts sent events. */
export class Rate {
  readonly #now: () => number;
  readonly #since: number;
  #total = 0;
  #measured = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  get total(): number {
    return this.#total;
  }

  /** Average since the start, rounded down. */
  get averagePerSecond(): number {
    const seconds = (this.#now() - this.#since) / 1000;
    return seconds > 0 ? Math.floor(this.#total / seconds) : 0;
  }

  count(): void {
    this.#total++;
  }

  /** Returns the number of events since the last call. */
  sinceLastMeasurement(): number {
    const since = this.#total - this.#measured;
    this.#measured = this.#total;
    return since;
  }
}
