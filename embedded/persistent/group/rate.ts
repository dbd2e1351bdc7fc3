/** How many events went out, altogether and lately. */
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

  count(): void {
    this.#total++;
  }

  /** Per second since the beginning, rounded down, and how many since this was last asked. */
  measure(): { averagePerSecond: number; sinceLastMeasurement: number } {
    const seconds = (this.#now() - this.#since) / 1000;
    const sinceLastMeasurement = this.#total - this.#measured;
    this.#measured = this.#total;
    return { averagePerSecond: seconds > 0 ? Math.floor(this.#total / seconds) : 0, sinceLastMeasurement };
  }
}
